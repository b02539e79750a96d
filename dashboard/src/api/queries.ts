import { HooklineApiError } from '@hookline/client';
import { matchQuery, QueryClient, type QueryKey } from '@tanstack/react-query';

const MOST_TRIES = 2;

/** What was read from the server. Refusals are final; a network that is away is asked again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      retry: (count, error) =>
        count < MOST_TRIES && (!(error instanceof HooklineApiError) || error.status === 429 || error.status >= 500),
    },
  },
});

/**
 * Has the lists read again that something deleted stood in. What was read of itself counts as old, but is not asked for: its page may be drawn once more before
 * another one stands.
 */
export function afterDeletion(own: QueryKey, lists: QueryKey): void {
  void queries.invalidateQueries({ queryKey: own, refetchType: 'none' });
  void queries.invalidateQueries({ queryKey: lists, predicate: (query) => !matchQuery({ queryKey: own }, query) });
}
