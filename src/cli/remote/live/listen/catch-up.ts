import type { DeliveryChange, HooklineClient } from '@hookline/client';
import { IsUuid } from 'typebox/format';
import type { StreamQuery } from '../filter.js';

type Delivery = DeliveryChange['delivery'];

/** What was attempted may have been made before. */
const MADE_BEFORE_MS = 600_000;
export const MOST_CAUGHT_UP = 1_000;

/**
 * After a gap of the stream: deliveries that were attempted since `since`, the oldest first, by their list. Of those that were made more than ten minutes before it
 * knows nothing. `isCut`: there are more than a thousand, and the older ones are left out. Throws what the client throws.
 */
export async function attemptedSince(
  client: HooklineClient,
  { status: _, ...query }: StreamQuery,
  since: Date,
  signal: AbortSignal,
): Promise<{ readonly deliveries: readonly Delivery[]; readonly isCut: boolean }> {
  const made = new Date(since.getTime() - MADE_BEFORE_MS).toISOString();
  const found: Delivery[] = [];
  for await (const delivery of client.each('/v1/deliveries', {
    params: { query: { ...query, since: made, limit: 100 } },
    signal,
  })) {
    if (delivery.attempted_at === null || new Date(delivery.attempted_at) < since || !IsUuid(delivery.id)) continue;
    if (found.length === MOST_CAUGHT_UP) return { deliveries: found.reverse(), isCut: true };
    found.push(delivery);
  }
  return { deliveries: found.reverse(), isCut: false };
}
