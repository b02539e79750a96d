import { ok } from '@hookline/client';
import type { Command } from 'commander';
import type { ConnectionOptions } from '../connection.js';
import { printList } from '../list.js';
import type { ListOptions } from '../list-options.js';
import { userOf } from '../options.js';
import { printPairs } from '../output.js';
import { withServer } from '../run.js';
import { REPLAY_COLUMNS, type Replay, replayPairs } from './text.js';
import { watchReplay } from './watch.js';

interface ReplayListOptions extends ConnectionOptions, ListOptions {
  readonly user?: string;
  readonly state?: Replay['state'];
  readonly webhook?: string;
}

/** `replay list`. A webhook has lists of its own, which no state or user narrows. */
export async function listReplays(options: ReplayListOptions, command: Command): Promise<void> {
  const { user, state, webhook } = options;
  if (webhook !== undefined && (user !== undefined || state !== undefined)) {
    command.error('error: --webhook goes with neither --user nor --state');
  }
  const filter = { ...userOf(user), ...(state !== undefined && { state }) };
  await withServer(options, async ({ client }) => {
    await printList(
      REPLAY_COLUMNS,
      async (page) => {
        if (webhook === undefined)
          return ok(await client.GET('/v1/replays', { params: { query: { ...filter, ...page } } }));
        const params = { path: { webhook_id: webhook }, query: { ...page } };
        return ok(await client.GET('/v1/webhooks/{webhook_id}/replays', { params }));
      },
      'replays',
      options,
    );
  });
}

/** `replay show`. */
export async function showReplay(id: string, options: ConnectionOptions & { readonly wait?: boolean }): Promise<void> {
  await withServer(options, async (connection) => {
    if (options.wait === true) {
      await watchReplay(connection, id, options);
      return;
    }
    const params = { path: { replay_id: id } };
    const replay = ok(await connection.client.GET('/v1/replays/{replay_id}', { params }));
    printPairs(replayPairs(replay), replay, options);
  });
}
