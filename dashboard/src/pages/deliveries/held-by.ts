import type { Webhook } from './delivery-types.js';

type Held = Pick<Webhook, 'is_active' | 'paused_until' | 'breaker_since' | 'breaker_until'>;

/** What keeps a webhook's deliveries from being sent, and until when where that is known. */
export interface Hold {
  readonly why: 'inactive' | 'paused' | 'breaker';
  readonly until: string | null;
}

/** What keeps a webhook's deliveries from being sent beyond `due` (ms since 1970), when the next attempt is due; undefined: nothing that its settings tell. */
export function heldBy(webhook: Held, due: number): Hold | undefined {
  const { is_active: isActive, paused_until: pausedUntil, breaker_since: since, breaker_until: breakerUntil } = webhook;
  if (!isActive) return { why: 'inactive', until: null };
  if (pausedUntil !== null && Date.parse(pausedUntil) > due) return { why: 'paused', until: pausedUntil };
  if (since !== null && breakerUntil !== null && Date.parse(breakerUntil) > due) {
    return { why: 'breaker', until: breakerUntil };
  }
  return undefined;
}
