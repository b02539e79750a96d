import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { asService } from '../db/roles.js';
import { loadSql } from '../db/sql-file.js';
import type { DatabaseClock } from './database-clock.js';

const BEAT = loadSql(import.meta.url, './heartbeat.sql');
const BEAT_MS = 5_000;
/** Others free a worker's leases 15 s after its last heartbeat (hookline.free_dead_leases); it stops sending a little before. */
const TRUSTED_MS = 13_000;

/** Tells the database that this worker lives, and whether it is idle. */
export class Heartbeat {
  readonly #db: Database;
  readonly #clock: DatabaseClock;
  readonly #log: Logger;
  readonly #id: string;
  readonly #name = `${hostname()}:${process.pid}`;
  #idle = false;
  #lastOk = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();

  constructor(db: Database, clock: DatabaseClock, log: Logger, workerId: string) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
    this.#id = workerId;
  }

  /** Whether this worker's leases still count: its last heartbeat is young enough. */
  get trusted(): boolean {
    return performance.now() - this.#lastOk < TRUSTED_MS;
  }

  get idle(): boolean {
    return this.#idle;
  }

  /** Throws when the first heartbeat fails. */
  async start(): Promise<void> {
    await this.#beat();
    this.#timer = setInterval(() => {
      this.#beat().catch((error) => this.#log.warn({ err: error }, 'heartbeat failed'));
    }, BEAT_MS);
  }

  async setIdle(idle: boolean): Promise<void> {
    this.#idle = idle;
    await this.#beat();
  }

  /** Signs the worker off. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    await asService(this.#db, (tx) => tx.query('DELETE FROM hookline.workers WHERE id = $1::uuid', [this.#id]));
  }

  /** One at a time and in order: an older beat that commits later would bring back an older `is_idle`. */
  #beat(): Promise<void> {
    const beat = this.#beating.then(() => this.#send());
    this.#beating = beat.catch(() => undefined);
    return beat;
  }

  async #send(): Promise<void> {
    const asked = performance.now();
    const { beat, freed } = await asService(this.#db, async (tx) => {
      // First its own beat, so that a worker whose database was away for a while does not free what it holds itself.
      const { rows: beats } = await tx.query<{ nowMs: number }>(BEAT, [this.#id, this.#name, this.#idle]);
      const { rows } = await tx.query<{ freed: number }>('SELECT hookline.free_dead_leases() AS freed', []);
      return { beat: beats[0], freed: rows[0]?.freed ?? 0 };
    });
    this.#lastOk = asked;
    if (beat !== undefined) this.#clock.set(beat.nowMs);
    if (freed > 0) this.#log.warn({ freed }, 'freed leases of a worker that stopped');
  }
}
