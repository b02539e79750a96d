import type { DeliveryStreamItem, HooklineClient } from '@hookline/client';
import { IsUuid } from 'typebox/format';
import { HooklineError } from '../../../errors.js';
import type { StreamQuery } from './filter.js';

export interface Following {
  readonly client: HooklineClient;
  readonly query: StreamQuery;
  /** Ends it. */
  readonly stop: AbortSignal;
  /** Is told of each break of the connection, before it is opened again. */
  readonly onInterrupted?: (error: unknown) => void;
}

/**
 * The live stream until `stop` is aborted, over as many connections as it takes. Of deliveries whose ids are none nothing is told: they go into paths of later
 * calls.
 * @throws what `streamDeliveries` throws; `server_unreachable` where no connection holds until it is open.
 */
export async function* follow({ client, query, stop, onInterrupted }: Following): AsyncGenerator<DeliveryStreamItem> {
  try {
    const init = { params: { query }, signal: stop, ...(onInterrupted !== undefined && { onInterrupted }) };
    for await (const item of client.streamDeliveries(init)) {
      // Of a server that is none it may be null.
      if ('delivery' in item && !(IsUuid(item.delivery?.id) && IsUuid(item.delivery.webhook_id))) continue;
      yield item;
    }
  } catch (error) {
    if (stop.aborted) return;
    if (!(error instanceof TypeError)) throw error;
    throw new HooklineError('server_unreachable', 'The live stream does not come about.', {
      cause: error,
      hint: 'A proxy before the server may end it, or hold it back: it is one answer that goes on, of type text/event-stream.',
    });
  }
}
