interface Delivered {
  /**
   * `webhook-id`, covered by the signature: the same for every attempt of a delivery, and for a replay of it. Whoever
   * does the work once does it under this id. Of a request that has only X-Webhook-Signature it is X-Webhook-Delivery,
   * or null; nothing covers that.
   */
  readonly id: string;
  /** When this attempt was signed, covered by the signature; null when the request has only X-Webhook-Signature. */
  readonly timestamp: Date;
  /**
   * X-Webhook-Delivery: differs from `id` in a replay. Null in the verification of a URL. As with every header below,
   * no signature covers it.
   */
  readonly deliveryId: string | null;
  /** X-Webhook-Attempt, counted from 1. */
  readonly attempt: number | null;
  /** X-Webhook-ID: the webhook, of which a receiver of many has one secret each. */
  readonly webhookId: string | null;
  /** The text of the body as it came, in which every number has all its digits. */
  readonly body: string;
}

type OfEvents<Events extends object, Base> = {
  readonly [Event in keyof Events & string]: Base & {
    /** X-Webhook-Event; without that header the payload's `type`, as senders of Standard Webhooks have it, or ''. */
    readonly event: Event;
    /** `JSON.parse` of the body. */
    readonly payload: Events[Event];
  };
}[keyof Events & string];

/**
 * A webhook whose signature holds. `Events` maps event types to their payloads; the union that comes of it narrows by
 * `event`. It is a claim of the caller's: the signature says who made a payload, not what is in it.
 */
export type VerifiedWebhook<Events extends object = Record<string, unknown>> = OfEvents<Events, Delivered>;

/** As `VerifiedWebhook`, of a request that may have had X-Webhook-Signature alone. */
export type UntimedWebhook<Events extends object = Record<string, unknown>> = OfEvents<
  Events,
  Omit<Delivered, 'id' | 'timestamp'> & { readonly id: string | null; readonly timestamp: Date | null }
>;
