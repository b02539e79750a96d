import { ok } from '@hookline/client';
import { exitCodeOf, watchSignals } from '../../../start/signals.js';
import { exitWith } from '../../exit.js';
import type { Connection } from '../connection.js';
import { note, printPairs } from '../output.js';
import { waitFor } from '../wait.js';
import { notCompleted, progressLine, type Replay, replayPairs } from './text.js';

/**
 * Watches a replay to its end, and prints how it ended. Ctrl-C ends the watching alone, as that signal ends a process. Throws `replay_not_completed` when it was cancelled or
 * expired.
 */
export async function watchReplay(
  { client }: Connection,
  id: string,
  { json = false }: { readonly json?: boolean },
  stopping = watchSignals(() => undefined),
): Promise<void> {
  const params = { path: { replay_id: id } };
  const { signal } = stopping;
  let isRunning = false;
  const sayThatItGoesOn = (): void =>
    note(`The replay goes on. To see it: hookline replay show ${id} --wait. To end it: hookline replay cancel ${id}`, {
      json,
    });
  const replay = await waitFor<Replay>({
    read: async () => ok(await client.GET('/v1/replays/{replay_id}', { params, signal })),
    isDone: ({ state }) => {
      isRunning = state === 'running';
      return !isRunning;
    },
    tell: progressLine,
    json,
    signal,
  }).catch((error: unknown) => {
    if (isRunning) sayThatItGoesOn();
    throw error;
  });
  if (replay === undefined) {
    sayThatItGoesOn();
    return exitWith(exitCodeOf(signal.reason));
  }
  printPairs(replayPairs(replay), replay, { json });
  if (replay.state !== 'completed') throw notCompleted(replay);
}
