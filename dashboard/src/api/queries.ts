import { HooklineApiError } from '@hookline/client';
import { QueryClient } from '@tanstack/react-query';

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
