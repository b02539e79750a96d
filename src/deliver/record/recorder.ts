import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../../db/database.js';
import { sqlStateOf } from '../../db/sql-states.js';
import { type LoopLog, loopLogOf } from '../../observe/outage.js';
import type { RollbackCounter } from '../../observe/rollbacks.js';
import { isSuccess } from '../stages.js';
import { traceWrite } from '../trace.js';
import { type Attempted, type Recorded, record } from './record.js';

const BATCH = 500;
/** Of answers' bodies in one batch, which is in memory as a whole, here and in PostgreSQL. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** A batch of so many results shows that more are coming. */
const BUSY_BATCH = 16;
/** The longest that results wait for others under load: PostgreSQL took 98 us a delivery with batches of about 106, 70 to 75 with larger ones. */
const GATHER_MS = 50;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
/** A webhook that somebody else has locked, another worker as a rule, is free again this soon. */
const HELD_UP_PAUSE_MS = 20;
const FAILED = 'recording.failed';

export interface RecorderOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly rollbacks: RollbackCounter;
  /** Whether a result may wait for others: not while its delivery counts against the caps of all until it is written. */
  readonly mayGather: () => boolean;
  /** Called for each batch that was written: how many results, and how long it took with all that was tried again. */
  readonly onWritten?: (results: number, ms: number) => void;
  /** Called for each result once it is written, or given up. */
  readonly onDone: (attempted: Attempted, recorded: Recorded | undefined) => void;
}

/**
 * Collects results and writes them in batches, one write at a time: while one is under way the next fills up, so batches grow with the
 * load and a lone result is written at once. Successes also gather for a moment under load, where they may. A write that fails for a reason that passes is
 * tried again until it is in; a result that PostgreSQL refuses is taken out of its batch, so that it holds up no other.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #loopLog: LoopLog;
  readonly #waiting: Attempted[] = [];
  /** Results that were added and are neither written nor given up. */
  #unwritten = 0;
  readonly #stopping = new AbortController();
  #flushing: Promise<void> | undefined;
  #isDraining = false;
  #gathered: (() => void) | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#loopLog = loopLogOf(options.db, options.log);
  }

  add(attempted: Attempted): void {
    this.#unwritten += 1;
    this.#waiting.push(attempted);
    if (this.#waiting.length >= BATCH || !isSuccess(attempted.outcome)) this.#gathered?.();
    this.#flushing ??= this.#flush();
  }

  /** No more results are coming for now: what has gathered is written. */
  lull(): void {
    this.#gathered?.();
  }

  /** Resolves when everything is written, or after `boundMs`. What is not in by then is sent again after its lease; a write under way may still come through. */
  async drain(boundMs: number): Promise<void> {
    const timer = setTimeout(() => this.#stopping.abort(), boundMs);
    this.#isDraining = true;
    this.#gathered?.();
    // The abort does not end a statement that is under way.
    await Promise.race([this.#flushing, once(this.#stopping.signal, 'abort')]);
    clearTimeout(timer);
    if (this.#unwritten > 0) this.#options.log.warn({ results: this.#unwritten }, 'results.unconfirmed');
  }

  async #flush(): Promise<void> {
    // Results that come in the same turn of the event loop share a write.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      const batch = this.#nextBatch();
      const began = performance.now();
      await this.#write(batch);
      this.#options.onWritten?.(batch.length, performance.now() - began);
      // A write costs as much for one result as for twenty: under load the next ones gather for a moment.
      if (batch.length >= BUSY_BATCH && this.#mayGather()) await this.#gather();
    }
    this.#flushing = undefined;
  }

  /** A failure does not wait: until it is written, its breaker is closed, and more attempts are burnt. */
  #mayGather(): boolean {
    const isFree = !this.#isDraining && this.#options.mayGather();
    return isFree && this.#waiting.length < BATCH && this.#waiting.every(({ outcome }) => isSuccess(outcome));
  }

  async #gather(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      this.#gathered = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#gathered = undefined;
  }

  #nextBatch(): Attempted[] {
    let bytes = 0;
    const end = this.#waiting.findIndex(({ outcome }, index) => {
      bytes += outcome.kind === 'responded' ? outcome.body.length : 0;
      return index > 0 && (index >= BATCH || bytes > BATCH_BYTES);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #write(batch: readonly Attempted[]): Promise<void> {
    const { db } = this.#options;
    for (let pause = FIRST_PAUSE_MS; !this.#stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const began = performance.now();
      let results: readonly Recorded[];
      try {
        results = await record(db, batch);
      } catch (error) {
        this.#options.rollbacks.note(error);
        if (isRefused(error)) {
          await this.#writeApart(batch, error);
          return;
        }
        this.#loopLog.failed(FAILED, error, { results: batch.length });
        await this.#pause(pause);
        continue;
      }
      this.#loopLog.worked(FAILED);
      traceWrite(batch, began);
      await this.#settle(batch, results);
      return;
    }
  }

  async #settle(batch: readonly Attempted[], results: readonly Recorded[]): Promise<void> {
    const heldUp: Attempted[] = [];
    for (const [nth, attempted] of batch.entries()) {
      const recorded = results[nth];
      if (recorded?.isRecorded === null) heldUp.push(attempted);
      else this.#done(attempted, recorded);
    }
    this.#waiting.push(...heldUp);
    if (heldUp.length > 0 && heldUp.length === this.#waiting.length) await this.#pause(HELD_UP_PAUSE_MS);
  }

  /** Halves a refused batch until the refused result stands alone; that one is written without what the endpoint said. */
  async #writeApart(batch: readonly Attempted[], error: unknown): Promise<void> {
    const [only] = batch;
    if (only === undefined || batch.length > 1) {
      const half = Math.ceil(batch.length / 2);
      await this.#write(batch.slice(0, half));
      await this.#write(batch.slice(half));
      return;
    }
    const { prepared, outcome } = only;
    this.#options.log.error({ err: error, delivery_id: prepared.delivery.deliveryId }, 'result.refused');
    if (outcome.kind === 'responded' && (outcome.body !== '' || Object.keys(outcome.headers).length > 0)) {
      await this.#write([{ prepared, outcome: { ...outcome, headers: {}, body: '' } }]);
    } else {
      this.#done(only, undefined);
    }
  }

  #done(attempted: Attempted, recorded: Recorded | undefined): void {
    this.#unwritten -= 1;
    try {
      this.#options.onDone(attempted, recorded);
    } catch (error) {
      const { deliveryId } = attempted.prepared.delivery;
      this.#options.log.error({ err: error, delivery_id: deliveryId }, 'result.not_told');
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }
}

/**
 * Whether the same write would be refused again: every SQLSTATE but those of connections (08), transactions (25: one that idled while this process was stopped,
 * a server that is read-only for now), rollbacks (40), resources (53), object state (55), operators (57) and the system (58). Errors without a state come from
 * the connection.
 */
function isRefused(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && !/^(08|25|40|53|55|57|58)/.test(state);
}
