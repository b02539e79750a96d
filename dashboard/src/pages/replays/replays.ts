import type { components } from '@hookline/client';
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { queries } from '../../api/queries.js';

export type Replay = components['schemas']['Replay'];
export const REPLAY_STATES = [
  'running',
  'completed',
  'cancelled',
  'expired',
] as const satisfies readonly Replay['state'][];

/** A running replay makes a step a second. */
const WHILE_RUNNING_MS = 1_500;
const ELSE_MS = 15_000;

interface Wanted {
  readonly state?: Replay['state'] | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** A page of replays, newest first: the user's own, or everybody's for the operator. Read again and again, the more often while one runs. */
export function useReplays({ state, cursor, limit }: Wanted) {
  const query = { limit, ...(state && { state }), ...(cursor && { cursor }) };
  return useQuery({
    queryKey: ['replays', query],
    queryFn: async ({ signal }) => ok(await api.GET('/v1/replays', { params: { query }, signal })),
    refetchInterval: ({ state }) => (state.data?.data.some(isRunning) ? WHILE_RUNNING_MS : ELSE_MS),
    placeholderData: (before) => before,
  });
}

/** Ends a replay. Throws what the API refuses it with. */
export async function cancelReplay({ id }: Replay): Promise<void> {
  ok(await api.POST('/v1/replays/{replay_id}/cancel', { params: { path: { replay_id: id } } }));
  await queries.invalidateQueries({ queryKey: ['replays'] });
}

export function isRunning({ state }: Replay): boolean {
  return state === 'running';
}

/** The deliveries page, with what was made of the replay's webhook while it ran. */
export function deliveriesOf({ webhook_id, created_at, ended_at }: Replay): string {
  const period = { since: created_at, ...(ended_at !== null && { until: ended_at }) };
  return `/deliveries?${new URLSearchParams({ webhook_id, ...period })}`;
}
