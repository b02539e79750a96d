import type { Queryable } from '../../db/database.js';
import { HooklineError } from '../../errors.js';
import { checkUrl, namingFields } from './refused-values.js';
import { readWebhook, type Versioned } from './webhooks.js';

/**
 * What an owner sets: the column, and the type that it is read with from JSON. Numbers are read as numeric: JSON writes 3 as 3.0, too, which is no
 * integer to PostgreSQL's parser.
 */
const SETTINGS = {
  name: 'text',
  url: 'text',
  description: 'text',
  signature_algorithm: 'text',
  is_active: 'boolean',
  retry_enabled: 'boolean',
  max_retries: 'numeric',
  retry_delay_seconds: 'numeric',
  timeout_seconds: 'numeric',
  rate_limit_per_second: 'numeric',
  rate_limit_burst: 'numeric',
  is_ordered: 'boolean',
  ordering_key_path: 'text',
  sign_asymmetric: 'boolean',
  metadata: 'jsonb',
} as const;

type Setting = keyof typeof SETTINGS;

/** Settings of a webhook: those that are given, and the JSON object that they stand in, in the digits that came. */
export interface GivenSettings {
  readonly values: Partial<Record<Setting, unknown>>;
  readonly jsonText: string;
}

/** A webhook that was just made: its secret is told this once, and where its owner asks for it. */
export interface CreatedWebhook extends Versioned {
  readonly id: string;
}

/**
 * Makes a webhook of the user, subscribed to these event types; what is not given has its default. Its JSON has `secret` and `event_types`, too.
 * Throws `invalid_url`, `invalid_parameter`, `unknown_event_type` or `webhook_quota_reached`.
 */
export async function createWebhook(
  tx: Queryable,
  given: GivenSettings,
  userId: string | null,
  eventTypes: readonly string[],
): Promise<CreatedWebhook> {
  const names = namesOf(given);
  const insert = `INSERT INTO public.webhooks (${['user_id', ...names].join(', ')})
    SELECT ${['coalesce($2::text::uuid, auth.uid())', ...names.map(read)].join(', ')} FROM ${record(names)}
    RETURNING id::text, secret`;
  const { rows } = await namingFields(tx.query<{ id: string; secret: string }>(insert, [given.jsonText, userId]));
  const [row] = rows;
  if (row === undefined) throw new HooklineError('internal_error');
  const subscribe =
    'SELECT s.subscribed_events::text AS types FROM public.subscribe_webhook_events($1::text::uuid, $2::text[]) s';
  const subscribed = await tx.query<{ types: string }>(subscribe, [row.id, eventTypes]);
  const { json, updatedAt } = await readWebhook(tx, row.id);
  const more = `"event_types":${subscribed.rows[0]?.types ?? '[]'},"secret":${JSON.stringify(row.secret)}`;
  return { id: row.id, json: `${json.slice(0, -1)},${more}}`, updatedAt };
}

/** Changes what is given of a webhook, at least one setting. Throws `webhook_not_found`, `invalid_url` or `invalid_parameter`. */
export async function changeWebhook(tx: Queryable, id: string, given: GivenSettings): Promise<Versioned> {
  const names = namesOf(given);
  const update = `UPDATE public.webhooks w SET ${names.map((name) => `${name} = ${read(name)}`).join(', ')}
    FROM ${record(names)} WHERE w.id = $2::text::uuid`;
  await namingFields(tx.query(update, [given.jsonText, id]));
  return readWebhook(tx, id);
}

function namesOf({ values }: GivenSettings): Setting[] {
  if (typeof values.url === 'string') checkUrl(values.url);
  return Object.keys(values).filter((name): name is Setting => Object.hasOwn(SETTINGS, name));
}

function record(names: readonly Setting[]): string {
  return `json_to_record($1::text::json) AS r (${names.map((name) => `${name} ${SETTINGS[name]}`).join(', ')})`;
}

function read(name: Setting): string {
  return SETTINGS[name] === 'numeric' ? `r.${name}::integer` : `r.${name}`;
}
