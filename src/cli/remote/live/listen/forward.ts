import type { DeliveryChange, HooklineClient } from '@hookline/client';
import { HooklineApiError } from '@hookline/client';
import type { Dispatcher } from 'undici';
import { send } from '../../../../deliver/send/send.js';
import { isSuccess } from '../text.js';
import { originalOf } from './original.js';
import { patiently } from './patiently.js';
import { type Freshened, freshener } from './signature.js';
import type { Forwarded } from './told.js';

type Delivery = DeliveryChange['delivery'];

/** Of an answer's body; some of it is shown where it is no success. */
const BODY_LIMIT_BYTES = 16 * 1_024;

export interface ForwardOptions {
  readonly client: HooklineClient;
  readonly dispatcher: Dispatcher;
  readonly url: string;
  readonly timeoutMs: number;
  /** Added to each request, in place of those of the same name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends what is under way. */
  readonly stop: AbortSignal;
}

/**
 * Sends an attempt of a delivery to the local server as the subscriber got it, and gives what came of it; undefined when it was stopped. Waits for a server of Hookline that is away.
 * Throws what its refusals are, such as that of a token which has ended.
 */
export function forwarder(options: ForwardOptions): (delivery: Delivery) => Promise<Forwarded | undefined> {
  const { client, stop } = options;
  const freshen = freshener(client);

  async function load(delivery: Delivery): Promise<Freshened | 'not_sent' | 'gone'> {
    try {
      return await patiently<Freshened | 'not_sent'>(stop, async () => {
        const original = await originalOf(client, delivery, stop);
        return original === undefined ? 'not_sent' : freshen(original, delivery.webhook_id, stop);
      });
    } catch (error) {
      if (error instanceof HooklineApiError && error.status === 404) return 'gone';
      throw error;
    }
  }

  return async (delivery) => {
    const what = {
      delivery_id: delivery.id,
      webhook_id: delivery.webhook_id,
      event_type: delivery.event_type,
      attempt: delivery.attempt_number,
    };
    try {
      const loaded = await load(delivery);
      if (typeof loaded === 'string') {
        const text = loaded === 'gone' ? 'It has been removed.' : 'Nothing was sent to the subscriber.';
        return { ...what, status: null, time_ms: null, error: loaded, text, is_signed_anew: false };
      }
      return { ...what, ...(await post(loaded, options)) };
    } catch (error) {
      if (stop.aborted) return undefined;
      throw error;
    }
  };
}

type Posted = Pick<Forwarded, 'status' | 'time_ms' | 'error' | 'text' | 'is_signed_anew' | 'stale_s'>;

async function post(loaded: Freshened, options: ForwardOptions): Promise<Posted> {
  const { dispatcher, url, timeoutMs, stop } = options;
  const { headers, body, isSignedAnew, staleS } = loaded;
  stop.throwIfAborted();
  const call = { delivery: { url, timeoutMs }, headers: merged(headers, options.headers), body };
  const sending = send(dispatcher, call, Date.now, BODY_LIMIT_BYTES);
  stop.addEventListener('abort', sending.abort, { once: true });
  const outcome = await sending.outcome.finally(() => stop.removeEventListener('abort', sending.abort));
  stop.throwIfAborted();
  const signed = { is_signed_anew: isSignedAnew, ...(staleS !== undefined && { stale_s: staleS }) };
  if (outcome.kind === 'unanswered') {
    return { status: null, time_ms: outcome.timeMs, error: outcome.code, text: textOf(outcome), ...signed };
  }
  const { status, timeMs, body: answer } = outcome;
  return { status, time_ms: timeMs, error: null, text: isSuccess(status) ? '' : answer, ...signed };
}

/** `send` speaks to operators of a server; here nobody set networks. */
function textOf({ code, message }: { readonly code: string; readonly message: string }): string {
  return code === 'address_forbidden' ? 'The host is not this machine alone (--allow-remote allows that).' : message;
}

/** Names differ in case without a difference. */
function merged(recorded: Readonly<Record<string, string>>, added: Readonly<Record<string, string>>) {
  const names = new Set(Object.keys(added).map((name) => name.toLowerCase()));
  const kept = Object.entries(recorded).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...added };
}
