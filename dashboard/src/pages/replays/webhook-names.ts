import { useQueries } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';

const KEPT_MS = 60_000;

/** Names of webhooks by their ids; those that are still read, or gone, are absent. */
export function useWebhookNames(ids: readonly string[]): ReadonlyMap<string, string> {
  return useQueries({
    queries: [...new Set(ids)].map((id) => ({
      queryKey: ['webhook', id, 'name'],
      queryFn: async () => {
        const { name } = ok(await api.GET('/v1/webhooks/{webhook_id}', { params: { path: { webhook_id: id } } }));
        return [id, name] as const;
      },
      staleTime: KEPT_MS,
    })),
    combine: (results) => new Map(results.flatMap(({ data }) => (data === undefined ? [] : [data]))),
  });
}
