import type { Queryable } from '../../db/database.js';
import { HooklineError } from '../../errors.js';
import { retryDelivery } from '../../manage/deliveries/delivery.js';
import { cancelReplay, createReplay } from '../../manage/replays/replays.js';
import { deleteSubscription, lockSubscription, putSubscription } from '../../manage/subscriptions/subscriptions.js';
import { endOverlap, requestVerification, rotateSecret, sendTestEvent } from '../../manage/webhooks/actions.js';
import { changeWebhook, createWebhook } from '../../manage/webhooks/settings.js';
import { deleteWebhook } from '../../manage/webhooks/webhooks.js';
import { checkUserName, ownerOfNew } from '../v1/user-name.js';
import { type Context, type UserArgs, userName, write } from './context.js';
import { type ReplayInput, replayRequest } from './queries.js';
import { LONGEST_LIST } from './variables.js';

interface Id {
  readonly id: string;
}

interface SubscriptionArgs {
  readonly webhook_id: string;
  readonly event_type: string;
}

type Settings = Readonly<Record<string, unknown>>;

const MAY_BE_NULL = new Set(['description', 'rate_limit_per_second', 'rate_limit_burst', 'ordering_key_path']);

export const MUTATION = {
  async create_webhook(
    _: unknown,
    args: UserArgs & { input: Settings; event_types?: readonly string[] | null },
    context: Context,
  ) {
    const eventTypes = args.event_types ?? [];
    if (eventTypes.length > LONGEST_LIST) {
      throw new HooklineError('invalid_request', `event_types takes ${LONGEST_LIST} at most.`);
    }
    const webhook = await write<{ secret: string }>(context, async (tx) => {
      const name = userName(args);
      checkUserName(context.incoming.caller, name);
      const userId = await ownerOfNew(tx, context.incoming.caller, name);
      return (await createWebhook(tx, settings(args.input), userId, eventTypes)).json;
    });
    return { webhook, secret: webhook.secret };
  },
  update_webhook(_: unknown, { id, input }: Id & { input: Settings }, context: Context) {
    if (Object.keys(input).length === 0) throw new HooklineError('invalid_request', 'input names nothing to change.');
    return write(context, async (tx) => (await changeWebhook(tx, id, settings(input))).json);
  },
  delete_webhook: (_: unknown, { id }: Id, context: Context) => done(context, (tx) => deleteWebhook(tx, id)),
  verify_webhook: (_: unknown, { id }: Id, context: Context) => done(context, (tx) => requestVerification(tx, id)),
  rotate_webhook_secret(_: unknown, args: Id & { overlap_seconds?: number | null }, context: Context) {
    const seconds = args.overlap_seconds ?? 86_400;
    if (seconds < 0 || seconds > 2_592_000) {
      throw new HooklineError('invalid_request', 'overlap_seconds takes 0 to 2592000, which is 30 days.');
    }
    return write(context, (tx) => rotateSecret(tx, args.id, seconds));
  },
  end_webhook_secret_overlap: (_: unknown, { id }: Id, context: Context) => done(context, (tx) => endOverlap(tx, id)),
  async send_test_event(
    _: unknown,
    { id, event_type, payload }: Id & { event_type?: string | null; payload?: object | null },
    context: Context,
  ) {
    const json = JSON.stringify({ event_type: event_type ?? undefined, payload: payload ?? undefined });
    const sent = await write<{ delivery_id: string }>(context, (tx) => sendTestEvent(tx, id, json));
    return sent.delivery_id;
  },
  put_subscription(
    _: unknown,
    args: SubscriptionArgs & { is_active?: boolean | null; filters?: object | null },
    context: Context,
  ) {
    const json = JSON.stringify({ is_active: args.is_active ?? true, filters: args.filters ?? undefined });
    return write(context, async (tx) => {
      const isThere = (await lockSubscription(tx, keyOf(args))) !== null;
      return (await putSubscription(tx, keyOf(args), json, isThere)).json;
    });
  },
  delete_subscription: (_: unknown, args: SubscriptionArgs, context: Context) =>
    done(context, async (tx) => {
      await lockSubscription(tx, keyOf(args));
      await deleteSubscription(tx, keyOf(args));
    }),
  retry_delivery: (_: unknown, { id }: Id, context: Context) => write(context, (tx) => retryDelivery(tx, id)),
  create_replay: (
    _: unknown,
    { input, rate_per_second }: { input: ReplayInput; rate_per_second?: number | null },
    context: Context,
  ) => write(context, async (tx) => (await createReplay(tx, replayRequest(input), rate_per_second ?? 100)).json),
  cancel_replay: (_: unknown, { id }: Id, context: Context) => write(context, (tx) => cancelReplay(tx, id)),
};

/** Throws `invalid_request` for a null where there is always something. GraphQL has no type for what may be left out and not be null. */
function settings(input: Settings) {
  const empty = Object.keys(input).find((name) => input[name] === null && !MAY_BE_NULL.has(name));
  if (empty !== undefined) {
    throw new HooklineError('invalid_request', `${empty} cannot be null.`, { hint: 'Leave it out.' });
  }
  return { values: input, jsonText: JSON.stringify(input) };
}

function keyOf({ webhook_id, event_type }: SubscriptionArgs) {
  return { webhookId: webhook_id, eventType: event_type };
}

/** True, for what gives nothing else. */
async function done({ v1, incoming }: Context, fn: (tx: Queryable) => Promise<unknown>): Promise<true> {
  await v1.write(incoming, fn);
  return true;
}
