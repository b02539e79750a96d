import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import type { Outcome, Prepared } from '../stages.js';

const RECORD = loadSql(import.meta.url, './record.sql');

export interface Attempted {
  readonly prepared: Prepared;
  readonly outcome: Outcome;
}

export interface Recorded {
  readonly deliveryId: string;
  readonly leaseId: string;
  /**
   * False when the lease had ended: the result joined the history, or was dropped with its webhook. Null when somebody else's transaction
   * holds the webhook: nothing was written, and the result is to be recorded later.
   */
  readonly isRecorded: boolean | null;
  readonly status: 'success' | 'retrying' | 'failed' | null;
  readonly nextRetryAt: Date | null;
}

/** Writes a batch of results in one statement. Throws what the database throws; nothing is written then. */
export async function record(db: Database, batch: readonly Attempted[]): Promise<Recorded[]> {
  const results = JSON.stringify(batch.map(toResult));
  const { rows } = await asService(db, (tx) => tx.query<Recorded>(RECORD, [results]));
  return rows;
}

function toResult({ prepared, outcome }: Attempted): Record<string, unknown> {
  const { delivery } = prepared;
  const common = {
    delivery_id: delivery.deliveryId,
    webhook_id: delivery.webhookId,
    lease_id: delivery.leaseId,
    attempt_number: delivery.attempt,
    attempted_at: prepared.attemptedAt.toISOString(),
    request_url: delivery.url,
    request_headers: prepared.headers,
    request_signature: prepared.signature,
    response_time_ms: outcome.timeMs,
  };
  if (outcome.kind === 'unanswered') return { ...common, error_code: outcome.code, error_message: outcome.message };
  return {
    ...common,
    response_status: outcome.status,
    response_headers: storable(outcome.headers),
    response_body: storableText(outcome.body),
    retry_after_seconds: outcome.retryAfterSeconds,
  };
}

/** PostgreSQL holds neither NUL nor lone surrogates; U+FFFD stands in for both. */
function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

function storable(headers: Readonly<Record<string, string | string[]>>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      storableText(name),
      Array.isArray(value) ? value.map(storableText) : storableText(value),
    ]),
  );
}
