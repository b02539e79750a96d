import { errorCode } from '../options.js';
import {
  CALLBACK_WINDOW_MS,
  type CallbackOutcome,
  type CallbackState,
  type Insertion,
  type LeasedCallback,
  type NewContent,
  type Store,
} from '../store.js';
import { UnstorableError } from '../unstorable.js';
import { CLAIM, EXPIRE, FINISH, INSERT } from './postgres-statements.js';

/** Runs one statement with `$1`-style parameters: `pg`'s and PGlite's `query` fit as they are. */
export type Query = (text: string, params: (string | number | null)[]) => Promise<{ rows: unknown[] }>;

/** Called in the insert's transaction for each new row, never for a repeat. What it throws undoes the row. */
export type OnInsert = (query: Query, id: string, content: NewContent) => Promise<void>;

export type PostgresStoreOptions =
  | { readonly query: Query; readonly transaction?: never; readonly onInsert?: never }
  | {
      /** Runs `work` in one transaction, which is rolled back when it throws. */
      readonly transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
      readonly query?: never;
      readonly onInsert?: OnInsert;
    };

/**
 * `ai_content` in PostgreSQL, by any driver. Give `query` where each statement stands alone, or `transaction` where something must happen
 * with the insert, or where the role is set for each transaction.
 */
export function postgresStore(options: PostgresStoreOptions): Store {
  const run = options.transaction ?? ((work) => work(options.query));

  return {
    name: 'postgres',
    // jsonDepth: PostgreSQL 15 refuses JSON between 10,000 and 15,000 deep (54001); PGlite between 5,000 and 6,000, without an error, and may hang.
    limits: { title: 500, body: null, category: 100, channelId: 36, eventName: 100, jsonDepth: 1_000 },

    async insert(content) {
      try {
        return await run(async (query) => {
          const stored = toInsertion((await query(INSERT, insertParams(content))).rows[0]);
          if (stored.created) await options.onInsert?.(query, stored.id, content);
          return stored;
        });
      } catch (error) {
        if (isDataError(error)) throw new UnstorableError('The database cannot hold the content.', { cause: error });
        throw error;
      }
    },

    async claimCallbacks({ lease, limit, id = null }) {
      const { rows } = await run((query) => query(CLAIM, [lease.token, lease.ms, limit, id]));
      return rows.map((row) => toLeasedCallback(row, lease.token));
    },

    async finishCallback(id, leaseToken, outcome) {
      const { rows } = await run((query) => query(FINISH, finishParams(id, leaseToken, outcome)));
      return rows[0] === undefined ? null : (field(rows[0], 'state') as CallbackState);
    },

    async expireCallbacks() {
      const { rows } = await run((query) => query(EXPIRE, []));
      return Number(field(rows[0], 'expired'));
    },
  };
}

function insertParams(content: NewContent): (string | number | null)[] {
  const { title, body, category, metadata, channelId, eventName, idempotencyKey, bodyHash, event, callbackUrl } =
    content;
  const row = [
    title,
    body,
    category,
    metadata,
    channelId,
    eventName,
    idempotencyKey,
    bodyHash,
    event.text,
    callbackUrl,
  ];
  const callback =
    'lease' in content.callback
      ? ['pending', null, content.callback.lease.token, content.callback.lease.ms]
      : ['refused', content.callback.refused, null, null];
  return [...row, ...callback, CALLBACK_WINDOW_MS];
}

function finishParams(id: string, leaseToken: string, outcome: CallbackOutcome): (string | number | null)[] {
  const error = outcome.state === 'done' ? null : outcome.error;
  return [id, leaseToken, outcome.state, error, outcome.state === 'retry' ? outcome.delayMs : 0];
}

/** 22 data exception, 23 constraint violated, 54 limit exceeded: the same statement would fail again. */
function isDataError(error: unknown): boolean {
  return /^(22|23|54)...$/.test(errorCode(error) ?? '');
}

function toInsertion(row: unknown): Insertion {
  return {
    id: String(field(row, 'id')),
    savedAt: String(field(row, 'saved_at')),
    created: field(row, 'created') === true,
    differs: field(row, 'differs') === true,
  };
}

function toLeasedCallback(row: unknown, leaseToken: string): LeasedCallback {
  return {
    id: String(field(row, 'id')),
    savedAt: String(field(row, 'saved_at')),
    callbackUrl: String(field(row, 'callback_url')),
    payload: String(field(row, 'payload')),
    attempts: Number(field(row, 'attempts')),
    leaseToken,
  };
}

function field(row: unknown, name: string): unknown {
  if (typeof row !== 'object' || row === null || !(name in row)) throw new Error(`The store's answer lacks ${name}.`);
  return (row as Record<string, unknown>)[name];
}
