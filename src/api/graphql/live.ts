import { HooklineError } from '../../errors.js';
import type { Change, LiveItem } from '../../live/change.js';
import type { Feed } from '../../live/feed.js';
import { StreamEnd, type StreamTimes } from '../v1/stream-end.js';
import { whoseStream } from '../v1/whose-stream.js';
import { type Context, given, type UserArgs, userName } from './context.js';

interface LiveArgs extends UserArgs {
  readonly webhook_id?: string | null;
  readonly event_type?: string | null;
  readonly status?: string | null;
  readonly after?: string | null;
}

interface Told {
  readonly delivery_changed: {
    readonly position: string;
    readonly kind: string;
    readonly changed_at?: string;
    readonly delivery?: object;
  };
}

/** The subscription to live deliveries: what GET /v1/deliveries/stream tells, under the same rules. */
export function liveSubscription(feed: Feed, times?: StreamTimes) {
  return {
    delivery_changed: {
      async subscribe(_: unknown, args: LiveArgs, { v1, incoming, reply }: Context) {
        if (args.after != null && !/^\d{1,15}$/.test(args.after)) {
          throw new HooklineError('invalid_request', 'after takes the position of a change.');
        }
        const whose = await v1.read(incoming, (tx) => whoseStream(tx, incoming.caller, userName(args)));
        const end = new StreamEnd(incoming, reply, v1.auth, times);
        const filter = {
          webhookId: given(args.webhook_id),
          eventType: given(args.event_type),
          status: given(args.status),
        };
        try {
          const after = args.after == null ? undefined : Number(args.after);
          return tell(await feed.follow(whose, { after, filter, signal: end.signal }), end);
        } catch (error) {
          end.end();
          throw error;
        }
      },
    },
  };
}

async function* tell(items: AsyncIterable<LiveItem>, end: StreamEnd): AsyncGenerator<Told, void> {
  try {
    for await (const item of items) {
      if (item.what === 'gap') yield { delivery_changed: { position: String(item.position), kind: 'gap' } };
      if (item.what !== 'changes') continue;
      for (const change of item.changes) yield* end.handedOver(toldOf(change));
    }
    if (end.reason !== undefined) throw end.reason;
  } finally {
    end.end();
  }
}

function toldOf({ position, body }: Change): Told {
  return { delivery_changed: { position: String(position), ...JSON.parse(body) } };
}
