import { expect } from 'vitest';
import type { Database, Param, Queryable } from '../../src/db/database.js';
import { asService, asUser } from '../../src/db/roles.js';
import { asUserId } from '../harness/databases.js';

/** What a client sees of an error that PostgreSQL raised. */
export interface SqlError {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

export const INSUFFICIENT_PRIVILEGE = '42501';
export const NOBODY = '00000000-0000-4000-8000-000000000000';

/** The error that `promise` is rejected with; throws when it is not, or when the error is none of PostgreSQL's. */
export async function sqlError(promise: Promise<unknown>): Promise<SqlError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw new Error('Expected an error of PostgreSQL, and none came.');
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
  const hint = 'hint' in error && typeof error.hint === 'string' && error.hint !== '' ? error.hint : undefined;
  return { code: error.code, message: error.message, hint };
}

/** Expects an error that tells what to do: a message and a HINT, raised on purpose (no internal failure). */
export async function expectHint(promise: Promise<unknown>): Promise<SqlError> {
  const error = await sqlError(promise);
  expect(error.hint, `${error.code} ${error.message} should carry a HINT`).toMatch(/\S/);
  expect(error.code, error.message).not.toMatch(/^(XX|42)/);
  return error;
}

/** Runs one statement that gives rows and returns them as JSON makes them: numbers are numbers, times ISO strings, on both drivers. */
export async function rows<Row = Record<string, unknown>>(
  q: Queryable,
  sql: string,
  params: readonly Param[] = [],
): Promise<Row[]> {
  const result = await q.query<{ r: Row }>(`WITH r AS (${sql}) SELECT row_to_json(r) AS r FROM r`, params);
  return result.rows.map(({ r }) => r);
}

/** As `rows`, for a statement that gives exactly one row. */
export async function one<Row = Record<string, unknown>>(
  q: Queryable,
  sql: string,
  params: readonly Param[] = [],
): Promise<Row> {
  const all = await rows<Row>(q, sql, params);
  const [row] = all;
  if (all.length !== 1 || row === undefined) throw new Error(`Expected one row, got ${all.length}: ${sql}`);
  return row;
}

/** As somebody without a session: role `anon`, no `sub`. */
export function asAnon<T>(db: Database, fn: (tx: Queryable) => Promise<T>): Promise<T> {
  return asUser(db, { role: 'anon' }, fn);
}

export interface Hook {
  readonly id: string;
  readonly secret: string;
  readonly user: string;
  readonly url: string;
}

export interface HookOptions {
  readonly name?: string;
  readonly url?: string;
  readonly types?: readonly string[];
  readonly retryEnabled?: boolean;
  readonly maxRetries?: number;
}

let made = 0;

/** Makes a webhook through `create_webhook`, as its owner. */
export async function makeHook(db: Database, user: string, options: HookOptions = {}): Promise<Hook> {
  made += 1;
  const url = options.url ?? `https://receiver.example.com/${made}`;
  const row = await asUserId(db, user, (tx) =>
    one<{ webhook_id: string; webhook_secret: string }>(
      tx,
      `SELECT * FROM create_webhook(p_name := $1::text, p_url := $2::text, p_event_types := $3::text[],
         p_retry_enabled := $4::boolean, p_max_retries := $5::integer)`,
      [
        options.name ?? `Webhook ${made}`,
        url,
        options.types ?? ['video.generated'],
        options.retryEnabled ?? true,
        options.maxRetries ?? 3,
      ],
    ),
  );
  return { id: row.webhook_id, secret: row.webhook_secret, user, url };
}

export interface Triggered {
  readonly delivery_id: string;
  readonly webhook_id: string;
  readonly webhook_url: string;
}

/** `trigger_webhook_event` as the service; without `user` the third argument is left out. */
export function trigger(db: Database, type: string, payload: unknown, user?: string): Promise<Triggered[]> {
  const body = JSON.stringify(payload);
  return asService(db, (tx) =>
    user === undefined
      ? rows<Triggered>(tx, 'SELECT * FROM trigger_webhook_event($1::text, $2::jsonb)', [type, body])
      : rows<Triggered>(tx, 'SELECT * FROM trigger_webhook_event($1::text, $2::jsonb, $3::uuid)', [type, body, user]),
  );
}

/** One row of a table by its id, as the service sees it. */
export function rowOf<Row = Record<string, unknown>>(db: Database, table: string, id: string): Promise<Row> {
  return asService(db, (tx) => one<Row>(tx, `SELECT * FROM ${table} WHERE id = $1::uuid`, [id]));
}

/** The columns of a finished delivery that tests vary; SQL expressions, so that times are the database's. */
export interface DeliveryFields {
  readonly status: 'pending' | 'success' | 'retrying' | 'failed';
  readonly type?: string;
  readonly endedAt?: string;
  readonly responseStatus?: number | null;
  readonly responseTimeMs?: number | null;
  /** The time zone of the session that writes; it must make no difference. */
  readonly zone?: string;
}

/** Writes a delivery as the service, by the columns of the specification alone, and returns its id. */
export async function putDelivery(db: Database, hook: Hook, fields: DeliveryFields): Promise<string> {
  const ended = fields.endedAt ?? 'now()';
  const row = await asService(db, async (tx) => {
    await tx.query(`SET LOCAL TimeZone = '${fields.zone ?? 'UTC'}'`);
    return one<{ id: string }>(
      tx,
      `INSERT INTO webhook_deliveries (webhook_id, event_type, request_url, request_payload, status, attempt_number,
         max_attempts, response_status, response_time_ms, delivered_at, failed_at)
       VALUES ($1::uuid, $2::text, $3::text, '{"video_id":"v1"}', $4::text, 4, 4, $5::integer, $6::integer,
         CASE WHEN $4::text = 'success' THEN ${ended} END, CASE WHEN $4::text = 'failed' THEN ${ended} END)
       RETURNING id`,
      [
        hook.id,
        fields.type ?? 'video.generated',
        hook.url,
        fields.status,
        fields.responseStatus ?? null,
        fields.responseTimeMs ?? null,
      ],
    );
  });
  return row.id;
}
