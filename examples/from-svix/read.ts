import type { EndpointOut, Svix } from 'svix';

/** An endpoint as it stands in Svix, with what has to come along. */
export interface SvixEndpoint {
  /** The application's uid, your own id of the customer; its id where it has none. */
  readonly customer: string;
  readonly endpoint: EndpointOut;
  /** `whsec_…`, or `whpk_…` and the like for asymmetric keys. */
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Names of headers whose values Svix does not show. */
  readonly hiddenHeaders: readonly string[];
}

/** Every page of a list. */
async function* each<Item>(
  list: (options: {
    limit: number;
    iterator: string | null;
  }) => Promise<{ data: Item[]; done: boolean; iterator: string | null }>,
): AsyncGenerator<Item> {
  for (let iterator: string | null = null; ; ) {
    const page: { data: Item[]; done: boolean; iterator: string | null } = await list({ limit: 100, iterator });
    yield* page.data;
    if (page.done) return;
    iterator = page.iterator;
  }
}

/** The event types, archived ones left out. */
export async function* eventTypes(svix: Svix): AsyncGenerator<{ name: string; description: string; group: string }> {
  for await (const { name, description, groupName } of each((options) => svix.eventType.list(options))) {
    yield { name, description, group: groupName ?? 'general' };
  }
}

/** The endpoints of all applications. Throws what Svix's client throws. */
export async function* endpoints(svix: Svix): AsyncGenerator<SvixEndpoint> {
  for await (const { id, uid } of each((options) => svix.application.list(options))) {
    for await (const endpoint of each((options) => svix.endpoint.list(id, options))) {
      const { key } = await svix.endpoint.getSecret(id, endpoint.id);
      const { headers, sensitive } = await svix.endpoint.getHeaders(id, endpoint.id);
      yield { customer: uid ?? id, endpoint, secret: key, headers, hiddenHeaders: sensitive };
    }
  }
}
