import type { Logger } from 'pino';
import type { Database } from '../../../db/database.js';
import { asServiceAtOnce } from '../../../db/roles.js';

const FREE = 'SELECT hookline.free_leases($1::uuid[], true) AS freed';
/** A job that Redis does not show as waiting after this time was either taken, or lost. */
const SETTLED_MS = 5_000;

/** The leases by which this worker has handed deliveries over lately: what is still under one of them and has no job any more, Redis has lost. */
export class HandedOver {
  readonly #db: Database;
  readonly #log: Logger;
  readonly #since = new Map<string, number>();

  constructor(db: Database, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  note(leaseId: string): void {
    this.#since.set(leaseId, performance.now());
  }

  /** Whether some are old enough to be swept. */
  get isDue(): boolean {
    const [oldest] = this.#since.values();
    return oldest !== undefined && oldest < performance.now() - SETTLED_MS;
  }

  /** Frees what no job stands for, knowing the leases of the jobs that wait. Gives how many. Throws what the database throws: they are swept again. */
  async sweep(waiting: ReadonlySet<string>): Promise<number> {
    const before = performance.now() - SETTLED_MS;
    return this.#free([...this.#since].filter(([id, since]) => since < before && !waiting.has(id)).map(([id]) => id));
  }

  /** Frees all that nobody has taken over, whatever Redis holds. Gives how many. Throws what the database throws. */
  async freeAll(): Promise<number> {
    return this.#free([...this.#since.keys()]);
  }

  async #free(leases: readonly string[]): Promise<number> {
    if (leases.length === 0) return 0;
    const [result] = await asServiceAtOnce<{ freed: number }>(this.#db, [FREE, [leases]]);
    for (const id of leases) this.#since.delete(id);
    const freed = result?.rows[0]?.freed ?? 0;
    if (freed > 0) this.#log.warn({ freed }, 'redis.deliveries_freed: Redis had lost them.');
    return freed;
  }
}
