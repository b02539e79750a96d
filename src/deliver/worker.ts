import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { Database } from '../db/database.js';
import { RollbackCounter } from '../observe/rollbacks.js';
import { beginAttempt, stopsWebhook } from './attempt.js';
import { giveBack } from './claim/claim.js';
import { Progress } from './claim/progress.js';
import { DatabaseClock } from './database-clock.js';
import { Heartbeat } from './heartbeat.js';
import { DEFAULT_CAPS, Lanes } from './lanes.js';
import { logAttempt } from './log-attempt.js';
import { BullmqQueue } from './queue/bullmq/bullmq.js';
import { PostgresQueue } from './queue/postgres.js';
import type { DeliveryQueue } from './queue/queue.js';
import { Recorder, type RecorderOptions } from './record/recorder.js';
import { Room } from './room.js';
import { BODY_LIMIT_BYTES, type Sending } from './send/send.js';
import type { Claimed } from './stages.js';

export interface WorkerOptions {
  readonly db: Database;
  readonly log: Logger;
  /** The guarded connection pool (egress/guarded-agent.ts). */
  readonly dispatcher: Dispatcher;
  /** Calls in flight at most, over all webhooks. Default 256. */
  readonly concurrency?: number;
  /** How much of the body of an endpoint's answer is kept. Default 64 KiB. */
  readonly responseBodyBytes?: number;
  /** Redis, over which workers hand deliveries to each other; none: PostgreSQL alone. */
  readonly redisUrl?: string | undefined;
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
/** Rows of one webhook in a claim: a backlog of one leaves the rest of the batch to others. */
const CLAIM_PER_WEBHOOK = 64;
/** A lone worker claims ahead of the caps. One that joins it lets the claims end that did not see it yet. */
const JOIN_MS = 250;
/** Batches of results that are written at once: one connection alone writes slower than one process sends. */
const RECORDERS = 2;
const SMALL_CLAIM = 100;
const GATHER_MS = 5;
/** With so many rows waiting it has work for longer than that. */
const ENOUGH_TO_DO = 250;
const LONG_GATHER_MS = 20;
/** A worker that has rows waiting, or has claimed something so lately, looks again by itself and asks for no NOTIFY. */
const BUSY_MS = 100;
const LEAST_CLAIM_BYTES = 1024 * 1024;
const SWEEP_MS = 500;
const ERROR_PAUSE_MS = 1_000;
/** Kept of a shutdown's bound for giving back, writing the last results and signing off. */
const LAST_WRITES_MS = 4_000;

/** Starts the loop claim → prepare → send → record. Throws when the database cannot be reached at first. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, dispatcher, responseBodyBytes = BODY_LIMIT_BYTES, concurrency = 256, redisUrl } = options;
  const id = randomUUID();
  const log = options.log.child({ worker: id });
  const clock = new DatabaseClock();
  const rollbacks = new RollbackCounter();
  const lanes = new Lanes(concurrency, DEFAULT_CAPS, (delivery) => void attempt(delivery));
  const heartbeat = new Heartbeat({
    db,
    clock,
    log,
    workerId: id,
    rollbacks,
    onCaps: (caps) => {
      lanes.caps = caps;
    },
  });
  const queue: DeliveryQueue =
    redisUrl === undefined
      ? new PostgresQueue(db, clock, id)
      : new BullmqQueue({ db, clock, log, workerId: id, redisUrl });
  const room = new Room();
  const progress = new Progress();
  const sendings = new Map<Claimed, Sending>();
  /** Webhooks that an answer has stopped, until that answer is recorded and the claim knows of it; with the number of such answers. */
  const stopped = new Map<string, number>();
  /** Webhooks and users that the latest claim left out: when one of them has room again, it is worth looking at once. */
  let passedOver: ReadonlySet<string> = new Set();
  let claimedAt = Number.NEGATIVE_INFINITY;
  let stopping = false;

  const recording: RecorderOptions = {
    db,
    log,
    rollbacks,
    onDone(attempted, recorded) {
      const { delivery } = attempted.prepared;
      if (stopsWebhook(attempted.outcome)) countStopped(delivery.webhookId, -1);
      if (recorded?.isStopped === true) void release(lanes.takeOf(delivery.webhookId));
      room.free(delivery);
      queue.freed();
      logAttempt(log, attempted, recorded);
    },
  };
  const recorders = Array.from({ length: RECORDERS }, () => new Recorder(recording));
  // By webhook, so that two batches written at once never wait for each other's webhooks.
  const recorderOf = (webhookId: string): Recorder | undefined =>
    recorders[Number.parseInt(webhookId.slice(-2), 16) % RECORDERS];

