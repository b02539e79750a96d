import type { components } from '@hookline/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { queries } from '../../api/queries.js';
import { PAGE_SIZE } from '../../ui/pager.js';

export type Webhook = components['schemas']['Webhook'];
export type CreatedWebhook = components['schemas']['CreatedWebhook'];
export type EventType = components['schemas']['EventType'];
export type Subscription = components['schemas']['Subscription'];
export type Condition = 'breaker_open' | 'paused' | 'disabled' | 'unverified' | 'failing';

/** Which webhooks a list shows; what is left out does not matter. */
export interface WebhookFilter {
  readonly is_active?: boolean;
  readonly event_type?: string;
  readonly condition?: Condition;
  readonly user_id?: string;
}

/** A webhook, and the version of its settings that a change of them names. */
export interface VersionedWebhook {
  readonly webhook: Webhook;
  readonly etag: string;
}

/** While a verification is under way its end is looked for this often. */
const VERIFYING_EVERY_MS = 1_500;
const MOST_PER_PAGE = 100;

export function useWebhooks(filter: WebhookFilter, cursor: string | undefined) {
  return useQuery({
    queryKey: ['webhooks', filter, cursor],
    queryFn: async ({ signal }) => {
      const query = { ...filter, limit: PAGE_SIZE, ...(cursor && { cursor }) };
      return ok(await api.GET('/v1/webhooks', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });
}

/** One webhook; read again and again while its URL is being verified; undefined: not at all. */
export function useWebhook(id: string | undefined) {
  return useQuery({
    queryKey: ['webhook', id],
    enabled: id !== undefined,
    queryFn: async ({ signal }): Promise<VersionedWebhook> => {
      const params = { path: { webhook_id: id ?? '' } };
      const answer = await api.GET('/v1/webhooks/{webhook_id}', { params, signal });
      return { webhook: ok(answer), etag: answer.response.headers.get('etag') ?? '*' };
    },
    refetchInterval: ({ state }) => (state.data?.webhook.verification_requested_at ? VERIFYING_EVERY_MS : false),
  });
}

/** Every event type there is. */
export function useEventTypes() {
  return useQuery({
    queryKey: ['event-types', 'all'],
    queryFn: ({ signal }) =>
      gather((cursor) =>
        api
          .GET('/v1/event-types', { params: { query: { limit: MOST_PER_PAGE, ...(cursor && { cursor }) } }, signal })
          .then(ok),
      ),
    staleTime: 60_000,
  });
}

/** Every subscription of a webhook; it has 500 at most. */
export function useSubscriptions(id: string) {
  return useQuery({
    queryKey: ['webhook', id, 'subscriptions'],
    queryFn: ({ signal }) =>
      gather((cursor) => {
        const params = { path: { webhook_id: id }, query: { limit: MOST_PER_PAGE, ...(cursor && { cursor }) } };
        return api.GET('/v1/webhooks/{webhook_id}/subscriptions', { params, signal }).then(ok);
      }),
  });
}

/** Reads again what is shown of a webhook, and the lists that it stands in. */
export async function refreshWebhook(id: string): Promise<void> {
  void queries.invalidateQueries({ queryKey: ['webhooks'] });
  await queries.invalidateQueries({ queryKey: ['webhook', id] });
}

interface OnePage<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

async function gather<T>(read: (cursor: string | undefined) => Promise<OnePage<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    all.push(...page.data);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return all;
}
