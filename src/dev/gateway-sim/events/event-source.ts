import { randomUUID } from 'node:crypto';
import { CONTENTS, type Content } from './contents.js';
import { type Random, seeded } from './random.js';

/** `event`: `task.ai_generated`, which asks for a callback. `standard`: `task.completed`. `mixed`: every fourth is a standard one. */
export type Shape = 'event' | 'standard' | 'mixed';

export interface EventSourceOptions {
  /** Decides the content. */
  readonly seed: string;
  readonly callbackUrl: (channelId: string) => string;
  readonly shape?: Shape;
  /** The event of every webhook; by default one that fits its content. */
  readonly event?: string | undefined;
  /** `customer_data.user_id` of every webhook; by default a made-up one, which is no user of anybody. */
  readonly userId?: string | undefined;
}

export interface EventSource {
  /** The next webhook, an object to be sent as JSON. */
  next(): Readonly<Record<string, unknown>>;
}

/**
 * Makes webhooks of believable, varied content. The n-th of a seed has the same content each time; its channel id and its time are new,
 * since a receiver that stores each webhook once would pass over one that it has seen.
 */
export function createEventSource(options: EventSourceOptions): EventSource {
  const { seed, callbackUrl, shape = 'event', userId } = options;
  let index = 0;
  return {
    next() {
      const random = seeded(`${seed}\n${index}`);
      const make = CONTENTS[index % CONTENTS.length] ?? CONTENTS[0];
      const { event, data } = make(random);
      const content = { event: options.event ?? event, data };
      const isStandard = shape === 'standard' || (shape === 'mixed' && index % 4 === 3);
      index += 1;
      const common = {
        customer_data: customerData(random, userId),
        meta: meta(random),
        timestamp: new Date().toISOString(),
      };
      return isStandard ? standard(content, common) : eventDriven(content, common, callbackUrl);
    },
  };
}

interface Common {
  readonly customer_data: object;
  readonly meta: object;
  readonly timestamp: string;
}

function eventDriven({ event, data }: Content, common: Common, callbackUrl: (channelId: string) => string) {
  const channelId = randomUUID();
  return {
    type: 'task.ai_generated',
    event,
    channel_id: channelId,
    ai_response: { data },
    callback_url: callbackUrl(channelId),
    callback_required: true,
    ...common,
  };
}

function standard({ event, data }: Content, common: Common) {
  const workflow = event.replaceAll('.', '_');
  return { type: 'task.completed', workflow, status: 'success', channel_id: randomUUID(), data, ...common };
}

function customerData(random: Random, userId: string | undefined): object {
  const some = {
    category: random.pick(['marketing', 'support', 'demo', 'Ünïcode & more']),
    request_id: random.hex(12),
    ab_test: { variant: random.pick(['a', 'b']), weight: random.decimal(0, 1, 3) },
  };
  const names = random.some(Object.keys(some), random.whole(0, 3));
  const chosen = Object.entries(some).filter(([name]) => names.includes(name));
  return { user_id: userId ?? `user_${random.whole(1, 999)}`, ...Object.fromEntries(chosen) };
}

function meta(random: Random): object {
  const [prompt, completion] = [random.whole(20, 2_000), random.whole(1, 4_000)];
  const provider = random.pick(['openai', 'anthropic', 'google', 'mistral']);
  const duration = random.whole(200, 60_000);
  return {
    provider,
    model: `${provider}-large-${random.whole(1, 5)}`,
    tokens: { prompt, completion, total: prompt + completion },
    duration_ms: duration,
    attempts: [{ provider, status: 'success', duration_ms: duration }],
  };
}
