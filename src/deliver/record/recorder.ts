import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../../db/database.js';
import { type Attempted, type Recorded, record } from './record.js';

const BATCH = 500;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

export interface RecorderOptions {
  readonly db: Database;
  readonly log: Logger;
  /** Called for each result once it is written, or given up. */
  readonly onDone: (attempted: Attempted, recorded: Recorded | undefined) => void;
}

/**
 * Collects results and writes them in batches, one write at a time: while one is under way the next fills up, so batches grow with the
 * load and a lone result is written at once. A write that fails is tried again until it is in; only data that PostgreSQL refuses is given up.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #waiting: Attempted[] = [];
  readonly #stopping = new AbortController();
  #flushing: Promise<void> | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  add(attempted: Attempted): void {
    this.#waiting.push(attempted);
    this.#flushing ??= this.#flush();
  }

  /** Resolves when everything is written, or after `boundMs`; what is not in by then is sent again after its lease. */
  async drain(boundMs: number): Promise<void> {
    const timer = setTimeout(() => this.#stopping.abort(), boundMs);
    await this.#flushing;
    clearTimeout(timer);
  }

  async #flush(): Promise<void> {
    // Results that come in the same turn of the event loop share a write.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      await this.#write(this.#waiting.splice(0, BATCH));
    }
    this.#flushing = undefined;
  }

  async #write(batch: readonly Attempted[]): Promise<void> {
    const { db, log, onDone } = this.#options;
    for (let pause = FIRST_PAUSE_MS; !this.#stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        const recorded = new Map((await record(db, batch)).map((row) => [row.deliveryId, row]));
        for (const attempted of batch) onDone(attempted, recorded.get(attempted.prepared.delivery.deliveryId));
        return;
      } catch (error) {
        if (isRefusedData(error)) {
          await this.#writeApart(batch, error);
          return;
        }
        log.warn({ err: error, results: batch.length }, 'recording failed, trying again');
        await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
  }

  /** One result that cannot be written must not hold up the others of its batch. Alone, it is written without what the endpoint said. */
  async #writeApart(batch: readonly Attempted[], error: unknown): Promise<void> {
    const [only] = batch;
    if (only === undefined || batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      await this.#write(batch.slice(0, half));
      await this.#write(batch.slice(half));
      return;
    }
    const { prepared, outcome } = only;
    this.#options.log.error({ err: error, deliveryId: prepared.delivery.deliveryId }, 'the database refused a result');
    if (outcome.kind === 'responded' && outcome.body !== '') {
      await this.#write([{ prepared, outcome: { ...outcome, headers: {}, body: '' } }]);
    } else {
      this.#options.onDone(only, undefined);
    }
  }
}

/** SQLSTATE class 22, data exception: the same data would be refused again. */
function isRefusedData(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^22...$/.test(error.code);
}
