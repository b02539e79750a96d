import { useMutation, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { againAfter, queries } from '../../api/queries.js';
import type { Replay } from './delivery-types.js';

/** As the API has it. */
export const DEFAULT_RATE = 100;
/** How often a replay that runs is looked at. */
const EVERY_MS = 1_000;

/** Which deliveries of a webhook are to be sent again. */
export interface WantedReplay {
  readonly webhookId: string;
  /** ISO 8601. */
  readonly since: string;
  /** undefined: until now. */
  readonly until: string | undefined;
  readonly status: 'failed' | 'all';
}

/** How many deliveries a replay would make; asked when `wanted` is whole. */
export function useReplayCount(wanted: WantedReplay | undefined) {
  return useQuery({
    queryKey: ['replays', 'count', wanted],
    enabled: wanted !== undefined,
    retry: false,
    gcTime: 0,
    queryFn: async () => {
      const answer = ok(await post(wanted, { dry_run: true, rate_per_second: DEFAULT_RATE }));
      return 'total' in answer ? answer.total : 0;
    },
  });
}

/** Begins a replay. Throws HooklineApiError, `replay_running` where one of the webhook runs. */
export async function startReplay(wanted: WantedReplay, ratePerSecond: number): Promise<Replay> {
  const replay = ok(await post(wanted, { rate_per_second: ratePerSecond })) as Replay;
  await queries.invalidateQueries({ queryKey: ['replays'] });
  return replay;
}

function post(
  wanted: WantedReplay | undefined,
  more: { readonly dry_run?: boolean; readonly rate_per_second: number },
) {
  if (wanted === undefined) throw new Error('There is nothing to replay.');
  const { webhookId, since, until, status } = wanted;
  return api.POST('/v1/webhooks/{webhook_id}/replays', {
    params: { path: { webhook_id: webhookId } },
    body: { since, status, ...(until !== undefined && { until }), ...more },
  });
}

/** The replay of a webhook that runs now; null: none. */
export function useRunningReplay(webhookId: string) {
  return useQuery({
    queryKey: ['replays', 'running', webhookId],
    enabled: webhookId !== '',
    // One that ran when a dialog was open before may have ended.
    gcTime: 0,
    queryFn: async () => {
      const params = { path: { webhook_id: webhookId }, query: { limit: 1 } };
      const [latest] = ok(await api.GET('/v1/webhooks/{webhook_id}/replays', { params })).data;
      return latest?.state === 'running' ? latest : null;
    },
  });
}

/** A replay, watched while it runs. */
export function useReplay(id: string) {
  return useQuery({
    queryKey: ['replays', 'one', id],
    queryFn: async () => ok(await api.GET('/v1/replays/{replay_id}', { params: { path: { replay_id: id } } })),
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === 'running' ? againAfter(EVERY_MS, state) : false,
  });
}

/** Ends a replay. */
export function useCancelReplay(id: string) {
  return useMutation({
    mutationFn: async () =>
      ok(await api.POST('/v1/replays/{replay_id}/cancel', { params: { path: { replay_id: id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['replays'] }),
  });
}
