import type { components } from '@hookline/client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client.js';
import { exactly } from '../../api/exact-json.js';
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

/** One webhook, its metadata with every number in its own digits; read again and again while its URL is being verified; undefined: not at all. */
export function useWebhook(id: string | undefined) {
  return useQuery({
    queryKey: ['webhook', id],
    enabled: id !== undefined,
    queryFn: async ({ signal }): Promise<VersionedWebhook> => {
      const params = { path: { webhook_id: id ?? '' } };
      const answer = await api.GET('/v1/webhooks/{webhook_id}', { params, parseAs: 'text', signal });
      return { webhook: exactly<Webhook>(ok(answer)), etag: answer.response.headers.get('etag') ?? '*' };
    },
    refetchInterval: ({ state }) => (state.data?.webhook.verification_requested_at ? VERIFYING_EVERY_MS : false),
  });
}

/** Every subscription of a webhook, which has 500 at most, its filters with every number in its own digits; undefined: of none. */
export function useSubscriptions(id: string | undefined) {
  return useQuery({
    queryKey: ['webhook', id, 'subscriptions'],
    enabled: id !== undefined,
    queryFn: async ({ signal }) => {
      const all: Subscription[] = [];
      let cursor: string | null = null;
      do {
        const query: { limit: number; cursor?: string } = { limit: MOST_PER_PAGE, ...(cursor !== null && { cursor }) };
        const params = { path: { webhook_id: id ?? '' }, query };
        const answer = await api.GET('/v1/webhooks/{webhook_id}/subscriptions', { params, parseAs: 'text', signal });
        const page = exactly<components['schemas']['SubscriptionList']>(ok(answer));
        all.push(...page.data);
        cursor = page.next_cursor;
      } while (cursor !== null);
      return all;
    },
  });
}

/** Reads again what is shown of a webhook, and the lists that it stands in. */
export async function refreshWebhook(id: string): Promise<void> {
  void queries.invalidateQueries({ queryKey: ['webhooks'] });
  await queries.invalidateQueries({ queryKey: ['webhook', id] });
}
