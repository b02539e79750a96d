import type { Database } from '../../db/database.js';
import { plainArray } from '../../db/plain-array.js';
import { asServiceAtOnce } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import { TextArray } from '../../db/text-array.js';
import type { Outcome, Prepared } from '../stages.js';

const RECORD = loadSql(import.meta.url, './record.sql');

export interface Attempted {
  readonly prepared: Prepared;
  readonly outcome: Outcome;
}

export interface Recorded {
  /**
   * False when the lease had ended: the result joined the history, or was dropped with its webhook. Null when somebody else's transaction
   * holds the webhook: nothing was written, and the result is to be recorded later.
   */
  readonly isRecorded: boolean | null;
  readonly status: 'success' | 'retrying' | 'failed' | null;
  readonly nextRetryAt: Date | null;
  /** Whether the webhook may not be called for now: gone, paused, or held by its breaker. */
  readonly isStopped: boolean;
}

/** What the database does not tell of: most results. */
type Told = Recorded & { readonly deliveryId: string; readonly leaseId: string | null };
const SUCCESS: Recorded = { isRecorded: true, status: 'success', nextRetryAt: null, isStopped: false };

/** Writes a batch of results in one statement, and gives what came of each. Throws what the database throws; nothing is written then. */
export async function record(db: Database, batch: readonly Attempted[]): Promise<Recorded[]> {
  const deliveries = batch.map(({ prepared }) => prepared.delivery);
  const answers = batch.map(({ outcome }) => (outcome.kind === 'responded' ? outcome : undefined));
  const failures = batch.map(({ outcome }) => (outcome.kind === 'unanswered' ? outcome : undefined));
  const [told] = await asServiceAtOnce<Told>(db, [
    RECORD,
    [
      plainArray(deliveries.map(({ deliveryId }) => deliveryId)),
      plainArray(deliveries.map(({ webhookId }) => webhookId)),
      plainArray(deliveries.map(({ leaseId }) => leaseId)),
      plainArray(deliveries.map(({ attempt }) => attempt)),
      plainArray(batch.map(({ prepared }) => prepared.attemptedAt.toISOString())),
      unlessAllNull(deliveries.map(({ isStoredUrl, url }) => (isStoredUrl ? null : url))),
      new TextArray(batch.map(({ prepared }) => JSON.stringify(prepared.headers))),
      // There is none of what could not be prepared.
      plainArray(batch.map(({ prepared }) => (prepared.signature === '' ? null : prepared.signature))),
      plainArray(answers.map((answer) => answer?.status ?? null)),
      new TextArray(answers.map((answer) => (answer === undefined ? null : storableHeaders(answer.headers)))),
      new TextArray(answers.map((answer) => (answer === undefined ? null : storableText(answer.body)))),
      plainArray(batch.map(({ outcome }) => outcome.timeMs)),
      unlessAllNull(failures.map((failure) => failure?.code ?? null)),
      unlessAllNull(failures.map((failure) => failure?.message ?? null)),
      unlessAllNull(answers.map((answer) => answer?.retryAfterSeconds ?? null)),
    ],
  ]);
  const notable = new Map(told?.rows.map((row) => [row.deliveryId + row.leaseId, row]));
  return deliveries.map(({ deliveryId, leaseId }) => notable.get(deliveryId + leaseId) ?? SUCCESS);
}

/** unnest gives nulls for an array that is null, beside others. */
function unlessAllNull<T>(values: readonly (T | null)[]): readonly (T | null)[] | null {
  return values.every((value) => value === null) ? null : values;
}

/** PostgreSQL holds neither NUL nor lone surrogates; U+FFFD stands in for both. */
function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** As JSON. Node reads header bytes as Latin-1, so that a value which PostgreSQL refuses would be a surprise: it is looked for in the text. */
function storableHeaders(headers: Readonly<Record<string, string | string[]>>): string {
  const json = JSON.stringify(headers);
  return /\\u(0000|d[89a-f])/i.test(json)
    ? JSON.stringify(headers, (_, value: unknown) => (typeof value === 'string' ? storableText(value) : value))
    : json;
}
