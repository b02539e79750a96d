import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Dispatcher } from 'undici';
import type { Database } from '../db/database.js';
import { type DeliveryMetrics, NO_DELIVERY_METRICS } from '../observe/metrics/delivery-metrics.js';
import { loopLogOf } from '../observe/outage.js';
import { RollbackCounter } from '../observe/rollbacks.js';
import type { Keyring } from '../secrets/keyring.js';
import { beginAttempt, stopsWebhook } from './attempt.js';
import { giveBack } from './claim/give-back.js';
import { WebhookSecrets } from './claim/secrets.js';
import { ClaimLoop } from './claim-loop.js';
import { adaptConcurrency } from './concurrency.js';
import { ATTEMPT_CODES, countAttempt } from './count-attempt.js';
import { DatabaseClock } from './database-clock.js';
import { Heartbeat } from './heartbeat.js';
import { DEFAULT_CAPS, Lanes } from './lanes.js';
import { logAttempt } from './log-attempt.js';
import { createQueue } from './queue/create-queue.js';
import { Recorder } from './record/recorder.js';
import { Room } from './room.js';
import { BODY_LIMIT_BYTES, type Sending } from './send/send.js';
import { Share } from './share.js';
import type { Claimed } from './stages.js';
import { StoppedWebhooks } from './stopped-webhooks.js';
import { traceAnswer, traceCut, traceRecorded } from './trace.js';

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
  /** What opens secrets that are encrypted. Default: nothing does. */
  readonly keyring?: Keyring;
  /** Whether endpoints are told where their delivery comes from: the header `traceparent`. Default false. */
  readonly sendTraceparent?: boolean | undefined;
  /** Counts what the worker does; absent: nothing does. */
  readonly metrics?: DeliveryMetrics | undefined;
}

export interface Worker {
  readonly id: string;
  /**
   * Stops claiming, gives back what has not begun, lets calls in flight end within `boundMs`, then ends them (their deliveries are due again),
   * and writes the results. Safe to call twice.
   */
  stop(boundMs: number): Promise<void>;
}

/** Workers that keep to their shares of the caps claim ahead. One that joins them lets the claims end that did not see it yet. */
const JOIN_MS = 250;
const SWEEP_MS = 500;
/** Kept of a shutdown's bound for giving back, writing the last results and signing off. */
const LAST_WRITES_MS = 4_000;
const NOT_GIVEN_BACK = 'leases.not_given_back';

