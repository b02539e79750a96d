import type { Queryable } from '../../db/database.js';
import { HooklineError } from '../../errors.js';
import type { Keyring } from '../../secrets/keyring.js';

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;
const SECRET = `SELECT json_build_object('secret', coalesce(w.long_sealed_secret, w.secret))::text AS json
  FROM public.webhooks w WHERE w.id = $1::text::uuid`;
const ROTATE = `SELECT json_build_object('secret', r.webhook_secret, 'overlap_ends_at', to_char(r.overlap_ends_at AT TIME ZONE 'UTC', ${UTC}))::text AS json
  FROM public.rotate_webhook_secret($1::text::uuid, make_interval(secs => $2::integer)) r`;
const END_OVERLAP = `SELECT json_build_object('ended_count', e.ended_count)::text AS json FROM public.end_webhook_secret_overlap($1::text::uuid) e`;
const VERIFY = `SELECT json_build_object('webhook_id', v.webhook_id, 'requested_at', to_char(v.requested_at AT TIME ZONE 'UTC', ${UTC}))::text AS json
  FROM public.request_webhook_verification($1::text::uuid) v`;
const TEST = `SELECT to_json(t)::text AS json
  FROM json_to_record($2::text::json) AS r (event_type text, payload jsonb), LATERAL public.send_test_webhook_event($1::text::uuid, r.event_type, r.payload) t`;

/** The secret that signs deliveries now, as `{"secret"}`. Throws `webhook_not_found`, `secret_key_missing` or `secret_unreadable`. */
export async function readSecret(tx: Queryable, webhookId: string, keyring: Keyring): Promise<string> {
  const stored: { readonly secret: string } = JSON.parse(await jsonOf(tx, SECRET, [webhookId]));
  return JSON.stringify({ secret: keyring.open({ kind: 'webhook', id: webhookId.toLowerCase() }, stored.secret) });
}

/**
 * Gives the webhook a new secret; the one before it signs beside it for so many seconds, 0 to 30 days. Gives `{"secret", "overlap_ends_at"}`.
 * Throws `webhook_not_found` or `too_many_secrets`.
 */
export const rotateSecret = (tx: Queryable, webhookId: string, overlapSeconds: number) =>
  jsonOf(tx, ROTATE, [webhookId, overlapSeconds]);

/** Ends the overlap of a rotation before its time. Gives `{"ended_count"}`. Throws `webhook_not_found`. */
export const endOverlap = (tx: Queryable, webhookId: string) => jsonOf(tx, END_OVERLAP, [webhookId]);

/** Asks for a verification of the URL, which a worker makes within seconds. Gives `{"webhook_id", "requested_at"}`. Throws `webhook_not_found`. */
export const requestVerification = (tx: Queryable, webhookId: string) => jsonOf(tx, VERIFY, [webhookId]);

/**
 * Sends a test event to this webhook alone: `event_type` and `payload` of the JSON object in `jsonText`, or those of the system. Gives `{"delivery_id",
 * "event_type"}`. Throws `webhook_not_found`, `unknown_event_type`, `webhook_inactive`, `webhook_unverified`, `test_too_soon`, `backlog_full` or `payload_too_large`.
 */
export const sendTestEvent = (tx: Queryable, webhookId: string, jsonText: string) =>
  jsonOf(tx, TEST, [webhookId, jsonText]);

async function jsonOf(tx: Queryable, sql: string, params: readonly (string | number)[]): Promise<string> {
  const { rows } = await tx.query<{ json: string }>(sql, params);
  const [row] = rows;
  if (row === undefined) throw new HooklineError('webhook_not_found');
  return row.json;
}
