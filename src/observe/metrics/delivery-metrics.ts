import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/**
 * What became of an attempt when its result was written. `late`: its lease had ended, so another worker may have sent the delivery, too. `dropped`: the
 * database refused the result.
 */
export type AttemptOutcome = 'success' | 'retrying' | 'failed' | 'late' | 'dropped';

/** What a worker holds in memory. */
export interface Held {
  readonly inFlight: number;
  readonly waiting: number;
}

/** What a worker counts of its deliveries. Each call costs less than a microsecond: they stand in the path of every delivery. */
export interface DeliveryMetrics {
  /** A worker begins: `codes` are the error codes that its attempts may have, `held` is asked at each scrape. */
  begin(codes: readonly string[], held: () => Held): void;
  /** An attempt has ended, and its result is written. `code` is its `error_code`; undefined: none. */
  attempted(outcome: AttemptOutcome, code: string | undefined, sendMs: number): void;
  /** The first byte of a first attempt was written so long after its delivery was triggered. */
  firstByte(afterMs: number): void;
  /** A batch of so many results was written, in so long. */
  recorded(results: number, ms: number): void;
  /** So many leases were freed that had ended, or whose worker had died. */
  leasesLost(leases: number): void;
  /** A transaction was rolled back, and is tried again. */
  rolledBack(): void;
}

const none = () => undefined;

/** Counts nothing. */
export const NO_DELIVERY_METRICS: DeliveryMetrics = {
  begin: none,
  attempted: none,
  firstByte: none,
  recorded: none,
  leasesLost: none,
  rolledBack: none,
};

const FIRST_BYTE_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
const SEND_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** A batch holds 500 at most. */
const BATCH_BUCKETS = [1, 2, 5, 10, 25, 50, 100, 250, 500];
const WRITE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Outcomes of attempts that may have an error code. */
const FAILING = ['retrying', 'failed', 'late', 'dropped'] as const;

/** Registers what a worker counts. */
export function createDeliveryMetrics(registry: Registry): DeliveryMetrics {
  const registers = [registry];
  const attempts = new Counter({
    name: 'hookline_attempts_total',
    help: 'Attempts whose result was written, by what became of the delivery (success, retrying, failed; late: the lease had ended, or the webhook is gone; dropped: the database refused the result) and error code (none: there was none).',
    labelNames: ['outcome', 'code'] as const,
    registers,
  });
  const firstByte = new Histogram({
    name: 'hookline_trigger_to_first_byte_seconds',
    help: 'First attempts: from the transaction that triggered the delivery (its beginning, by the clock of the database) until the first byte of the request was written.',
    buckets: FIRST_BYTE_BUCKETS,
    registers,
  });
  const send = new Histogram({
    name: 'hookline_send_seconds',
    help: 'Calls of endpoints, from look-up and connection until the answer was read, or the failure.',
    buckets: SEND_BUCKETS,
    registers,
  });
  const batch = new Histogram({
    name: 'hookline_recorder_batch_results',
    help: 'Results that were written together.',
    buckets: BATCH_BUCKETS,
    registers,
  });
  const write = new Histogram({
    name: 'hookline_recorder_write_seconds',
    help: 'How long a batch of results took to be written, with what was tried again.',
    buckets: WRITE_BUCKETS,
    registers,
  });
  const leasesLost = new Counter({
    name: 'hookline_leases_lost_total',
    help: 'Leases that this worker found to have ended, or held by a worker that had stopped beating, and freed. Each is freed by one worker: add them up.',
    registers,
  });
  const rollbacks = new Counter({
    name: 'hookline_rolled_back_transactions_total',
    help: 'Transactions of the worker that were rolled back for a deadlock or a serialization failure, and tried again.',
    registers,
  });
  let heldNow = (): Held => ({ inFlight: 0, waiting: 0 });
  new Gauge({
    name: 'hookline_worker_deliveries',
    help: 'Deliveries in the memory of this worker: in_flight have a call under way, waiting wait for their turn.',
    labelNames: ['state'] as const,
    registers,
    collect() {
      const { inFlight, waiting } = heldNow();
      this.set({ state: 'in_flight' }, inFlight);
      this.set({ state: 'waiting' }, waiting);
    },
  });

  // Bound to their labels once: to put labels together and look them up takes longer than to count.
  const byOutcome = new Map<AttemptOutcome, Map<string | undefined, Counter.Internal>>();
  const attemptsOf = (outcome: AttemptOutcome, code: string | undefined): Counter.Internal => {
    const known = byOutcome.get(outcome)?.get(code);
    if (known !== undefined) return known;
    const child = attempts.labels(outcome, code ?? 'none');
    byOutcome.set(outcome, (byOutcome.get(outcome) ?? new Map()).set(code, child));
    return child;
  };
  const [firstByteOf, sendOf] = [firstByte.labels({}), send.labels({})];

  return {
    begin(codes, held) {
      heldNow = held;
      // A counter that is not there before its first count has no rate from it.
      for (const outcome of ['success', 'late', 'dropped'] as const) attemptsOf(outcome, undefined).inc(0);
      for (const code of codes) for (const outcome of FAILING) attemptsOf(outcome, code).inc(0);
    },
    attempted(outcome, code, sendMs) {
      attemptsOf(outcome, code).inc();
      sendOf.observe(sendMs / 1000);
    },
    // A clock that was set in between may give a time before the trigger.
    firstByte: (afterMs) => firstByteOf.observe(Math.max(0, afterMs) / 1000),
    recorded(results, ms) {
      batch.observe(results);
      write.observe(ms / 1000);
    },
    leasesLost: (leases) => leasesLost.inc(leases),
    rolledBack: () => rollbacks.inc(),
  };
}
