import { Type } from 'typebox';
import { jsonObject, nullable, timestamp, uuid } from '../v1/schemas.js';

const algorithm = Type.Enum(['sha256', 'sha512'], {
  type: 'string',
  description: 'Of the HMAC that signs deliveries.',
});
const rate = (description: string) => nullable(Type.Integer({ minimum: 1, maximum: 10_000 }), description);

/** What an owner sets of a webhook. */
const SETTINGS = {
  name: Type.String({ minLength: 1, maxLength: 255 }),
  url: Type.String({ minLength: 1, maxLength: 8192, description: 'Where deliveries are posted; http or https.' }),
  description: nullable(Type.String({ maxLength: 65_536 })),
  signature_algorithm: algorithm,
  is_active: Type.Boolean({ description: 'An inactive webhook gets no events.' }),
  retry_enabled: Type.Boolean(),
  max_retries: Type.Integer({ minimum: 0, maximum: 10 }),
  retry_delay_seconds: Type.Integer({
    minimum: 1,
    maximum: 3600,
    description: 'Before the first retry; doubles with each.',
  }),
  timeout_seconds: Type.Integer({ minimum: 1, maximum: 300, description: 'For the whole call.' }),
  rate_limit_per_second: rate('Calls a second; null: no limit.'),
  rate_limit_burst: rate('Calls at once after a pause; null: as many as a second has.'),
  is_ordered: Type.Boolean({ description: 'One delivery at a time, in order of creation.' }),
  ordering_key_path: nullable(
    Type.String({ maxLength: 255 }),
    'Ordered for each value at this JSON pointer (RFC 6901) into the payload; null: over all.',
  ),
  sign_asymmetric: Type.Boolean({
    description: 'Also signed with Ed25519 (`v1a,`), by the keys at `/.well-known/webhook-keys`.',
  }),
  metadata: jsonObject("The owner's own, at most 64 KiB."),
};

export const EVENT_TYPE = Type.String({ minLength: 1, maxLength: 100 });

/** For the service, which names the user that a thing is for. */
export const USER_NAME = {
  user_id: Type.Optional(uuid('For the service: the user, by the UUID of auth.users.')),
  external_user_id: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'For the service: the user, by the id that the application has.',
    }),
  ),
};

const { name, url, ...optional } = SETTINGS;

export const CreateWebhook = Type.Object(
  {
    name,
    url,
    ...Type.Partial(Type.Object(optional)).properties,
    event_types: Type.Optional(Type.Array(EVENT_TYPE, { maxItems: 500, description: 'To subscribe to.' })),
    ...USER_NAME,
  },
  { title: 'CreateWebhook', additionalProperties: false },
);

export const ChangeWebhook = Type.Object(Type.Partial(Type.Object(SETTINGS)).properties, {
  title: 'ChangeWebhook',
  additionalProperties: false,
  minProperties: 1,
  description: 'What is left out stays as it is.',
});

const PROPERTIES = {
  id: uuid(),
  user_id: uuid('Its owner.'),
  ...SETTINGS,
  is_verified: Type.Boolean({ description: 'The URL has proved that it wants these calls.' }),
  verified_at: nullable(timestamp()),
  verification_requested_at: nullable(timestamp('Since when a verification is wanted or under way.')),
  verification_error_code: nullable(Type.String(), 'Of the last verification.'),
  verification_error: nullable(Type.String()),
  subscribed_event_types: Type.Integer({ description: 'How many event types its active subscriptions are of.' }),
  total_deliveries: Type.Integer({ description: 'Ended deliveries.' }),
  successful_deliveries: Type.Integer(),
  failed_deliveries: Type.Integer(),
  consecutive_failures: Type.Integer({ description: 'Failed calls since the last success.' }),
  last_delivery_at: nullable(timestamp()),
  last_success_at: nullable(timestamp()),
  last_failure_at: nullable(timestamp()),
  failing_since: nullable(timestamp(), 'Since when it has only failed.'),
  inactive_since: nullable(timestamp()),
  disabled_reason: nullable(Type.String(), 'Why the system made it inactive.'),
  paused_until: nullable(timestamp(), 'Its Retry-After is kept to.'),
  breaker_since: nullable(timestamp(), 'Since when only probes go.'),
  breaker_until: nullable(timestamp(), 'When the next probe may go.'),
  secret_overlap_ends_at: nullable(timestamp(), 'Until when an earlier secret signs, too.'),
  created_at: timestamp(),
  updated_at: timestamp('When its settings last changed.'),
};

export const Webhook = Type.Object(PROPERTIES, { title: 'Webhook' });

export const CreatedWebhook = Type.Object(
  {
    ...PROPERTIES,
    event_types: Type.Array(Type.String(), { description: 'What it is subscribed to.' }),
    secret: Type.String({
      description: 'Signs its deliveries. `GET /v1/webhooks/{webhook_id}/secret` tells it again.',
    }),
  },
  { title: 'CreatedWebhook' },
);
