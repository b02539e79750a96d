import type { SimCallback } from './callback.js';
import { callbackUrlOf, channelOf } from './callback-path.js';
import { serveCallbacks } from './callback-server.js';
import type { Change } from './changes.js';
import { createCourier } from './courier.js';
import { readEnvelope } from './envelope.js';
import type { CallbackFaults } from './faults.js';
import { createInbox } from './inbox.js';
import { LiveRequest, type SimRequest } from './request.js';
import { ANSWER_WITHIN_MS, CALLBACK_WITHIN_MS, WAITS_MS } from './schedule.js';
import type { SignatureScheme } from './sign.js';

export interface GatewaySimOptions {
  /** What webhooks are signed with. */
  readonly secret: string;
  /** What callbacks have to carry. */
  readonly apiKey: string;
  /** Where webhooks go; `send` may name another URL. */
  readonly to?: string;
  /** Where callbacks are taken: 127.0.0.1 and any free port by default. */
  readonly host?: string;
  readonly port?: number;
  /** The origin of callback URLs, where the receiver reaches this server by another name; by default its own. */
  readonly callbackOrigin?: string;
  /** Factor on the retry schedule and the time for callbacks: 0.01 makes 5 s 50 ms. 1 by default. */
  readonly timeScale?: number;
  /** The time for callbacks, not scaled; by default 5 minutes, scaled. */
  readonly callbackWithinMs?: number;
  /** How long an attempt may take, not scaled, since the receiver's own time is not; 30 s by default. */
  readonly answerWithinMs?: number;
  readonly onChange?: (change: Change) => void;
}

export interface SendOptions {
  readonly scheme?: SignatureScheme;
  readonly to?: string;
  /** Another secret than the simulator's: to see a forgery refused, or a rotation. */
  readonly secret?: string;
  /** Unix seconds that every attempt is signed with; by default the time of the attempt. */
  readonly timestamp?: number;
  /** How many attempts at most; 8 by default, as documented. */
  readonly attempts?: number;
}

/** The stand-in of ModelRiver: it sends webhooks, sends them again, and takes callbacks. For development, the demo and tests. */
export interface GatewaySim {
  /** The origin of callback URLs: what the receiver has to allow. */
  readonly callbackOrigin: string;
  callbackUrl(channelId: string): string;
  /** Sends a webhook, text and bytes as they are, an object as JSON. Throws a TypeError when nobody said where to, or after `close`. */
  send(webhook: string | Uint8Array | object, options?: SendOptions): SimRequest;
  /** All that were sent, in that order. */
  readonly requests: readonly SimRequest[];
  /** All callbacks that came, in that order. */
  readonly callbacks: readonly SimCallback[];
  /** Those whose last attempt failed. */
  readonly deadLetters: readonly SimRequest[];
  /** What shall go wrong with the next callbacks. */
  readonly faults: CallbackFaults;
  /** Waits until nothing more can become of any request, or the simulator is closed. */
  settled(): Promise<void>;
  /** Ends everything; requests under way keep their state. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts a gateway simulator.
 * @throws RangeError for a time scale that is no positive number; `address_in_use` or `invalid_config` when it cannot listen.
 */
export async function startGatewaySim(options: GatewaySimOptions): Promise<GatewaySim> {
  const { secret, apiKey, host = '127.0.0.1', port = 0, timeScale = 1, onChange = () => undefined } = options;
  if (!(timeScale > 0 && timeScale < 1_000)) throw new RangeError('timeScale must be above 0 and below 1,000.');
  const { answerWithinMs = ANSWER_WITHIN_MS, callbackWithinMs = CALLBACK_WITHIN_MS * timeScale } = options;
  const requests: LiveRequest[] = [];
  const inbox = createInbox({ apiKey, callbackWithinMs, onChange });
  const courier = createCourier({ waitsMs: WAITS_MS.map((ms) => ms * timeScale), answerWithinMs, onChange });
  const server = await serveCallbacks({ host, port }, inbox.receive);
  const callbackOrigin = options.callbackOrigin ?? server.origin;
  let closing: Promise<void> | undefined;

  function send(webhook: string | Uint8Array | object, how: SendOptions = {}): SimRequest {
    if (closing !== undefined) throw new TypeError('The gateway simulator is closed.');
    const to = how.to ?? options.to;
    if (to === undefined) throw new TypeError('Where to? Give `to` to send or to startGatewaySim.');
    const body = bytesOf(webhook);
    const envelope = readEnvelope(body);
    const called = envelope.callbackUrl === null ? null : channelOf(envelope.callbackUrl, callbackOrigin);
    const request = new LiveRequest(
      requests.length + 1,
      envelope,
      body,
      called === null ? undefined : inbox.open(called),
    );
    requests.push(request);
    const { scheme = 'mr', timestamp, attempts = WAITS_MS.length } = how;
    const { channelId } = envelope;
    const outgoing = { url: to, body, channelId, scheme, timestamp, secret: how.secret ?? secret };
    courier.send(request, outgoing, attempts);
    return request;
  }

  async function settled(): Promise<void> {
    for (let seen = -1; seen !== requests.length; ) {
      seen = requests.length;
      await Promise.all(requests.map((request) => request.settled()));
    }
  }

  async function end(): Promise<void> {
    inbox.close();
    await Promise.all([courier.close(), server.close()]);
    for (const request of requests) request.abandon();
  }

  return {
    callbackOrigin,
    callbackUrl: (channelId) => callbackUrlOf(callbackOrigin, channelId),
    send,
    requests,
    callbacks: inbox.callbacks,
    get deadLetters() {
      return requests.filter(({ state }) => state === 'dead_lettered');
    },
    faults: inbox.faults,
    settled,
    close() {
      closing ??= end();
      return closing;
    },
  };
}

function bytesOf(webhook: string | Uint8Array | object): Buffer {
  if (webhook instanceof Uint8Array) return Buffer.from(webhook);
  return Buffer.from(typeof webhook === 'string' ? webhook : JSON.stringify(webhook));
}
