import { api, ok } from '../../../api/client.js';
import { queries } from '../../../api/queries.js';
import type { Chosen } from '../events/event-picker.js';
import { filtersOf } from '../events/filters.js';
import type { CreatedWebhook } from '../queries.js';
import { changesOf, DEFAULTS, type SettingsDraft } from './draft.js';

export interface NewWebhook {
  readonly draft: SettingsDraft;
  readonly chosen: Chosen;
  readonly headers: Record<string, string>;
  /** Whose it is, for the operator. */
  readonly owner: { readonly user_id?: string; readonly external_user_id?: string };
}

/** What came of it: the webhook, and what could not be set on it then. */
export interface Created {
  readonly webhook: CreatedWebhook;
  readonly unset: readonly { readonly what: string; readonly error: unknown }[];
}

/**
 * Creates a webhook, then sets the headers and the filtered subscriptions, and asks for the verification of its URL. A type with filters is subscribed to with
 * them at once: no event comes that they would have held back. Throws what the creation is refused with.
 */
export async function create({ draft, chosen, headers, owner }: NewWebhook): Promise<Created> {
  const { name, url, ...settings } = changesOf(draft, DEFAULTS);
  const plain = [...chosen].flatMap(([type, text]) => (filtersOf(text) ? [] : [type]));
  const body = { name: name ?? '', url: url ?? '', ...settings, event_types: plain, ...owner };
  const webhook = ok(await api.POST('/v1/webhooks', { body }));

  const unset: { what: string; error: unknown }[] = [];
  const trying = async (what: string, run: () => Promise<unknown>): Promise<void> => {
    await run().catch((error: unknown) => unset.push({ what, error }));
  };
  const path = { webhook_id: webhook.id };
  if (Object.keys(headers).length > 0) {
    await trying('headers', async () =>
      ok(await api.PUT('/v1/webhooks/{webhook_id}/headers', { params: { path }, body: { headers } })),
    );
  }
  for (const [type, text] of chosen) {
    const filters = filtersOf(text);
    if (!filters) continue;
    const params = { path: { ...path, event_type: type } };
    const put = '/v1/webhooks/{webhook_id}/subscriptions/{event_type}';
    await trying(type, async () => ok(await api.PUT(put, { params, body: { filters } })));
  }
  await trying('verification', async () =>
    ok(await api.POST('/v1/webhooks/{webhook_id}/verify', { params: { path } })),
  );
  void queries.invalidateQueries({ queryKey: ['webhooks'] });
  return { webhook, unset };
}
