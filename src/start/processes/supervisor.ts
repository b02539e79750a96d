import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { HooklineError } from '../../errors.js';
import { SHUTDOWN_WITHIN_MS } from '../shutdown.js';
import type { WorkerProcess } from './worker-process.js';

/** A worker that ended is started anew after so long; the longer it keeps ending, the later. */
const PAUSES_MS = [500, 1_000, 5_000, 15_000, 30_000];
/** One that ran for so long did not end from the same cause as the one before. */
const STEADY_MS = 60_000;
/** Longer than a worker takes to stop by itself. */
const KILLED_AFTER_MS = SHUTDOWN_WITHIN_MS + 2_000;

export interface SupervisorOptions {
  readonly count: number;
  readonly log: Logger;
  /** Starts the worker of a place, from 0 on. Does not throw: one that cannot be started has ended. */
  readonly fork: (place: number) => WorkerProcess;
}

/** Keeps a number of worker processes running: one that ends is started anew, and all are exchanged one by one on request. */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #places: (WorkerProcess | undefined)[];
  readonly #stopping = new AbortController();
  #exchange: Promise<void> = Promise.resolve();
  /** The one that is to take another's place, until it does. */
  #next: WorkerProcess | undefined;

  private constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#places = Array.from({ length: options.count });
  }

  /** Starts them, and waits until all deliver. When one does not, the others are stopped; throws `worker_not_started`. */
  static async start(options: SupervisorOptions): Promise<Supervisor> {
    const supervisor = new Supervisor(options);
    const workers = Array.from({ length: options.count }, (_, place) => supervisor.#fork(place));
    try {
      await Promise.all(workers.map((worker) => worker.ready));
    } catch (error) {
      await supervisor.stop();
      throw new HooklineError('worker_not_started', 'A worker process ended before it delivered.', {
        hint: 'What it ended from stands above, in its own words.',
        cause: error,
      });
    }
    for (const [place, worker] of workers.entries()) void supervisor.#keep(place, worker);
    return supervisor;
  }

  /** The process ids of the workers, those being started left out. */
  get pids(): readonly number[] {
    return this.#places.flatMap((worker) => worker?.pid ?? []);
  }

  /**
   * Exchanges the workers one by one: a new one delivers before the old one stops, so that what is on the disk now runs, and nothing is held up. Ends early, with
   * the old ones in their places, when a new one does not start. A call while another is under way follows it.
   */
  exchange(): Promise<void> {
    this.#exchange = this.#exchange.then(() => this.#exchangeAll());
    return this.#exchange;
  }

  /** Stops all of them. Resolves when they are gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#places, this.#next].map((worker) => worker?.stop(KILLED_AFTER_MS)));
    // One that was being exchanged stands in no place any more.
    await this.#exchange;
  }

  #fork(place: number): WorkerProcess {
    const worker = this.#options.fork(place);
    this.#places[place] = worker;
    return worker;
  }

  async #exchangeAll(): Promise<void> {
    const { log, fork } = this.#options;
    log.info({ workers: this.#places.length }, 'workers.exchange_started');
    for (const place of this.#places.keys()) {
      if (this.#stopping.signal.aborted) return;
      const next = fork(place);
      this.#next = next;
      try {
        await next.ready;
      } catch (error) {
        if (!this.#stopping.signal.aborted) log.error({ err: error, pid: next.pid }, 'workers.exchange_given_up');
        return;
      }
      // Not before: the old one may have ended and been started again meanwhile.
      const old = this.#places[place];
      this.#places[place] = next;
      this.#next = undefined;
      void this.#keep(place, next);
      await old?.stop(KILLED_AFTER_MS);
    }
    log.info({ workers: this.#places.length }, 'workers.exchange_done');
  }

  /** Waits for the end of a worker, and starts another in its place, unless that was meant. */
  async #keep(place: number, worker: WorkerProcess): Promise<void> {
    const { log } = this.#options;
    let current = worker;
    for (let ends = 0; ; ends += 1) {
      const began = performance.now();
      const how = await current.ended;
      if (this.#stopping.signal.aborted || this.#places[place] !== current) return;
      if (performance.now() - began > STEADY_MS) ends = 0;
      const pauseMs = PAUSES_MS[Math.min(ends, PAUSES_MS.length - 1)] ?? 0;
      const why = how instanceof Error ? { err: how } : { ended: how };
      log.error({ pid: current.pid, ...why, restart_in_ms: pauseMs }, 'worker.ended');
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted || this.#places[place] !== current) return;
      current = this.#fork(place);
    }
  }
}
