import type { Columns } from '../row.js';
import type { Begun, Insertion, NewContent, Store } from '../store.js';
import { UnstorableError } from '../unstorable.js';
import { field, isPending, type Params } from './fields.js';
import { isDataError, withRetries } from './mysql-errors.js';
import type { Run } from './mysql-run.js';
import { type BegunAs, FIRST_ROW, type InsertedAs, insert } from './mysql-statements.js';

/** `Store.insert`, one row a statement. */
export function createInsert(run: Run, keepPayload: boolean): Store['insert'] {
  /** The row that an insert made or met; null when it met one of another key, by a unique column that was added, or one that is gone since. */
  async function insertOrFind(content: NewContent): Promise<Insertion | null> {
    const { columns, as, params, savedAt } = toInsert(content, keepPayload);
    const { rowsAffected, insertId } = await run(insert(columns, as, 1), params);
    if (rowsAffected === 1 && isId(insertId)) return { id: insertId, savedAt, created: true, differs: false };
    if (rowsAffected !== 2) throw new Error('The database answered an insert without saying what it did.');
    return findRepeated(run, content);
  }

  return async (content) => {
    try {
      const stored = await withRetries(async () => (await insertOrFind(content)) ?? (await insertOrFind(content)));
      if (stored !== null) return stored;
    } catch (error) {
      if (isDataError(error)) throw new UnstorableError('The database cannot hold the content.', { cause: error });
      throw error;
    }
    throw new UnstorableError('Another row has a value that must be unique.');
  };
}

/** The row whose webhook came again; null when there is none of this key. */
export async function findRepeated(run: Run, { event, idempotencyKey }: NewContent): Promise<Insertion | null> {
  const first = (await run(FIRST_ROW, [event.text, idempotencyKey])).rows[0];
  if (first === undefined) return null;
  return { ...idAndTime(first), created: false, differs: Number(field(first, 'differs')) === 1 };
}

/** One row of an INSERT: what its statement depends on, its parameters, and when it is stored. */
export interface ToInsert {
  readonly columns: readonly string[];
  readonly as: InsertedAs;
  readonly params: Params;
  readonly savedAt: string;
}

/**
 * The time of the insert is the caller's, in whole seconds as the column holds them: so it is known without another statement. A `mark` stands as lease
 * of a callback that is not to be made: it says of a row of many which insert made it.
 */
export function toInsert(content: NewContent, keepPayload: boolean, mark?: string): ToInsert {
  const { title, body, category, metadata, channelId, eventName, idempotencyKey, event, callbackUrl } = content;
  const [callback, emission] = [begunAs(content.callback, mark), begunAs(content.emission)];
  const kept = keepPayload || isPending(content);
  const seconds = Math.floor(Date.now() / 1000);
  const params: Params = [title, body, category, metadata, channelId, eventName, seconds, idempotencyKey];
  params.push(...(kept ? [event.text, callbackUrl] : [null, callbackUrl, event.text]));
  params.push(...callback.params, ...emission.params, ...Object.values(content.columns).map(bound));
  const as = { callback: callback.as, event: emission.as, payload: kept ? 'kept' : 'dropped' } as const;
  return { columns: Object.keys(content.columns), as, params, savedAt: isoTime(seconds) };
}

function begunAs(begun: Begun | undefined, mark?: string): { as: BegunAs; params: Params } {
  if (begun === undefined) return { as: 'none', params: [] };
  if ('lease' in begun) return { as: 'leased', params: [begun.lease.token, begun.lease.ms * 1000] };
  const noted = [begun.state, begun.error];
  return mark === undefined ? { as: 'noted', params: noted } : { as: 'marked', params: [...noted, mark] };
}

/** A value of an added column as MySQL takes it; a date in UTC. */
function bound(value: Columns[string]): string | number | null {
  if (value instanceof Date) return value.toISOString().slice(0, -1).replace('T', ' ');
  if (typeof value === 'object' && value !== null) return value.json;
  return typeof value === 'boolean' ? Number(value) : value;
}

function isId(insertId: string): boolean {
  return /^[1-9]\d*$/.test(insertId);
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** A row's id and the time of its insert, from the columns `id` and `saved_at`. */
export function idAndTime(row: unknown): { id: string; savedAt: string } {
  return { id: String(field(row, 'id')), savedAt: isoTime(Number(field(row, 'saved_at'))) };
}
