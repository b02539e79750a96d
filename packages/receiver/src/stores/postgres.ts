import { objectOf } from '../json-text.js';
import { errorCode } from '../options.js';
import type { Columns } from '../row.js';
import {
  type FollowUp,
  type FollowUpState,
  type Insertion,
  type LeasedWork,
  type NewContent,
  type Outcome,
  type Store,
  WINDOW_MS,
} from '../store.js';
import { within } from '../time.js';
import { UnstorableError } from '../unstorable.js';
import { beginning, errorOf, field, isPending, type Params, SPECIFIED_LIMITS, toRows } from './fields.js';
import { followUpStatements, insert } from './postgres-statements.js';

/** Runs one statement with `$1`-style parameters and gives its rows: `pg`'s, PGlite's and Neon's `query` fit as they are. */
export type Query = (text: string, params: Params) => Promise<{ rows: unknown[] } | unknown[]>;

/** Called in the insert's transaction for each new row, never for a repeat. What it throws undoes the row. */
export type OnInsert = (query: Query, id: string, content: NewContent) => Promise<void>;

export type PostgresStoreOptions = (
  | { readonly query: Query; readonly transaction?: never; readonly onInsert?: never }
  | {
      /** Runs `work` in one transaction, which is rolled back when it throws. */
      readonly transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
      readonly query?: never;
      readonly onInsert?: OnInsert;
    }
) & {
  /** Whether the webhook stays in `payload` when callback and event are done, so that the row can be made again. True by default. */
  readonly keepPayload?: boolean;
  /** Time limit of one statement or transaction; past it the call fails, and what runs is left to itself. 5,000 by default. */
  readonly timeoutMs?: number;
};

/**
 * `ai_content` in PostgreSQL, by any driver. Give `query` where each statement stands alone, or `transaction` where something must happen
 * with the insert, or where the role is set for each transaction.
 */
export function postgresStore(options: PostgresStoreOptions): Store {
  const { keepPayload = true, timeoutMs = 5_000 } = options;
  const inOne = options.transaction ?? ((work) => work(options.query));
  const run = <T>(work: (query: Query) => Promise<T>): Promise<T> => within(timeoutMs, inOne(work));
  const rowsOf = (sql: string, params: Params): Promise<unknown[]> =>
    run(async (query) => toRows(await query(sql, params)));
  const statements = {
    callback: followUpStatements('callback', keepPayload),
    event: followUpStatements('event', keepPayload),
  };

  return {
    name: 'postgres',
    // PostgreSQL 15 refuses JSON between 10,000 and 15,000 deep (54001); PGlite between 5,000 and 6,000, without an error, and may hang.
    limits: {
      ...SPECIFIED_LIMITS,
      body: null,
      metadataDepth: 1_000,
      payloadDepth: 1_000,
    },

    async insert(content) {
      const columns = Object.keys(content.columns);
      try {
        return await run(async (query) => {
          const sql = insert(columns, keepPayload || isPending(content));
          const stored = toInsertion(toRows(await query(sql, insertParams(content)))[0]);
          if (stored.created) await options.onInsert?.(query, stored.id, content);
          return stored;
        });
      } catch (error) {
        if (isDataError(error)) throw new UnstorableError('The database cannot hold the content.', { cause: error });
        throw error;
      }
    },

    async claim(kind, { lease, limit, id = null }) {
      const rows = await rowsOf(statements[kind].claim, [lease.token, lease.ms, limit, id]);
      return rows.map((row) => toLeasedWork(row, lease.token));
    },

    async finish(kind, work, outcome) {
      const rows = await rowsOf(statements[kind].finish, finishParams(kind, work, outcome));
      return rows[0] === undefined ? null : (field(rows[0], 'state') as FollowUpState);
    },

    async expire(kind) {
      const rows = await rowsOf(statements[kind].expire, []);
      return Number(field(rows[0], 'expired'));
    },
  };
}

function insertParams(content: NewContent): Params {
  const { title, body, category, metadata, channelId, eventName, idempotencyKey, event, callbackUrl } = content;
  const callback = beginning(content.callback);
  const emission = beginning(content.emission);
  const params: Params = [
    title,
    body,
    category,
    metadata,
    channelId,
    eventName,
    idempotencyKey,
    event.text,
    callbackUrl,
  ];
  params.push(callback.state, callback.error, callback.token, emission.state, emission.error, emission.token);
  params.push(Math.max(callback.leaseMs, emission.leaseMs), WINDOW_MS.callback, WINDOW_MS.event);
  if (Object.keys(content.columns).length > 0) params.push(columnsJson(content.columns));
  return params;
}

function finishParams(
  kind: FollowUp,
  { id, leaseToken }: { id: string; leaseToken: string },
  outcome: Outcome,
): Params {
  const delayMs = outcome.state === 'retry' ? outcome.delayMs : 0;
  const params: Params = [id, leaseToken, outcome.state, errorOf(outcome), delayMs];
  if (kind === 'event') params.push(outcome.state === 'done' ? (outcome.eventId ?? null) : null);
  return params;
}

/** One JSON object, whose values the server casts to the columns' types; a list or an object stays JSON. */
function columnsJson(columns: Columns): string {
  const texts = Object.entries(columns).map(([name, value]): [string, string] => [
    name,
    typeof value === 'object' && value !== null && 'json' in value ? value.json : JSON.stringify(value),
  ]);
  return objectOf(new Map(texts));
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

function toLeasedWork(row: unknown, leaseToken: string): LeasedWork {
  return {
    id: String(field(row, 'id')),
    idempotencyKey: String(field(row, 'idempotency_key')),
    savedAt: String(field(row, 'saved_at')),
    callbackUrl: String(field(row, 'callback_url')),
    payload: String(field(row, 'payload')),
    attempts: Number(field(row, 'attempts')),
    leaseToken,
  };
}
