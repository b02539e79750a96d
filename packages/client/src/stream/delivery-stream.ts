import type { operations } from '../api-types.js';
import { HooklineApiError, type Result } from '../client/result.js';
import { PASSING, pause, type RetryOptions } from '../client/retry.js';
import { connection } from './connection.js';
import { type DeliveryStreamItem, itemOf } from './items.js';

/** Three heart-beats of the server's. */
const SILENCE_MS = 45_000;
const BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 30_000;
/** The server can tell what happened for so long: who waits longer has a gap. */
const LONGEST_RETRY_AFTER_S = 3_600;

type Parameters = Pick<operations['streamDeliveries']['parameters'], 'query' | 'header'>;

export interface DeliveryStreamInit {
  /** `query` filters; `header` may have the `last-event-id` after which to go on, the `id` of an item. */
  readonly params?: Readonly<Parameters>;
  /** Ends the stream: what reads it is thrown the signal's reason. */
  readonly signal?: AbortSignal;
  /** A connection on which nothing comes for so long is taken for dead. Default 45,000; the server's heart beats each 15 s. */
  readonly silenceMs?: number;
  /** Is told of what broke the connection before it is opened again, for a log. */
  readonly onInterrupted?: (error: unknown) => void;
}

/**
 * Deliveries as they are made and as they change. The first `open` comes once; a connection that breaks is opened again
 * for as long as it takes, with the last id, so that nothing is lost and nothing comes twice, or a `gap` says that
 * something was. Leaving the loop closes the connection.
 * @throws HooklineApiError when the server refuses it, and when the token has ended (401); the reason of the signal.
 * When no connection comes about at first, what broke the last of its tries (`retries` of the client).
 */
export type StreamDeliveries = (init?: DeliveryStreamInit) => AsyncGenerator<DeliveryStreamItem, never, void>;

interface StreamOptions extends RetryOptions {
  /** Whether each connection asks for a token anew: then the end of one is not yet the end. */
  readonly isTokenRenewed: boolean;
}

type Connect = (params: Parameters, signal: AbortSignal) => Promise<Result>;

/** `streamDeliveries` over a GET that tries once. */
export function deliveryStreamOf(connect: Connect, options: StreamOptions): StreamDeliveries {
  const { retries = 3, isTokenRenewed } = options;
  return async function* streamDeliveries({ params = {}, signal, silenceMs = SILENCE_MS, onInterrupted } = {}) {
    let lastId = params.header?.['last-event-id'];
    let backoffMs = options.backoffMs ?? BACKOFF_MS;
    let isOpen = false;
    for (let failures = 0; ; ) {
      const header = lastId === undefined ? {} : { 'last-event-id': lastId };
      const blocks = connection({
        connect: (closing) => connect({ ...params, header }, closing),
        onRetry: (ms) => {
          backoffMs = options.backoffMs ?? ms;
        },
        ...{ silenceMs, signal },
      });
      let isAccepted = false;
      try {
        for await (const block of blocks) {
          isAccepted = true;
          // What has an id was told by a stream that is open: before, a server may end each connection as soon as it is made.
          if (block.id !== undefined) failures = 0;
          lastId = block.id ?? lastId;
          const item = itemOf(block);
          if (item === undefined || (item.kind === 'open' && isOpen)) continue;
          isOpen ||= item.kind === 'open';
          yield item;
        }
      } catch (error) {
        failures += 1;
        const mayRenew = isTokenRenewed && isAccepted && error instanceof HooklineApiError && error.status === 401;
        if (signal?.aborted || (isFinal(error) && !mayRenew) || (!isOpen && failures > retries)) throw error;
        onInterrupted?.(error);
        await pause(waitMs(error, backoffMs, failures), signal);
      }
    }
  };
}

/** Whether the same would be answered again. */
function isFinal(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof HooklineApiError && !PASSING.includes(error.status));
}

function waitMs(error: unknown, backoffMs: number, failures: number): number {
  const asked = error instanceof HooklineApiError ? error.retryAfter : null;
  if (asked !== null) return 1000 * Math.min(asked, LONGEST_RETRY_AFTER_S);
  return Math.random() * Math.min(LONGEST_BACKOFF_MS, backoffMs * 2 ** (failures - 1));
}
