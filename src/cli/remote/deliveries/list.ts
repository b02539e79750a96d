import { ok } from '@hookline/client';
import type { ConnectionOptions } from '../connection.js';
import { printList } from '../list.js';
import type { ListOptions } from '../list-options.js';
import { userOf } from '../options.js';
import { withServer } from '../run.js';
import { DELIVERY_COLUMNS, type DeliveryStatus } from './text.js';

interface DeliveryListOptions extends ConnectionOptions, ListOptions {
  readonly json?: boolean;
  readonly user?: string;
  readonly status?: DeliveryStatus;
  readonly webhook?: string;
  readonly event?: string;
  readonly eventId?: string;
  readonly response?: string;
  readonly since?: string;
  readonly until?: string;
}

/** `deliveries list`. */
export async function listDeliveries(options: DeliveryListOptions): Promise<void> {
  const { user, status, webhook, event, eventId, response, since, until } = options;
  const filter = {
    ...userOf(user),
    ...(status !== undefined && { status }),
    ...(webhook !== undefined && { webhook_id: webhook }),
    ...(event !== undefined && { event_type: event }),
    ...(eventId !== undefined && { event_id: eventId }),
    ...(response !== undefined && { response_status: response }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
  await withServer(options, async ({ client }) => {
    await printList(
      DELIVERY_COLUMNS,
      async (page) => ok(await client.GET('/v1/deliveries', { params: { query: { ...filter, ...page } } })),
      'deliveries',
      options,
    );
  });
}
