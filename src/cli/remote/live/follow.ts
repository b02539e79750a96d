import type { DeliveryStreamItem, HooklineClient } from '@hookline/client';
import { IsUuid } from 'typebox/format';
import type { StreamQuery } from './filter.js';

export interface Following {
  readonly client: HooklineClient;
  readonly query: StreamQuery;
  /** Ends it. */
  readonly stop: AbortSignal;
  /** Is told of each break of the connection, before it is opened again. */
  readonly onInterrupted: (error: unknown) => void;
}

/**
 * The live stream until `stop` is aborted, over as many connections as it takes. Of deliveries whose ids are none nothing is told: they go into paths of later
 * calls.
 * @throws what `streamDeliveries` throws.
 */
export async function* follow({ client, query, stop, onInterrupted }: Following): AsyncGenerator<DeliveryStreamItem> {
  try {
    for await (const item of client.streamDeliveries({ params: { query }, signal: stop, onInterrupted })) {
      if ('delivery' in item && !(IsUuid(item.delivery.id) && IsUuid(item.delivery.webhook_id))) continue;
      yield item;
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}
