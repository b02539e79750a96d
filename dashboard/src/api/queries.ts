import { HooklineApiError } from '@hookline/client';
import { matchQuery, type Query, QueryClient, type QueryKey } from '@tanstack/react-query';

const MOST_TRIES = 2;
/** What could not be read again, though it may be in a while, is asked for no more often than this. */
const AFTER_ERROR_MS = 5_000;

/** What was read from the server. Refusals are final; a network that is away is asked again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => count < MOST_TRIES && !isFinal(error),
    },
  },
});

/** Whether an error is a refusal, which another try would be answered with, too. */
function isFinal(error: unknown): boolean {
  return error instanceof HooklineApiError && error.status < 500 && error.status !== 429;
}

/**
 * How long after it was read something that goes on is read again. What was refused is not, nor what was never read: there the page says so, and offers to try
 * again.
 */
export function againAfter(
  everyMs: number,
  { data, error }: { readonly data: unknown; readonly error: unknown },
): number | false {
  if (error === null) return everyMs;
  return data === undefined || isFinal(error) ? false : Math.max(everyMs, AFTER_ERROR_MS);
}

/**
 * Has the lists read again that something deleted stood in: those that nobody looks at are forgotten, lest they show it once more while they are read. What was
 * read of itself counts as old, but is not asked for: its page may be drawn once more before another one stands.
 */
export function afterDeletion(own: QueryKey, lists: QueryKey): void {
  void queries.invalidateQueries({ queryKey: own, refetchType: 'none' });
  const others = { queryKey: lists, predicate: (query: Query) => !matchQuery({ queryKey: own }, query) };
  queries.removeQueries({ ...others, type: 'inactive' });
  void queries.invalidateQueries(others);
}
