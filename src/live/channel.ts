import { LRUCache } from 'lru-cache';
import type { Database } from '../db/database.js';
import type { Change, Whose } from './change.js';
import { type Look, page, type Watched } from './store.js';
import { WakeUp } from './wake-up.js';

/** How many positions are read at once. */
const PAGE = 1_000;
/** Streams that stand at the same place share what was read. */
const KEPT_PAGES = 4;

/** The user id under which everybody is watched. */
const EVERYBODY = '00000000-0000-0000-0000-000000000000';

/** What the streams of one user in this process share: how far the order goes, and the pages that were read. */
export class Channel {
  readonly whose: Whose;
  /** As whom the user is watched. */
  readonly watchedId: string;
  readonly changed = new WakeUp();
  /** Streams that are open. */
  streams = 0;
  /** Resolves when the user is watched and the place in the order is known. */
  ready: Promise<void> = Promise.resolve();
  /** How far the order goes. */
  last = 0;
  /** Who stands before this position has missed something. */
  lostUpTo = 0;
  /** How often something was missed that has no position. */
  gaps = 0;
  /** False while transactions may commit that do not know of the watching. */
  isSettled = true;
  /** Nothing between this position and `last` is of this user. */
  #theirsUpTo = 0;
  readonly #db: Database;
  readonly #pages = new LRUCache<string, Promise<readonly Change[]>>({ max: KEPT_PAGES });

  constructor(db: Database, whose: Whose) {
    this.#db = db;
    this.whose = whose;
    this.watchedId = whose.userId ?? EVERYBODY;
  }

  /** Takes in how far the order goes. `isFirst`: what came before has not been looked at. Looks may come in another order than they began in. */
  looked({ last, removed, userIds }: Look, isFirst = false): void {
    const isTheirs = this.whose.userId === null || userIds.has(this.whose.userId);
    this.last = Math.max(this.last, last);
    if (isFirst) this.#theirsUpTo = this.last;
    else if (isTheirs) this.#theirsUpTo = Math.max(this.#theirsUpTo, last);
    this.lostUpTo = Math.max(this.lostUpTo, removed);
    if (isTheirs) this.changed.wake();
  }

  /** Takes in since when the user is watched without a break. */
  watched({ since, isSettled }: Watched): void {
    this.lostUpTo = Math.max(this.lostUpTo, since);
    if (isSettled && !this.isSettled) {
      this.gaps += 1;
      this.changed.wake();
    }
    this.isSettled = isSettled;
  }

  /** The next changes after a position, and up to where they go. Throws what the database throws. */
  async after(position: number): Promise<{ readonly upTo: number; readonly changes: readonly Change[] }> {
    if (position >= this.#theirsUpTo) return { upTo: this.last, changes: [] };
    const upTo = Math.min(this.#theirsUpTo, position + PAGE);
    const key = `${position} ${upTo}`;
    const reading = this.#pages.get(key) ?? page(this.#db, this.whose, position, upTo);
    this.#pages.set(key, reading);
    // A page that could not be read is read again.
    reading.catch(() => this.#pages.delete(key));
    return { upTo, changes: await reading };
  }
}
