import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { Database } from '../../db/database.js';
import { toHooklineError } from '../../db/sql-errors.js';
import { WebhookSecrets } from '../../deliver/claim/secrets.js';
import { DatabaseClock } from '../../deliver/database-clock.js';
import type { Sending } from '../../deliver/send/send.js';
import type { LoopMetrics } from '../../observe/metrics/loop-metrics.js';
import type { Keyring } from '../../secrets/keyring.js';
import { startLoop } from '../loop.js';
import { callEndpoint } from './call.js';
import { judge } from './judge.js';
import { giveBack, lease, record, type Verification } from './store.js';

/** Calls at once. Each takes 30 s at most. */
const CONCURRENCY = 64;
/** Of one user. SQL holds it across processes by the leases; here it also counts calls whose webhook was deleted meanwhile. */
const CONCURRENCY_OF_USER = 8;
/** Kept of a shutdown's bound for giving leases back. */
const LAST_WRITES_MS = 2_000;

export interface VerificationOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly metrics?: LoopMetrics | undefined;
  /** The guarded connection pool (egress/guarded-agent.ts). */
  readonly dispatcher: Dispatcher;
  /** Pause between two looks. Default one second. */
  readonly intervalMs?: number;
  /** What opens secrets that are encrypted. Default: nothing does. */
  readonly keyring?: Keyring;
}

export interface VerificationLoop {
  /** Begins nothing more, lets calls in flight end within `boundMs`, then cuts them off and gives their leases back. */
  stop(boundMs: number): Promise<void>;
}

/**
 * Verifies URLs: posts the token of each wanted verification to its webhook's URL, and records whether the endpoint answered with it. Any number of
 * processes may do so at once. What a killed one held is done again after its lease.
 */
export function startVerificationLoop(options: VerificationOptions): VerificationLoop {
  const { db, log, metrics, dispatcher, intervalMs = 1_000 } = options;
  const clock = new DatabaseClock();
  const secrets = new WebhookSecrets(options.keyring, log);
  /** Until their result is written. */
  const inFlight = new Map<Verification, Sending>();

  async function look(signal: AbortSignal): Promise<void> {
    const room = CONCURRENCY - inFlight.size;
    if (room === 0) return;
    const asked = performance.now();
    const leased = await lease(db, room, busyUsers(), secrets);
    if (signal.aborted) return giveBack(db, leased);
    for (const verification of leased) {
      clock.set(verification.nowMs, asked);
      const sending = callEndpoint(dispatcher, clock, verification);
      inFlight.set(verification, sending);
      void finish(verification, sending);
    }
  }

  function busyUsers(): string[] {
    const users = [...inFlight.keys()].map(({ userId }) => userId);
    return [...new Set(users)].filter((user) => users.filter((other) => other === user).length >= CONCURRENCY_OF_USER);
  }

  async function finish(verification: Verification, sending: Sending): Promise<void> {
    const outcome = await sending.outcome;
    // One that the stop took out of the map was cut off: what the endpoint made of it is unknown.
    if (!inFlight.has(verification)) return;
    const refusal = judge(outcome, verification.token);
    try {
      const isRecorded = await record(db, verification, refusal);
      log.info(
        {
          webhook_id: verification.webhookId,
          outcome: isRecorded ? (refusal?.code ?? 'verified') : 'dropped',
          ms: outcome.timeMs,
        },
        'verification.ended',
      );
    } catch (error) {
      // The lease ends by itself, and the call is made again.
      log.error({ err: toHooklineError(error), webhook_id: verification.webhookId }, 'verification.not_recorded');
    } finally {
      inFlight.delete(verification);
    }
  }

  const loop = startLoop({ log, db, metrics, name: 'verification', intervalMs, look });

  return {
    async stop(boundMs) {
      const waitUntil = performance.now() + boundMs - Math.min(LAST_WRITES_MS, boundMs / 2);
      await loop.stop();
      while (inFlight.size > 0 && performance.now() < waitUntil) await sleep(10);
      const cut = [...inFlight];
      inFlight.clear();
      for (const [, sending] of cut) sending.abort();
      await giveBack(
        db,
        cut.map(([verification]) => verification),
      ).catch((error) => log.warn({ err: toHooklineError(error) }, 'verification.not_given_back'));
    },
  };
}
