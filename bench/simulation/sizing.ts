import type { Costs } from './costs.js';
import { BUSY_BATCH, CONCURRENCY, GATHER_MS, RECORD_GATHER_MS } from './pace.js';

/** What an installation is asked to carry. */
export interface Load {
  /** New deliveries a second. */
  readonly deliveries: number;
  /** Webhooks that an event reaches. */
  readonly fanOut: number;
  readonly payloadBytes: number;
  /** How long endpoints take: log-normal. */
  readonly latencyMs: { readonly median: number; readonly sigma: number };
  /** Share of the calls that fail at once, and that hang until their time-out. */
  readonly failing: number;
  readonly hanging: number;
  readonly timeoutSeconds: number;
  readonly attempts: number;
  readonly retentionDays: number;
}

export const USUAL: Load = {
  deliveries: 10_000,
  fanOut: 3,
  payloadBytes: 2_000,
  latencyMs: { median: 100, sigma: 1 },
  failing: 0.02,
  hanging: 0.002,
  timeoutSeconds: 30,
  attempts: 4,
  retentionDays: 7,
};

/** What one PostgreSQL may be asked for, and what of anything is used as a rule: assumptions, not measurements. */
export const LIMITS = { cores: 32, walMBs: 150, connections: 1_000 } as const;
export const HEADROOM = 0.6;
/** Of a request besides its payload: line, headers, signature. */
const REQUEST_BYTES = 800;

interface Sizing {
  readonly attempts: number;
  readonly inFlight: number;
  readonly workers: number;
  readonly connections: number;
  readonly postgresCores: number;
  readonly walMBs: number;
  readonly storedTB: number;
  readonly egressMbit: number;
  /** Databases that the load is spread over. */
  readonly databases: number;
  /** What one database would be short of, the shortest first. */
  readonly short: readonly string[];
}

/** What a load needs, by what things cost. */
export function size(load: Load, costs: Costs): Sizing {
  const { deliveries, payloadBytes } = load;
  const attempts = deliveries * attemptsPerDelivery(load);
  const inFlight = (attempts * meanCallMs(load)) / 1000;
  const workerCores = (attempts * costs.workerUs) / 1e6;
  const workers = Math.ceil(Math.max(workerCores, inFlight / CONCURRENCY) / HEADROOM);
  const batches = workers * batchesOf(attempts / workers, costs);
  const postgresCores =
    (attempts * costs.postgresUs + batches * costs.postgresBatchUs + deliveries * triggerUs(load, costs)) /
    1e6 /
    HEADROOM;
  const walMBs = (deliveries * (costs.walBytes + costs.walPerPayloadByte * payloadBytes)) / 1e6;
  const stored = deliveries * (costs.storedBytes + costs.storedPerPayloadByte * payloadBytes);
  const storedTB = (stored * 86_400 * load.retentionDays) / 1e12;
  const connections = workers * costs.connections;
  const ratios = {
    'PostgreSQL’s cores': postgresCores / LIMITS.cores,
    'its write-ahead log': walMBs / LIMITS.walMBs,
    'its connections': connections / LIMITS.connections,
  };
  const sorted = Object.entries(ratios).sort(([, a], [, b]) => b - a);
  return {
    attempts,
    inFlight,
    workers,
    connections,
    postgresCores,
    walMBs,
    storedTB,
    egressMbit: (attempts * (payloadBytes + REQUEST_BYTES) * 8) / 1e6,
    databases: Math.max(1, Math.ceil(sorted[0]?.[1] ?? 1)),
    short: sorted.filter(([, ratio]) => ratio > 1).map(([what]) => what),
  };
}

/**
 * Transactions a second of a worker that makes so many calls. Claims gather for a moment, and so do results once sixteen come together; fewer than that are
 * written one batch after the other, so that a worker with little to do costs PostgreSQL more for a delivery.
 */
function batchesOf(perSecond: number, { postgresBatchUs, transactionMs }: Costs): number {
  const ms = postgresBatchUs / 1000 + transactionMs;
  const gathers = (perSecond * ms) / 1000 >= BUSY_BATCH;
  const claims = Math.min(perSecond, 1000 / (GATHER_MS + ms));
  return claims + Math.min(perSecond, 1000 / (gathers ? RECORD_GATHER_MS + ms : ms));
}

/** PostgreSQL's time for triggering, for each delivery: the more webhooks an event reaches, the less. */
export function triggerUs({ fanOut }: Load, costs: Costs): number {
  return (costs.triggerUs + (fanOut - 1) * costs.triggerManyUs) / fanOut;
}

/** Calls for a delivery, those that are tried again with it. */
function attemptsPerDelivery({ failing, hanging, attempts }: Load): number {
  const bad = failing + hanging;
  return (1 - bad ** attempts) / (1 - bad);
}

/** The mean of a log-normal is above its median. */
function meanCallMs({ latencyMs, hanging, timeoutSeconds }: Load): number {
  return (1 - hanging) * latencyMs.median * Math.exp(latencyMs.sigma ** 2 / 2) + hanging * timeoutSeconds * 1000;
}