  async function attempt(delivery: Claimed): Promise<void> {
    if (!maySend(delivery)) {
      lanes.done(delivery);
      await release([delivery, ...(heartbeat.trusted ? [] : lanes.takeAll())]);
      return;
    }
    const { prepared, sending } = beginAttempt(delivery, { clock, log, dispatcher, responseBodyBytes });
    sendings.set(delivery, sending);
    const outcome = await sending.outcome;
    // One that the shutdown took out of the map was cut off: what the endpoint made of it is unknown, and its lease is given back.
    if (sendings.delete(delivery)) {
      if (stopsWebhook(outcome)) {
        countStopped(delivery.webhookId, 1);
        void release(lanes.takeOf(delivery.webhookId));
      }
      recorderOf(delivery.webhookId)?.add({ prepared, outcome });
    }
    lanes.done(delivery);
    const wasPassedOver = passedOver.has(delivery.webhookId) || passedOver.has(delivery.userId);
    if (wasPassedOver && !lanes.isFull(delivery)) queue.wake();
  }

  /** A row is sent only while its lease outlasts its time-out, by this worker's clock and by its heartbeat. */
  function maySend(delivery: Claimed): boolean {
    const isLeased = performance.now() + delivery.timeoutMs <= delivery.leaseUntil;
    return isLeased && heartbeat.trusted && !stopped.has(delivery.webhookId);
  }

  function countStopped(webhookId: string, change: 1 | -1): void {
    const count = (stopped.get(webhookId) ?? 0) + change;
    if (count > 0) stopped.set(webhookId, count);
    else stopped.delete(webhookId);
  }

  async function release(deliveries: readonly Claimed[]): Promise<void> {
    await giveBack(db, deliveries).catch((error) =>
      log.warn({ err: error, deliveries: deliveries.length }, 'leases not given back; they end by themselves'),
    );
    for (const delivery of deliveries) {
      progress.forget(delivery.webhookId);
      room.free(delivery);
    }
  }

  async function look(): Promise<void> {
    const left = room.left();
    if (left.deliveries < CLAIM_BATCH || left.bytes < LEAST_CLAIM_BYTES) {
      const surplus = lanes.takeSurplus();
      await (surplus.length > 0 ? release(surplus) : room.freed());
      return;
    }
    const full = lanes.full();
    const excluded = { webhooks: [...full.webhooks, ...stopped.keys()], users: full.users };
    passedOver = new Set([...excluded.webhooks, ...excluded.users]);
    const claimed = await queue.claim({
      deliveries: CLAIM_BATCH,
      perWebhook: CLAIM_PER_WEBHOOK,
      bytes: left.bytes,
      excluded,
      known: progress.known(),
    });
    if (claimed.length > 0) {
      claimedAt = performance.now();
      progress.note(claimed);
      room.take(claimed);
      lanes.add(claimed);
      if (heartbeat.idle) await heartbeat.setIdle(false);
      // A claim costs as much for one row as for twenty: under load the next ones gather for a moment.
      if (lanes.waiting > ENOUGH_TO_DO) await sleep(LONG_GATHER_MS);
      else if (claimed.length < SMALL_CLAIM) await sleep(GATHER_MS);
    } else if (lanes.waiting > 0 || performance.now() - claimedAt < BUSY_MS) {
      await queue.pause(lanes.waiting > ENOUGH_TO_DO ? LONG_GATHER_MS : GATHER_MS);
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
        rollbacks.note(error);
        log.warn({ err: error }, 'claiming failed, trying again');
        await sleep(ERROR_PAUSE_MS);
      }
    }
  }

  await heartbeat.start();
  if (heartbeat.hasCompany) await sleep(JOIN_MS);
  try {
    await queue.start();
  } catch (error) {
    await heartbeat.stop().catch(() => undefined);
    throw error;
  }
  const sweep = setInterval(() => void release(lanes.takeStale()), SWEEP_MS);
  const looping = loop();
  let ended: Promise<void> | undefined;

  async function stop(boundMs: number): Promise<void> {
    stopping = true;
    const waitUntil = performance.now() + boundMs - Math.min(LAST_WRITES_MS, boundMs / 2);
    clearInterval(sweep);
    room.wake();
    await queue.stop();
    await looping;
    await release(lanes.takeAll());
    while (sendings.size > 0 && performance.now() < waitUntil) await sleep(10);
    const cut = [...sendings];
    sendings.clear();
    for (const [, sending] of cut) sending.abort();
    await release(cut.map(([delivery]) => delivery));
    await Promise.all(recorders.map((recorder) => recorder.drain(LAST_WRITES_MS / 2)));
    await heartbeat.stop().catch((error) => log.warn({ err: error }, 'worker not signed off'));
  }

  return {
    id,
    stop(boundMs) {
      ended ??= stop(boundMs);
      return ended;
    },
  };
}
