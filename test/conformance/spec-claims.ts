import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { type Hook, one, rows } from './spec-helpers.js';

/** A row of get_pending_webhook_retries. */
export interface Pending {
  readonly delivery_id: string;
  readonly webhook_id: string;
  readonly webhook_url: string;
  readonly webhook_secret: string;
  readonly event_type: string;
  readonly request_payload: unknown;
  readonly attempt_number: number;
  readonly max_attempts: number;
}

export interface RetryingFields {
  /** Attempts begun so far; default 1. */
  readonly attempts?: number;
  /** Default 4. */
  readonly maxAttempts?: number;
  /** When it is due, as an SQL expression; default now. */
  readonly due?: string;
}

/** Writes a delivery that waits for its next attempt, as the service, and returns its id. */
export async function putRetrying(db: Database, hook: Hook, fields: RetryingFields = {}): Promise<string> {
  const row = await asService(db, (tx) =>
    one<{ id: string }>(
      tx,
      `INSERT INTO webhook_deliveries (webhook_id, event_type, request_url, request_payload, status, attempt_number,
         max_attempts, next_retry_at)
       VALUES ($1::uuid, 'video.generated', $2::text, '{"video_id":"v1"}', 'retrying', $3::integer, $4::integer,
         ${fields.due ?? 'now()'})
       RETURNING id`,
      [hook.id, hook.url, fields.attempts ?? 1, fields.maxAttempts ?? 4],
    ),
  );
  return row.id;
}

/** `get_pending_webhook_retries` as the service; without `limit` the argument is left out. */
export function claim(db: Database, limit?: number): Promise<Pending[]> {
  return asService(db, (tx) =>
    limit === undefined
      ? rows<Pending>(tx, 'SELECT * FROM get_pending_webhook_retries()')
      : rows<Pending>(tx, 'SELECT * FROM get_pending_webhook_retries(p_limit := $1::integer)', [limit]),
  );
}

export function idsOf(all: readonly Pending[]): string[] {
  return all.map(({ delivery_id }) => delivery_id).sort();
}
