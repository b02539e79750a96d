import { ok } from '@hookline/client';
import type { ConnectionOptions } from '../connection.js';
import { printDone } from '../output.js';
import { withServer } from '../run.js';
import { deliveriesOf } from './text.js';

/** `replay cancel`: one that has ended stays as it is, and is told so. */
export async function cancelReplay(id: string, options: ConnectionOptions): Promise<void> {
  await withServer(options, async ({ client }) => {
    const replay = ok(await client.POST('/v1/replays/{replay_id}/cancel', { params: { path: { replay_id: id } } }));
    const { state, created } = replay;
    const made = `${deliveriesOf(created)} ${created === 1 ? 'was' : 'were'} made`;
    printDone(state === 'cancelled' ? `Cancelled: ${made}.` : `It was ${state} before: ${made}.`, replay, options);
  });
}
