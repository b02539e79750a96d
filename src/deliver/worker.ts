import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { Database } from '../db/database.js';
import { claim, giveBack } from './claim/claim.js';
import { DatabaseClock } from './database-clock.js';
import { Heartbeat } from './heartbeat.js';
import { Lanes } from './lanes.js';
import { logAttempt } from './log-attempt.js';
import { prepare, unpreparable } from './prepare/prepare.js';
import { PostgresQueue } from './queue/postgres.js';
import { Recorder } from './record/recorder.js';
import { type Sending, send } from './send/send.js';
import type { Claimed, Outcome, Prepared } from './stages.js';

export interface WorkerOptions {
  readonly db: Database;
  readonly log: Logger;
  /** The guarded connection pool (egress/guarded-agent.ts). */
  readonly dispatcher: Dispatcher;
  /** Calls in flight at most, over all webhooks. Default 256. */
  readonly concurrency?: number;
}

export interface Worker {
  readonly id: string;
  /**
   * Stops claiming, gives back what has not begun, lets calls in flight end within `boundMs`, then ends them (their deliveries are due again),
   * and writes the results. Safe to call twice.
   */
  stop(boundMs: number): Promise<void>;
}

const CLAIM_BATCH = 500;
/** Rows in memory that wait for their turn or whose result waits to be written; beyond this nothing is claimed. */
const CAPACITY = 2_000;
const SWEEP_MS = 500;
const ERROR_PAUSE_MS = 1_000;

/** Starts the loop claim → prepare → send → record. Throws when the database cannot be reached at first. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, dispatcher, concurrency = 256 } = options;
  const id = randomUUID();
  const log = options.log.child({ worker: id });
  const clock = new DatabaseClock();
  const heartbeat = new Heartbeat(db, clock, log, id);
  const queue = new PostgresQueue(db);
  const sendings = new Map<Claimed, Sending>();
  let unrecorded = 0;
  /** Webhooks that the latest claim left out: when one of them has room again, it is worth looking at once. */
  let passedOver: ReadonlySet<string> = new Set();
  let stopping = false;
  let roomFreed: (() => void) | undefined;

  const recorder = new Recorder({
    db,
    log,
    onDone(attempted, recorded) {
      unrecorded -= 1;
      roomFreed?.();
      logAttempt(log, attempted, recorded);
    },
  });
  const lanes = new Lanes(concurrency, (delivery) => void attempt(delivery));

  async function attempt(delivery: Claimed): Promise<void> {
    if (!heartbeat.trusted || performance.now() + delivery.timeoutMs > delivery.leaseUntil) {
      lanes.done(delivery);
      await release([delivery]);
      return;
    }
    const { prepared, sending } = begin(delivery);
    sendings.set(delivery, sending);
    unrecorded += 1;
    const outcome = await sending.outcome;
    // One that the shutdown took out of the map was cut off: what the endpoint made of it is unknown, and its lease is given back.
    if (sendings.delete(delivery)) recorder.add({ prepared, outcome });
    else unrecorded -= 1;
    lanes.done(delivery);
    roomFreed?.();
    if (passedOver.has(delivery.webhookId) && !lanes.isFull(delivery.webhookId)) queue.wake();
  }

  function begin(delivery: Claimed): { prepared: Prepared; sending: Sending } {
    const now = clock.now();
    try {
      const prepared = prepare(delivery, now);
      return { prepared, sending: send(dispatcher, prepared, () => clock.now()) };
    } catch (error) {
      log.error({ err: error, deliveryId: delivery.deliveryId }, 'payload cannot be sent');
      const outcome = Promise.resolve<Outcome>({
        kind: 'unanswered',
        code: 'unsendable_payload',
        message: 'The payload cannot be written as JSON text.',
        timeMs: 0,
      });
      return { prepared: unpreparable(delivery, now), sending: { outcome, abort: () => undefined } };
    }
  }

  async function release(deliveries: readonly Claimed[]): Promise<void> {
    await giveBack(db, deliveries).catch((error) =>
      log.warn({ err: error, deliveries: deliveries.length }, 'leases not given back; they end by themselves'),
    );
  }

  async function look(): Promise<void> {
    const room = CAPACITY - lanes.waiting - unrecorded;
    if (room < CLAIM_BATCH) {
      await new Promise<void>((resolve) => {
        roomFreed = resolve;
      });
      return;
    }
    queue.clear();
    passedOver = new Set(lanes.full());
    const claimed = await claim(db, clock, id, CLAIM_BATCH, [...passedOver]);
    if (claimed.length > 0) {
      lanes.add(claimed);
      if (heartbeat.idle) await heartbeat.setIdle(false);
    } else if (heartbeat.idle) {
      await queue.wait();
    } else {
      // Idle is told first and looked again after: what commits in between is either seen or notified.
      await heartbeat.setIdle(true);
    }
  }

  async function loop(): Promise<void> {
    while (!stopping) {
      try {
        await look();
      } catch (error) {
        if (stopping) return;
        log.warn({ err: error }, 'claiming failed, trying again');
        await sleep(ERROR_PAUSE_MS);
      }
    }
  }

  await heartbeat.start();
  await queue.start();
  const sweep = setInterval(() => {
    const stale = lanes.takeStale();
    if (stale.length > 0) void release(stale).then(() => roomFreed?.());
  }, SWEEP_MS);
  const looping = loop();
  let stopped: Promise<void> | undefined;

  async function stop(boundMs: number): Promise<void> {
    stopping = true;
    const bound = performance.now() + boundMs;
    clearInterval(sweep);
    roomFreed?.();
    await queue.stop();
    await looping;
    await release(lanes.takeAll());
    while (sendings.size > 0 && performance.now() < bound) await sleep(10);
    const cut = [...sendings];
    sendings.clear();
    for (const [, sending] of cut) sending.abort();
    await release(cut.map(([delivery]) => delivery));
    await recorder.drain(Math.max(2_000, bound - performance.now()));
    await heartbeat.stop().catch((error) => log.warn({ err: error }, 'worker not signed off'));
  }

  return {
    id,
    stop(boundMs) {
      stopped ??= stop(boundMs);
      return stopped;
    },
  };
}
