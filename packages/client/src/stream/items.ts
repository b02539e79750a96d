import type { components } from '../api-types.js';
import type { EventBlock } from './event-blocks.js';

const CHANGES = ['created', 'retrying', 'attempted', 'succeeded', 'failed'] as const;

/** A delivery was made, or became something else. */
export interface DeliveryChange {
  readonly kind: (typeof CHANGES)[number];
  /** After which a stream goes on: `Last-Event-ID`. */
  readonly id: string;
  readonly changed_at: string;
  /** The delivery as it was after the change. */
  readonly delivery: components['schemas']['DeliverySummary'];
}

/**
 * What a stream yields. `open`: from here on nothing is missed, so that a list is read now and not before. `gap`: some
 * changes cannot be told any more, and the list is to be read again.
 */
export type DeliveryStreamItem = DeliveryChange | { readonly kind: 'open' | 'gap'; readonly id: string };

/** What a block tells; undefined for a heart-beat, and for events that this version does not know. */
export function itemOf({ id = '', event, data }: EventBlock): DeliveryStreamItem | undefined {
  if (event === 'open' || event === 'gap') return { kind: event, id };
  const kind = CHANGES.find((known) => known === event);
  return kind && { ...(JSON.parse(data) as Omit<DeliveryChange, 'kind' | 'id'>), kind, id };
}
