import type { DeliveryChange, HooklineClient } from '@hookline/client';
import { IsUuid } from 'typebox/format';
import type { StreamQuery } from '../filter.js';

type Delivery = DeliveryChange['delivery'];

/** What was attempted may have been made before. */
const MADE_BEFORE_MS = 600_000;
/** What ended in the gap began before it, by a call's time-out (300 s at most) and a moment. */
const LONGEST_ATTEMPT_MS = 305_000;
export const MOST_CAUGHT_UP = 1_000;

export interface Gap {
  /** When the last change was told. */
  readonly since: Date;
  /** Attempts that began before this are none of ours. */
  readonly begun: Date;
  /** Whether an attempt is still to be forwarded. */
  readonly isDue: (delivery: Delivery) => boolean;
}

/**
 * After a gap of the stream: deliveries whose attempts may have ended in it and are due, the oldest first, by their list. Of those that were made more than ten minutes
 * before it knows nothing. `isCut`: there are more than a thousand, and the older ones are left out. Throws what the client throws.
 */
export async function attemptedSince(
  client: HooklineClient,
  { status: _, ...query }: StreamQuery,
  { since, begun, isDue }: Gap,
  signal: AbortSignal,
): Promise<{ readonly deliveries: readonly Delivery[]; readonly isCut: boolean }> {
  const made = new Date(since.getTime() - MADE_BEFORE_MS).toISOString();
  const from = Math.max(begun.getTime(), since.getTime() - LONGEST_ATTEMPT_MS);
  const found: Delivery[] = [];
  for await (const delivery of client.each('/v1/deliveries', {
    params: { query: { ...query, since: made, limit: 100 } },
    signal,
  })) {
    const { id, attempted_at } = delivery;
    if (attempted_at === null || Date.parse(attempted_at) < from || !IsUuid(id) || !isDue(delivery)) continue;
    if (found.length === MOST_CAUGHT_UP) return { deliveries: found.reverse(), isCut: true };
    found.push(delivery);
  }
  return { deliveries: found.reverse(), isCut: false };
}
