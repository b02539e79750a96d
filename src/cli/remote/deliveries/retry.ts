import { ok } from '@hookline/client';
import type { ConnectionOptions } from '../connection.js';
import { printDone } from '../output.js';
import { withServer } from '../run.js';
import type { DeliverySummary } from './text.js';

/** `deliveries retry`: one after the other; the first that is refused ends it, and says so. */
export async function retryDeliveries(ids: readonly string[], options: ConnectionOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const due: DeliverySummary[] = [];
    try {
      for (const id of new Set(ids)) {
        due.push(
          ok(await client.POST('/v1/deliveries/{delivery_id}/retry', { params: { path: { delivery_id: id } } })),
        );
      }
    } finally {
      const what = due.length === 1 ? '1 delivery gets' : `${due.length} deliveries get`;
      if (due.length > 0)
        printDone(`${what} another attempt: ${due.map(({ id }) => id).join(', ')}.`, { data: due }, options);
    }
  });
}
