import type { Webhook } from './queries.js';

/** What can be said of a webhook's state in a word: one of how it fares, and whether its URL has proved itself. */
export type WebhookState =
  | 'active'
  | 'failing'
  | 'inactive'
  | 'disabled'
  | 'breakerOpen'
  | 'waiting'
  | 'unverified'
  | 'verifying';

/** The states of a webhook at a time in milliseconds, the one that matters most first. */
export function statesOf(webhook: Webhook, now: number): readonly WebhookState[] {
  const state = fate(webhook, now);
  if (webhook.is_verified) return [state];
  return [state, webhook.verification_requested_at === null ? 'unverified' : 'verifying'];
}

function fate(webhook: Webhook, now: number): WebhookState {
  const { is_active, disabled_reason, breaker_since, paused_until, failing_since } = webhook;
  if (!is_active) return disabled_reason === null ? 'inactive' : 'disabled';
  if (breaker_since !== null) return 'breakerOpen';
  if (paused_until !== null && Date.parse(paused_until) > now) return 'waiting';
  return failing_since === null ? 'active' : 'failing';
}

/** How many of its ended deliveries came through, in percent; null when none has ended. */
export function successRateOf({ total_deliveries: total, successful_deliveries: successful }: Webhook): number | null {
  return total === 0 ? null : (successful / total) * 100;
}
