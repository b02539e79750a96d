import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';

const NEXT_DUE = loadSql(import.meta.url, './next-due.sql');
const CHANNEL = 'hookline_due';
/** NOTIFY is a hint; this is how late a delivery begins when it is lost. */
const POLL_MS = 1_000;
/** What is due and yet was not claimed is held by another worker, or passed over for now: no use in asking at once. */
const HELD_MS = 100;

/** Tells a worker when to look again: on a NOTIFY, when the next delivery is due, or after a second. */
export class PostgresQueue {
  readonly #db: Database;
  #unlisten: (() => Promise<void>) | undefined;
  #told = false;
  #wake: (() => void) | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  async start(): Promise<void> {
    this.#unlisten = await this.#db.listen(CHANNEL, () => this.wake());
  }

  /** Forgets hints that came so far: the claim that follows sees what they told of. */
  clear(): void {
    this.#told = false;
  }

  wake(): void {
    this.#told = true;
    this.#wake?.();
  }

  /** Resolves when it is worth looking again. Throws what the database throws. */
  async wait(): Promise<void> {
    const { rows } = await asService(this.#db, (tx) => tx.query<{ inMs: number | null }>(NEXT_DUE, []));
    const inMs = rows[0]?.inMs ?? POLL_MS;
    const pause = inMs <= 0 ? HELD_MS : Math.min(POLL_MS, Math.max(1, inMs));
    if (this.#told) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  async stop(): Promise<void> {
    this.wake();
    await this.#unlisten?.();
  }
}
