import { readAttempts, readDelivery } from '../../manage/deliveries/delivery.js';
import { type DeliveryStatus, listDeliveries } from '../../manage/deliveries/list.js';
import { listEventTypes, readEventType } from '../../manage/event-types/event-types.js';
import { countReplay, listReplays, type ReplayRequest, readReplay } from '../../manage/replays/replays.js';
import { statisticsOfDays } from '../../manage/statistics/statistics.js';
import { listSubscriptions } from '../../manage/subscriptions/subscriptions.js';
import { listWebhooks, readWebhook } from '../../manage/webhooks/webhooks.js';
import { type Context, given, type PageArgs, read, readPage, type UserArgs, userOf } from './context.js';

interface Id {
  readonly id: string;
}

interface DeliveryArgs extends PageArgs, UserArgs {
  readonly webhook_id?: string | null;
  readonly event_type?: string | null;
  readonly status?: DeliveryStatus | null;
  readonly event_id?: string | null;
  readonly since?: string | null;
  readonly until?: string | null;
}

export interface ReplayInput {
  readonly webhook_id: string;
  readonly since: string;
  readonly until?: string | null;
  readonly status?: 'failed' | 'all' | null;
}

export const QUERY = {
  webhook: (_: unknown, { id }: Id, context: Context) => read(context, async (tx) => (await readWebhook(tx, id)).json),
  webhooks: (
    _: unknown,
    args: PageArgs & UserArgs & { is_active?: boolean | null; event_type?: string | null },
    context: Context,
  ) =>
    readPage(context, args, async (tx, page) => {
      const userId = await userOf(context, tx, args);
      return listWebhooks(tx, { userId, isActive: given(args.is_active), eventType: given(args.event_type) }, page);
    }),
  event_type: (_: unknown, args: { event_type: string }, context: Context) =>
    read(context, async (tx) => (await readEventType(tx, args.event_type)).json),
  event_types: (
    _: unknown,
    args: PageArgs & { category?: string | null; is_enabled?: boolean | null },
    context: Context,
  ) =>
    readPage(context, args, (tx, page) =>
      listEventTypes(tx, { category: given(args.category), isEnabled: given(args.is_enabled) }, page),
    ),
  delivery: (_: unknown, { id }: Id, context: Context) => read(context, (tx) => readDelivery(tx, id)),
  deliveries: (_: unknown, args: DeliveryArgs, context: Context) => deliveries(args, context),
  replay: (_: unknown, { id }: Id, context: Context) => read(context, (tx) => readReplay(tx, id)),
  replay_count: async (_: unknown, { input }: { input: ReplayInput }, { v1, incoming }: Context) =>
    v1.read(incoming, (tx) => countReplay(tx, replayRequest(input))),
};

/** What stands below a webhook and a delivery; each is a read of its own. */
export const BELOW = {
  Webhook: {
    subscriptions: ({ id }: Id, args: PageArgs, context: Context) =>
      readPage(context, args, (tx, page) => listSubscriptions(tx, id, page)),
    deliveries: ({ id }: Id, args: DeliveryArgs, context: Context) => deliveries({ ...args, webhook_id: id }, context),
    replays: ({ id }: Id, args: PageArgs, context: Context) =>
      readPage(context, args, (tx, page) => listReplays(tx, id, page)),
    statistics: ({ id }: Id, { days }: { days?: number | null }, context: Context) =>
      read(context, (tx) => statisticsOfDays(tx, id, days ?? 30)),
  },
  Delivery: {
    attempts: ({ id }: Id, _: unknown, context: Context) => read(context, (tx) => readAttempts(tx, id)),
  },
};

export function replayRequest({ webhook_id, since, until, status }: ReplayInput): ReplayRequest {
  return { webhookId: webhook_id, since, until: given(until), status: given(status) };
}

function deliveries(args: DeliveryArgs, context: Context): Promise<unknown> {
  return readPage(context, args, async (tx, page) => {
    const userId = await userOf(context, tx, args);
    const filter = {
      userId,
      webhookId: given(args.webhook_id),
      eventType: given(args.event_type),
      status: given(args.status),
      eventId: given(args.event_id),
      since: given(args.since),
      until: given(args.until),
    };
    return listDeliveries(tx, filter, page);
  });
}
