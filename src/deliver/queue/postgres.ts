import type { Database } from '../../db/database.js';
import { asServiceAtOnce } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import { type ClaimBounds, claim } from '../claim/claim.js';
import { WebhookSecrets } from '../claim/secrets.js';
import type { DatabaseClock } from '../database-clock.js';
import type { Claimed } from '../stages.js';
import type { DeliveryQueue } from './queue.js';

const NEXT_DUE = loadSql(import.meta.url, './next-due.sql');
const CHANNEL = 'hookline_due';
/** NOTIFY is a hint; this is how late a delivery begins when it is lost. */
const POLL_MS = 1_000;
/** What is ready and yet was not claimed is held by another worker, or held back for now: no use in asking at once. Doubled up to the poll's pause. */
const HELD_MS = 50;

/** PostgreSQL alone: claims for itself, on a NOTIFY, when the next delivery is due, or after a second. */
export class PostgresQueue implements DeliveryQueue {
  readonly #db: Database;
  readonly #clock: DatabaseClock;
  readonly #workerId: string;
  readonly #secrets: WebhookSecrets;
  #unlisten: (() => Promise<void>) | undefined;
  #told = false;
  #heldMs = 0;
  #wake: (() => void) | undefined;

  constructor(db: Database, clock: DatabaseClock, workerId: string, secrets = new WebhookSecrets()) {
    this.#db = db;
    this.#clock = clock;
    this.#workerId = workerId;
    this.#secrets = secrets;
  }

  async start(): Promise<void> {
    this.#unlisten = await this.#db.listen(CHANNEL, () => this.wake());
  }

  claim(bounds: ClaimBounds): Promise<Claimed[]> {
    return this.looking(() => claim(this.#db, this.#clock, this.#workerId, bounds, this.#secrets));
  }

  /** Runs a claim. Hints that came before it are forgotten: it sees what they told of. */
  async looking(look: () => Promise<Claimed[]>): Promise<Claimed[]> {
    this.#told = false;
    const claimed = await look();
    if (claimed.length > 0) this.#heldMs = 0;
    return claimed;
  }

  wake(): void {
    this.#told = true;
    this.#wake?.();
  }

  freed(): void {
    if (this.#heldMs > 0) this.wake();
  }

  async wait(): Promise<void> {
    const [next] = await asServiceAtOnce<{ inMs: number | null; rateInMs: number | null }>(this.#db, [NEXT_DUE, []]);
    await this.pause(this.#waitMs(next?.rows[0] ?? { inMs: null, rateInMs: null }));
  }

  async pause(ms: number): Promise<void> {
    if (this.#told) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  #waitMs({ inMs, rateInMs }: { readonly inMs: number | null; readonly rateInMs: number | null }): number {
    const isHeld = inMs !== null && inMs <= 0;
    this.#heldMs = isHeld ? Math.min(POLL_MS, this.#heldMs * 2 || HELD_MS) : 0;
    const dueMs = isHeld ? this.#heldMs : (inMs ?? POLL_MS);
    return Math.min(POLL_MS, Math.max(1, dueMs), Math.max(1, rateInMs ?? POLL_MS));
  }

  async stop(): Promise<void> {
    this.wake();
    await this.#unlisten?.();
  }
}
