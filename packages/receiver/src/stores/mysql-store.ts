import type { Columns } from '../row.js';
import type { Begun, FollowUp, Insertion, LeasedWork, NewContent, Store } from '../store.js';
import { UnstorableError } from '../unstorable.js';
import { field, isPending, SPECIFIED_LIMITS } from './fields.js';
import type { Gather } from './gather.js';
import { isDataError, withRetries } from './mysql-errors.js';
import { createFinish } from './mysql-finish.js';
import type { Params, Run } from './mysql-run.js';
import { type BegunAs, FIRST_ROW, followUpStatements, insert } from './mysql-statements.js';

export interface MysqlSettings {
  readonly name: 'planetscale' | 'mysql';
  readonly run: Run;
  readonly keepPayload: boolean;
  readonly gather: Gather | undefined;
}

/** Several drains at once look for the same due rows; who got none of those looks again so often. */
const CLAIM_ROUNDS = 5;
/** Rows that are given up at a time. */
const EXPIRE_BATCH = 500;

/** `ai_content` in anything that speaks MySQL's SQL: what `mysqlStore` and `planetscaleStore` share. */
export function storeInMysql({ name, run, keepPayload, gather }: MysqlSettings): Store {
  const statements = {
    callback: followUpStatements('callback', keepPayload),
    event: followUpStatements('event', keepPayload),
  };

  /**
   * The row that an insert made or met; null when it met one of another key, by a unique column that was added, or one that is gone since.
   */
  async function insertOrFind(content: NewContent): Promise<Insertion | null> {
    const { sql, params, savedAt } = insertion(content, keepPayload);
    const { rowsAffected, insertId } = await run(sql, params);
    if (rowsAffected === 1 && isId(insertId)) return { id: insertId, savedAt, created: true, differs: false };
    if (rowsAffected !== 2) throw new Error('The database answered an insert without saying what it did.');
    const first = (await run(FIRST_ROW, [content.event.text, content.idempotencyKey])).rows[0];
    if (first === undefined) return null;
    return { ...idAndTime(first), created: false, differs: Number(field(first, 'differs')) === 1 };
  }

  /** Leases due rows; gives the keys of those that it tried, and whether there may be more. */
  async function take(kind: FollowUp, token: string, leaseMs: number, limit: number, id: string | undefined) {
    const { due, take: lease } = statements[kind];
    const { rows } = await run(due(limit, id !== undefined), id === undefined ? [] : [id]);
    const keys = rows.map((row) => String(field(row, 'idempotency_key')));
    if (keys.length === 0) return { keys, won: 0, more: false };
    const { rowsAffected } = await run(lease(keys.length), [token, leaseMs * 1000, ...keys]);
    return { keys, won: rowsAffected, more: keys.length === limit || rowsAffected < keys.length };
  }

  return {
    name,
    // TEXT holds 65,535 bytes. MySQL's JSON is at most 100 deep; MariaDB's check takes 32 and refuses the rest as data.
    limits: {
      ...SPECIFIED_LIMITS,
      body: { bytes: 65_535 },
      metadataDepth: 100,
      payloadDepth: 1_000,
    },

    async insert(content) {
      try {
        const stored = await withRetries(async () => (await insertOrFind(content)) ?? (await insertOrFind(content)));
        if (stored !== null) return stored;
      } catch (error) {
        if (isDataError(error)) throw new UnstorableError('The database cannot hold the content.', { cause: error });
        throw error;
      }
      throw new UnstorableError('Another row has a value that must be unique.');
    },

    async claim(kind, { lease, limit, id }) {
      const tried: string[] = [];
      let won = 0;
      for (let round = 0; round < CLAIM_ROUNDS && won < limit; round++) {
        const taken = await withRetries(() => take(kind, lease.token, lease.ms, limit - won, id));
        tried.push(...taken.keys);
        won += taken.won;
        if (!taken.more) break;
      }
      if (won === 0) return [];
      const keys = [...new Set(tried)];
      const { rows } = await run(statements[kind].taken(keys.length), [lease.token, ...keys]);
      return rows.map((row) => toLeasedWork(row, lease.token));
    },

    finish: createFinish(run, statements, gather),

    async expire(kind) {
      const { late, giveUp } = statements[kind];
      for (let expired = 0; ; ) {
        const { rows } = await run(late(EXPIRE_BATCH), []);
        if (rows.length === 0) return expired;
        const keys = rows.map((row) => String(field(row, 'idempotency_key')));
        const { rowsAffected } = await withRetries(() => run(giveUp(keys.length), keys));
        expired += rowsAffected;
        if (rowsAffected === 0 || rows.length < EXPIRE_BATCH) return expired;
      }
    },
  };
}

/** The time of the insert is the caller's, in whole seconds as the column holds them: so it is known without another statement. */
function insertion(content: NewContent, keepPayload: boolean): { sql: string; params: Params; savedAt: string } {
  const { title, body, category, metadata, channelId, eventName, idempotencyKey, event, callbackUrl } = content;
  const [callback, emission] = [begunAs(content.callback), begunAs(content.emission)];
  const kept = keepPayload || isPending(content);
  const seconds = Math.floor(Date.now() / 1000);
  const params: Params = [title, body, category, metadata, channelId, eventName, seconds, idempotencyKey];
  params.push(...(kept ? [event.text, callbackUrl] : [null, callbackUrl, event.text]));
  params.push(...callback.params, ...emission.params, ...Object.values(content.columns).map(bound));
  const as = { callback: callback.as, event: emission.as, payload: kept ? 'kept' : 'dropped' } as const;
  const sql = insert(Object.keys(content.columns), as);
  return { sql, params, savedAt: isoTime(seconds) };
}

function begunAs(begun: Begun | undefined): { as: BegunAs; params: Params } {
  if (begun === undefined) return { as: 'none', params: [] };
  return 'lease' in begun
    ? { as: 'leased', params: [begun.lease.token, begun.lease.ms * 1000] }
    : { as: 'noted', params: [begun.state, begun.error] };
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

function idAndTime(row: unknown): { id: string; savedAt: string } {
  return { id: String(field(row, 'id')), savedAt: isoTime(Number(field(row, 'saved_at'))) };
}

function toLeasedWork(row: unknown, leaseToken: string): LeasedWork {
  return {
    ...idAndTime(row),
    idempotencyKey: String(field(row, 'idempotency_key')),
    callbackUrl: String(field(row, 'callback_url')),
    payload: String(field(row, 'payload')),
    attempts: Number(field(row, 'attempts')),
    leaseToken,
  };
}
