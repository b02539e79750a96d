import type { SvixEndpoint } from './read.js';

/** A connection in a transaction, as the role `service_role`: pg's client, for example. */
export interface Sql {
  query<Row>(text: string, params: readonly unknown[]): Promise<{ rows: Row[] }>;
}

const EVENT_TYPE = `INSERT INTO webhook_events (event_type, category, description) VALUES ($1, left($2, 50), $3)
  ON CONFLICT (event_type) DO NOTHING`;

// Svix tries for 28 hours. Ten retries, the first after 100 s and each after twice as long, end 28 hours after the first attempt, too; Hookline's default would end after 7 minutes.
const WEBHOOK = `INSERT INTO webhooks (user_id, name, url, description, secret, is_active, rate_limit_per_second, metadata, max_retries, retry_delay_seconds)
  SELECT u.id, left(coalesce(nullif($2, ''), $3), 255), $3, $2, $4, $5, $6::integer, jsonb_build_object('svix_endpoint_id', $7::text), 10, 100
  FROM hookline.ensure_user($1) u (id)
  WHERE NOT EXISTS (SELECT FROM webhooks w WHERE w.user_id = u.id AND w.metadata ->> 'svix_endpoint_id' = $7)
  RETURNING id::text`;

const SUBSCRIBE = `INSERT INTO webhook_event_subscriptions (webhook_id, event_type)
  SELECT $1::uuid, e.event_type FROM webhook_events e WHERE e.event_type = ANY ($2::text[])`;

/** Registers an event type; one of that name stays as it is. */
export async function writeEventType(
  sql: Sql,
  type: { readonly name: string; readonly group: string; readonly description: string },
): Promise<void> {
  await sql.query(EVENT_TYPE, [type.name, type.group, type.description]);
}

/**
 * Makes the webhook with its secret, or leaves it alone when it was moved before. An endpoint without filterTypes gets each of `allTypes`.
 * Gives what a person has to look at.
 */
export async function writeEndpoint(
  sql: Sql,
  moved: SvixEndpoint,
  allTypes: readonly string[],
): Promise<{ isNew: boolean; notes: string[] }> {
  const { customer, endpoint, secret, headers, hiddenHeaders } = moved;
  const notes: string[] = [];
  const hasSecret = secret.startsWith('whsec_');
  if (!hasSecret) notes.push('has an asymmetric key, which cannot come along: made inactive, with a secret of ours');
  const channels = endpoint.channels ?? [];
  if (channels.length > 0) notes.push(`listens to channels (${channels.join(', ')}), here filters: made inactive`);
  if (hiddenHeaders.length > 0) notes.push(`needs its headers ${hiddenHeaders.join(', ')} again: made inactive`);

  const { rows } = await sql.query<{ id: string }>(WEBHOOK, [
    customer,
    endpoint.description,
    endpoint.url,
    // One of ours is as long, and random too.
    hasSecret ? secret : crypto.randomUUID().replaceAll('-', '') + crypto.randomUUID().replaceAll('-', ''),
    endpoint.disabled !== true && notes.length === 0,
    endpoint.rateLimit ?? null,
    endpoint.id,
  ]);
  const [webhook] = rows;
  if (webhook === undefined) return { isNew: false, notes: [] };
  await sql.query(SUBSCRIBE, [webhook.id, endpoint.filterTypes ?? allTypes]);
  if (Object.keys(headers).length > 0) {
    await sql.query('SELECT FROM set_webhook_headers($1::uuid, $2::jsonb)', [webhook.id, JSON.stringify(headers)]);
  }
  return { isNew: true, notes };
}
