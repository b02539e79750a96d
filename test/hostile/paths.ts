import pino from 'pino';
import type { Agent } from 'undici';
import { postCallback } from '../../packages/receiver/src/callback.js';
import { followUpSettings } from '../../packages/receiver/src/options.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { callEndpoint } from '../../src/maintain/verification/call.js';
import { followUpOptions } from '../../src/receive/follow-up-options.js';
import { call, summary } from './calling.js';

const TIMEOUT_MS = 10_000;

/** A way by which a URL from outside is called, and what came of it: `200 <body>`, or how it was refused. */
export type Way = (agent: Agent, url: string) => Promise<string>;

/** Every way, over the code that the product runs. */
export const WAYS: Readonly<Record<string, Way>> = {
  delivery: async (agent, url) => summary(await call(agent, url, { timeoutMs: TIMEOUT_MS })),

  async verification(agent, url) {
    const verification = {
      webhookId: 'w1',
      userId: 'u1',
      url,
      token: 'token',
      secrets: ['secret'] as const,
      algorithm: 'sha256' as const,
      timeoutMs: TIMEOUT_MS,
      nowMs: Date.now(),
    };
    return summary(await callEndpoint(agent, new DatabaseClock(), verification).outcome);
  },

  /** The operator has allowed the origin: what is left is the guard. */
  async callback(agent, url) {
    const { origin } = new URL(url);
    const log = pino({ level: 'silent' });
    const options = {
      ...followUpOptions({ log, dispatcher: agent, callbackOrigins: [origin] }, undefined),
      apiKey: 'key',
    };
    const settings = { ...followUpSettings(options), timeoutMs: TIMEOUT_MS };
    const answer = await postCallback(url, '{}', settings);
    if (answer.result === 'accepted') return '200';
    return 'error' in answer ? answer.error.replace(/^network_error /, '') : answer.result;
  },
};
