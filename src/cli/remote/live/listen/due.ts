import type { DeliveryChange, DeliveryStreamItem } from '@hookline/client';
import { LRUCache } from 'lru-cache';

type Delivery = DeliveryChange['delivery'];

/** An attempt is told within its time-out (300 s at most) and a moment. A change long after it is about something else: somebody has it tried again, or it waited too long. */
const TOLD_WITHIN_MS = 600_000;
const REMEMBERED = 100_000;

/** The delivery of a change that tells of an attempt which has just been made; undefined for any other. */
export function attemptIn(item: DeliveryStreamItem): Delivery | undefined {
  if (!('delivery' in item) || item.kind === 'created') return undefined;
  const { delivery, changed_at } = item;
  if (!(delivery.attempt_number >= 1) || delivery.attempted_at === null) return undefined;
  return Date.parse(changed_at) - Date.parse(delivery.attempted_at) > TOLD_WITHIN_MS ? undefined : delivery;
}

/** Which attempts the local server has still to get. */
export interface Due {
  /** Whether an attempt is to be forwarded. */
  wants(delivery: Delivery): boolean;
  /** As `wants`; it counts as known from then on. */
  take(delivery: Delivery): boolean;
  /** The local server took the delivery: its later attempts need not go there. */
  accepted(delivery: Delivery): void;
}

/** No attempt twice; later attempts of what was accepted only with `everyAttempt`. */
export function createDue(everyAttempt: boolean): Due {
  const known = new LRUCache<string, { readonly attempt: number; readonly isAccepted: boolean }>({ max: REMEMBERED });
  const wants = ({ id, attempt_number: attempt }: Delivery): boolean => {
    const last = known.get(id);
    return last === undefined || (attempt > last.attempt && (everyAttempt || !last.isAccepted));
  };
  return {
    wants,
    take(delivery) {
      if (!wants(delivery)) return false;
      const { id, attempt_number: attempt } = delivery;
      known.set(id, { attempt, isAccepted: known.get(id)?.isAccepted ?? false });
      return true;
    },
    accepted({ id, attempt_number: attempt }) {
      known.set(id, { attempt: Math.max(attempt, known.get(id)?.attempt ?? 0), isAccepted: true });
    },
  };
}
