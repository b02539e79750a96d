import type { Database } from '../db/database.js';
import { asService, asServiceAtOnce, asUser } from '../db/roles.js';
import { loadSql } from '../db/sql-file.js';
import { HooklineError } from '../errors.js';
import type { Change, Whose } from './change.js';

const sql = (name: string) => loadSql(import.meta.url, `./${name}.sql`);
const WATCH = sql('watch');
const SETTLE = sql('settle');
const LOCK_ORDER = sql('lock-order');
const ORDER = sql('order');
const LOOK = sql('look');
const PAGE = sql('page');
const FORGET = sql('forget');

/** Few enough that the lock is held for moments. */
const ORDERED_AT_ONCE = 2_000;
const FORGOTTEN_AT_ONCE = 5_000;

/** How far the order goes now. */
export interface Look {
  readonly last: number;
  /** Changes up to this position may have been removed. */
  readonly removed: number;
  /** Whose changes came since the look before. */
  readonly userIds: ReadonlySet<string>;
}

/** From where on the changes of a watched user are complete. */
export interface Watched {
  readonly userId: string;
  readonly since: number;
  /** False: transactions that began before may still commit changes that were not written down. */
  readonly isSettled: boolean;
}

/** Marks the users as watched, or keeps them so, and tells since when they are. Throws what the database throws, as all here do. */
export async function watch(db: Database, userIds: readonly string[]): Promise<Watched[]> {
  await asServiceAtOnce(db, [WATCH, [userIds]]);
  const [settled] = await asServiceAtOnce<Watched>(db, [SETTLE, [userIds]]);
  return settled?.rows ?? [];
}

/** Gives what has committed before the call its place in the order, and tells what came after `since`. */
export async function look(db: Database, since: number): Promise<Look> {
  for (let isLast = false; ; ) {
    const [looked] = await asServiceAtOnce<LookRow>(db, [LOOK, [since]]);
    const [row] = looked?.rows ?? [];
    if (row === undefined) throw new HooklineError('internal_error');
    if (!row.isMore || isLast) return { ...row, userIds: new Set(row.userIds.split(',')) };
    const [, ordered] = await asServiceAtOnce<{ number: number }>(db, [LOCK_ORDER, []], [ORDER, [ORDERED_AT_ONCE]]);
    // What is left came meanwhile, and is the next look's (under load there is always some), or is being removed by somebody else.
    isLast = (ordered?.rows[0]?.number ?? 0) < ORDERED_AT_ONCE;
  }
}

interface LookRow {
  readonly last: number;
  readonly removed: number;
  readonly isMore: boolean;
  readonly userIds: string;
}

/** The changes after one position up to another, in order, read with the rights of whose stream it is. */
export async function page(db: Database, whose: Whose, after: number, upTo: number): Promise<readonly Change[]> {
  const params = [after, upTo, whose.as === 'service' ? whose.userId : null];
  const { rows } =
    whose.as === 'service'
      ? await asService(db, (tx) => tx.query<Change>(PAGE, params), 'read')
      : await asUser(db, { sub: whose.userId, role: 'authenticated' }, (tx) => tx.query<Change>(PAGE, params), 'read');
  return rows;
}

/** Removes what is too old to be told. Gives whether anything is left that will have to go. */
export async function forget(db: Database): Promise<boolean> {
  for (;;) {
    const [, forgotten] = await asServiceAtOnce<{ removed: number; isLeft: boolean }>(
      db,
      [LOCK_ORDER, []],
      [FORGET, [FORGOTTEN_AT_ONCE]],
    );
    const [row] = forgotten?.rows ?? [];
    if (row === undefined || row.removed < FORGOTTEN_AT_ONCE) return row?.isLeft === true;
  }
}