/** Starts the loop claim → prepare → send → record. Throws when the database cannot be reached at first. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, dispatcher, responseBodyBytes = BODY_LIMIT_BYTES, concurrency = 256, redisUrl, keyring } = options;
  const id = randomUUID();
  const log = options.log.child({ worker: id });
  const loopLog = loopLogOf(db, options.log);
  const clock = new DatabaseClock();
  const secrets = new WebhookSecrets(keyring, log);
  const { metrics = NO_DELIVERY_METRICS } = options;
  const rollbacks = new RollbackCounter(() => metrics.rolledBack());
  const lanes = new Lanes(concurrency, DEFAULT_CAPS, (delivery) => void attempt(delivery));
  const room = new Room();
  const share = new Share(lanes, () => void release(lanes.takeAll()));
  const heartbeat = new Heartbeat({ db, clock, log, workerId: id, rollbacks, metrics, share, room, secrets });
  const queue = await createQueue({ db, clock, log, workerId: id, redisUrl, secrets });
  const sendings = new Map<Claimed, Sending>();
  const stopped = new StoppedWebhooks();
  const claiming = new ClaimLoop({
    loopLog,
    queue,
    lanes,
    room,
    share,
    heartbeat,
    stopped,
    secrets,
    rollbacks,
    release,
  });

  const recorder = new Recorder({
    db,
    log,
    rollbacks,
    mayGather: () => lanes.inFlight > 0 && !heartbeat.areCapsCounted,
    onWritten: (results, ms) => metrics.recorded(results, ms),
    onDone(attempted, recorded) {
      const { delivery } = attempted.prepared;
      if (stopsWebhook(attempted.outcome)) stopped.recorded(delivery.webhookId);
      if (recorded?.isStopped === true) {
        stopped.isKnown(delivery.webhookId);
        void release(lanes.stop(delivery.webhookId));
      }
      room.free(delivery);
      queue.freed();
      logAttempt(log, attempted, recorded);
      traceRecorded(delivery, recorded);
      countAttempt(metrics, attempted, recorded);
    },
  });

  async function attempt(delivery: Claimed): Promise<void> {
    if (!maySend(delivery)) {
      lanes.done(delivery);
      await release([delivery, ...(heartbeat.trusted ? [] : lanes.takeAll())]);
      return;
    }
    const { prepared, sending } = beginAttempt(delivery, {
      clock,
      log,
      dispatcher,
      responseBodyBytes,
      sendTraceparent: options.sendTraceparent ?? false,
    });
    sendings.set(delivery, sending);
    const outcome = await sending.outcome;
    // One that the shutdown took out of the map was cut off: what the endpoint made of it is unknown, and its lease is given back.
    if (sendings.delete(delivery)) {
      traceAnswer(prepared, outcome);
      if (stopsWebhook(outcome)) {
        stopped.stop(delivery.webhookId);
        void release(lanes.stop(delivery.webhookId));
      }
      recorder.add({ prepared, outcome });
    } else {
      traceCut(delivery);
    }
    lanes.done(delivery);
    if (lanes.inFlight === 0) recorder.lull();
    claiming.ended(delivery);
  }

  /** A row is sent only while its lease outlasts its time-out, by this worker's clock and by its heartbeat. */
  function maySend(delivery: Claimed): boolean {
    const isLeased = performance.now() + delivery.timeoutMs <= delivery.leaseUntil;
    return isLeased && heartbeat.trusted && !stopped.has(delivery);
  }

  async function release(deliveries: readonly Claimed[]): Promise<void> {
    if (deliveries.length === 0) return;
    try {
      await giveBack(db, deliveries);
      loopLog.worked(NOT_GIVEN_BACK);
    } catch (error) {
      loopLog.failed(NOT_GIVEN_BACK, error, { deliveries: deliveries.length });
    }
    for (const delivery of deliveries) {
      claiming.forget(delivery.webhookId);
      room.free(delivery);
    }
  }

  metrics.begin(ATTEMPT_CODES, () => ({ inFlight: lanes.inFlight, waiting: lanes.waiting }));
  await heartbeat.start();
  if (heartbeat.hasCompany) await sleep(JOIN_MS);
  try {
    await queue.start();
  } catch (error) {
    await heartbeat.stop().catch(() => undefined);
    throw error;
  }
  const sweep = setInterval(() => void release(lanes.takeStale()), SWEEP_MS);
  const stopAdapting = adaptConcurrency(lanes, concurrency);
  claiming.start();
  let ended: Promise<void> | undefined;

  async function stop(boundMs: number): Promise<void> {
    const endsAt = performance.now() + boundMs;
    clearInterval(sweep);
    stopAdapting();
    await claiming.stop();
    await release(lanes.takeAll());
    while (sendings.size > 0 && performance.now() < endsAt - Math.min(LAST_WRITES_MS, boundMs / 2)) await sleep(10);
    const cut = [...sendings];
    sendings.clear();
    for (const [, sending] of cut) sending.abort();
    await release(cut.map(([delivery]) => delivery));
    await recorder.drain(Math.max(LAST_WRITES_MS, endsAt - performance.now()) - LAST_WRITES_MS / 2);
    await heartbeat.stop().catch((error) => log.warn({ err: error }, 'worker.not_signed_off'));
  }

  return {
    id,
    stop(boundMs) {
      ended ??= stop(boundMs);
      return ended;
    },
  };
}
