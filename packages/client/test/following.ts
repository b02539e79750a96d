import { waitUntil } from '../../../test/harness/wait-until.js';
import type { DeliveryStreamInit, DeliveryStreamItem, HooklineClient } from '../src/index.js';

/** A stream that is read as fast as it comes. */
export interface Following {
  readonly items: readonly DeliveryStreamItem[];
  /** What it told of interruptions. */
  readonly interruptions: readonly unknown[];
  /** The ids of the deliveries whose making was told, in order. */
  created(): readonly string[];
  /** Waits until so many items of the kind have come. */
  waitFor(kind: DeliveryStreamItem['kind'], count?: number): Promise<readonly DeliveryStreamItem[]>;
  /** Why it ended. */
  readonly ended: Promise<unknown>;
  /** Ends it by its signal. Throws when it had ended for another reason. */
  stop(): Promise<void>;
}

/** Follows until `stop`. */
export function follow(client: HooklineClient, init: Omit<DeliveryStreamInit, 'signal'> = {}): Following {
  const items: DeliveryStreamItem[] = [];
  const interruptions: unknown[] = [];
  const stopping = new AbortController();
  const stopped = new Error('stopped by the test');
  const onInterrupted = (error: unknown) => void interruptions.push(error);
  const reading = async (): Promise<never> => {
    for await (const item of client.streamDeliveries({ ...init, onInterrupted, signal: stopping.signal })) {
      items.push(item);
    }
    throw new Error('the stream ended without a reason');
  };
  const ended = reading().catch((error: unknown) => error);
  return {
    items,
    interruptions,
    ended,
    created: () => items.flatMap((item) => (item.kind === 'created' ? [item.delivery.id] : [])),
    async waitFor(kind, count = 1) {
      const found = () => items.filter((item) => item.kind === kind);
      const message = () => `${count} of ${kind}; there are ${items.map((item) => item.kind).join()}; ${interruptions}`;
      await waitUntil(() => found().length >= count, { message, timeoutMs: 20_000 });
      return found();
    },
    async stop() {
      stopping.abort(stopped);
      const reason = await ended;
      if (reason !== stopped) throw reason;
    },
  };
}
