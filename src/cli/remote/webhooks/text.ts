import type { components } from '@hookline/client';
import { timeOf } from '../../times.js';
import type { Column } from '../rows.js';
import type { Style } from '../style.js';

export type Webhook = components['schemas']['Webhook'];
export type Subscription = components['schemas']['Subscription'];
type Pairs = readonly (readonly [name: string, value: string | number | boolean | null])[];

/** How a webhook stands, in a word or two: what keeps it from being called comes first. Whether it has to be verified for that, the server alone knows. */
export function stateOf(webhook: Webhook, now = Date.now()): string {
  const { is_active, disabled_reason, breaker_until, paused_until, failing_since } = webhook;
  if (!is_active) return disabled_reason === null ? 'inactive' : 'disabled';
  if (breaker_until !== null) return 'breaker open';
  if (paused_until !== null && Date.parse(paused_until) > now) return 'paused';
  return failing_since === null ? 'active' : 'failing';
}

function styleOf(webhook: Webhook): Style {
  const state = stateOf(webhook);
  if (state === 'active') return 'green';
  return state === 'inactive' ? 'dim' : state === 'disabled' || state === 'breaker open' ? 'red' : 'yellow';
}

export const WEBHOOK_COLUMNS: readonly Column<Webhook>[] = [
  { name: 'id', of: ({ id }) => id },
  { name: 'name', of: ({ name }) => name, cutTo: 8 },
  { name: 'state', of: (webhook) => stateOf(webhook), style: styleOf },
  { name: 'url', of: ({ url }) => url, cutTo: 12 },
  { name: 'verified', of: ({ is_verified: isVerified }) => isVerified, isOptional: true },
  { name: 'events', of: ({ subscribed_event_types: count }) => count, isOptional: true },
  { name: 'success', of: successOf, isOptional: true },
  { name: 'last delivery', of: ({ last_delivery_at: at }) => timeOf(at), isOptional: true },
];

function successOf({ total_deliveries: total, successful_deliveries: good }: Webhook): string | null {
  return total > 0 ? `${((100 * good) / total).toFixed(1)} %` : null;
}

/** All that a person asks of a webhook. */
export function webhookPairs(webhook: Webhook, subscriptions: readonly Subscription[], hasMore: boolean): Pairs {
  return [
    ['id', webhook.id],
    ['name', webhook.name],
    ['url', webhook.url],
    ...some('description', webhook.description),
    ['state', stateInFull(webhook)],
    ['verified', verificationOf(webhook)],
    ['event types', subscriptions.length === 0 ? 'none' : namesOf(subscriptions) + (hasMore ? ', and more' : '')],
    ['deliveries', `${webhook.successful_deliveries} successful, ${webhook.failed_deliveries} failed`],
    ['last delivery', timeOf(webhook.last_delivery_at)],
    ['retries', retriesOf(webhook)],
    ['timeout', `${webhook.timeout_seconds} s`],
    ...some('rate limit', rateOf(webhook)),
    ...some('ordered', orderOf(webhook)),
    ['signed with', webhook.signature_algorithm + (webhook.sign_asymmetric ? ', Ed25519' : '')],
    ...some('earlier secret signs until', timeOf(webhook.secret_overlap_ends_at)),
    ...some('metadata', Object.keys(webhook.metadata).length === 0 ? null : JSON.stringify(webhook.metadata)),
    ['user', webhook.user_id],
    ['created', timeOf(webhook.created_at)],
    ['changed', timeOf(webhook.updated_at)],
  ];
}

function stateInFull(webhook: Webhook): string {
  const state = stateOf(webhook);
  if (state === 'disabled') return `disabled: ${webhook.disabled_reason}`;
  if (state === 'breaker open') return `breaker open since ${timeOf(webhook.breaker_since)}: only probes go`;
  if (state === 'paused') return `paused until ${timeOf(webhook.paused_until)}, as its endpoint asked`;
  return state === 'failing' ? `failing since ${timeOf(webhook.failing_since)}` : state;
}

function verificationOf(webhook: Webhook): string {
  if (webhook.is_verified) return timeOf(webhook.verified_at) ?? 'yes';
  if (webhook.verification_requested_at !== null) return 'under way';
  const { verification_error: error, verification_error_code: code } = webhook;
  return code === null ? 'no' : `no: ${error ?? ''} (${code})`;
}

function namesOf(subscriptions: readonly Subscription[]): string {
  return subscriptions
    .map(({ event_type: type, filters, is_active: isActive }) => {
      const notes = [...(filters === null ? [] : ['filtered']), ...(isActive ? [] : ['inactive'])];
      return notes.length === 0 ? type : `${type} (${notes.join(', ')})`;
    })
    .join(', ');
}

function retriesOf({ retry_enabled: isOn, max_retries: most, retry_delay_seconds: delay }: Webhook): string {
  return isOn && most > 0 ? `${most}, the first after ${delay} s` : 'none';
}

function rateOf({ rate_limit_per_second: rate, rate_limit_burst: burst }: Webhook): string | null {
  if (rate === null) return null;
  return `${rate} a second${burst === null ? '' : `, ${burst} at once`}`;
}

function orderOf({ is_ordered: isOrdered, ordering_key_path: path }: Webhook): string | null {
  if (!isOrdered) return null;
  return path === null ? 'one delivery at a time' : `one delivery at a time for each ${path}`;
}

function some(name: string, value: string | null): Pairs {
  return value === null || value === '' ? [] : [[name, value]];
}
