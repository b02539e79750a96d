import type { Database } from '../../db/database.js';
import { checkDatabase, checkMigrations, checkQueue, checkWorker } from './checks.js';
import { type CheckResult, OK, Probe } from './probe.js';

/** How long a check may take before it counts as failed, so that whoever asks gets an answer. */
const CHECK_WITHIN_MS = 2_000;
/** For so long an answer is given again: many who ask load the database no more than one. */
const KEPT_MS = 1_000;

const SKIPPED: CheckResult = { status: 'skipped' };
const STARTING: CheckResult = { status: 'failed', detail: 'The process is still starting.', hint: 'Wait.' };
const STOPPING: CheckResult = { status: 'failed', detail: 'The process is shutting down.' };
const NO_ANSWER: CheckResult = {
  status: 'failed',
  detail: 'The database gave no answer that can be used within two seconds.',
  hint: 'Is it running, reachable from here, and not out of connections? hookline doctor says more.',
};
const NOT_SEEN: CheckResult = {
  status: 'failed',
  detail: 'The database did not answer this.',
  hint: 'hookline doctor, run with the same settings, says why.',
};

export type CheckName = 'process' | 'database' | 'migrations' | 'worker' | 'queue';

/** What a process says when it is asked whether it can do its work. */
export interface ReadinessReport {
  /** `degraded` serves: what is told is not for this process to mend. */
  readonly status: 'ready' | 'degraded' | 'not_ready';
  readonly checks: Readonly<Record<CheckName, CheckResult>>;
}

/**
 * Whether this process can do its work: it has started and is not stopping, its database answers and takes writes, the schema is the one that it needs, and
 * its own worker, if it has one, beats. Workers of other processes and the queue are told of, and never make it not ready.
 */
export class Readiness {
  readonly #probes: Readonly<Record<Exclude<CheckName, 'process'>, Probe>>;
  #process: CheckResult = STARTING;
  #worker: string | undefined;
  #kept: { readonly report: ReadinessReport; readonly until: number } | undefined;
  #looking: Promise<ReadinessReport> | undefined;

  constructor(db: Database) {
    const probe = (look: () => Promise<CheckResult>, onTrouble: CheckResult) =>
      new Probe(look, onTrouble, CHECK_WITHIN_MS);
    this.#probes = {
      database: probe(() => checkDatabase(db), NO_ANSWER),
      migrations: probe(() => checkMigrations(db), NOT_SEEN),
      worker: probe(() => checkWorker(db, this.#worker), NOT_SEEN),
      // A queue that cannot be read is no reason to send requests elsewhere, where it cannot be read either.
      queue: probe(() => checkQueue(db), { ...NOT_SEEN, status: 'degraded' }),
    };
  }

  /** The start is through. `worker` is the id of the process's own worker. */
  started(worker?: string): void {
    this.#worker = worker;
    this.#process = OK;
  }

  /** From now on it is not ready: the shutdown has begun. */
  stopping(): void {
    this.#process = STOPPING;
  }

  /** Looks, or gives what was found within the last second. Never throws. */
  async report(): Promise<ReadinessReport> {
    if (this.#process !== OK) return this.#withoutDatabase();
    if (this.#kept !== undefined && performance.now() < this.#kept.until) return this.#kept.report;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    const report = await this.#looking;
    return this.#process === OK ? report : this.#withoutDatabase();
  }

  async #look(): Promise<ReadinessReport> {
    const { database, ...others } = this.#probes;
    const [answers, migrations, worker, queue] = await Promise.all([
      database.result(),
      others.migrations.result(),
      others.worker.result(),
      others.queue.result(),
    ]);
    const checks =
      answers === NO_ANSWER
        ? { process: OK, database: answers, migrations: SKIPPED, worker: SKIPPED, queue: SKIPPED }
        : { process: OK, database: answers, migrations, worker, queue };
    const report = { status: statusOf(Object.values(checks)), checks };
    this.#kept = { report, until: performance.now() + KEPT_MS };
    return report;
  }

  #withoutDatabase(): ReadinessReport {
    const checks = { process: this.#process, database: SKIPPED, migrations: SKIPPED, worker: SKIPPED, queue: SKIPPED };
    return { status: 'not_ready', checks };
  }
}

function statusOf(checks: readonly CheckResult[]): ReadinessReport['status'] {
  if (checks.some(({ status }) => status === 'failed')) return 'not_ready';
  return checks.some(({ status }) => status === 'degraded') ? 'degraded' : 'ready';
}
