import { memorySeen, verifyWebhook } from '@hookline/client';

/** One request to verify; plain data, since it goes into a bundle. */
export interface Case {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly keys: string | { readonly keys: readonly object[] };
  readonly requireTimestamp?: false;
}

/** What each of the cases comes to in this runtime: the event and payload, or the code of the refusal. */
export async function verdicts(cases: readonly Case[]): Promise<unknown[]> {
  const seen = memorySeen();
  const results: unknown[] = [];
  for (const { headers, body, keys, requireTimestamp } of cases) {
    const request = new Request('http://subscriber.test/', { method: 'POST', headers, body });
    const verified =
      requireTimestamp === undefined
        ? verifyWebhook(request, keys, { seen, maxBodyBytes: 1_000 })
        : verifyWebhook(request, keys, { requireTimestamp });
    results.push(
      await verified.then(
        ({ event, payload }) => ({ event, payload }),
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : String(error)),
      ),
    );
  }
  return results;
}
