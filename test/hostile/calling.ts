import { randomUUID } from 'node:crypto';
import type { Agent } from 'undici';
import { afterEach } from 'vitest';
import { send } from '../../src/deliver/send/send.js';
import type { Outcome } from '../../src/deliver/stages.js';
import { createGuardedAgent, type GuardedAgentOptions } from '../../src/egress/guarded-agent.js';

export const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const BODY = Buffer.from(JSON.stringify({ type: 'video.generated', data: 'x'.repeat(500) }));

export interface Calling {
  readonly timeoutMs?: number;
  readonly body?: Buffer;
  readonly bodyLimitBytes?: number;
  /** How long ago its time began. Default 0. */
  readonly beganMsAgo?: number;
}

/** Calls as a delivery does. */
export function call(agent: Agent, url: string, options: Calling = {}): Promise<Outcome> {
  const { timeoutMs = 10_000, body = BODY, bodyLimitBytes, beganMsAgo = 0 } = options;
  const began = performance.now() - beganMsAgo;
  const headers = { 'content-type': 'application/json', 'user-agent': 'Hookline' };
  return send(agent, { delivery: { url, timeoutMs }, body, headers }, () => Date.now(), bodyLimitBytes, began).outcome;
}

/** What a test compares: the status and the body, or the code. */
export function summary(outcome: Outcome): string {
  return outcome.kind === 'responded' ? `${outcome.status} ${outcome.body}` : outcome.code;
}

/** A path that no other call has. */
export const ownPath = (): string => `/${randomUUID()}`;

/** Makes agents that may reach loopback, and destroys them after each test. */
export function useAgents(): (options?: Partial<GuardedAgentOptions>) => Agent {
  const agents: Agent[] = [];
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.destroy()));
  });
  return (options = {}) => {
    const agent = createGuardedAgent({ allowNetworks: LOOPBACK, ...options });
    agents.push(agent);
    return agent;
  };
}
