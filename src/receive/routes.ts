import { createWebhookHandler, type WebhookHandler } from '@hookline/receiver';
import type { FastifyInstance } from 'fastify';
import { codeOf, HooklineError } from '../errors.js';
import { currentOrigin, originOf } from '../trigger/origin.js';
import { type CallbackDeps, followUpOptions } from './follow-up-options.js';
import { STORE_TIMEOUT_MS } from './own-store.js';
import type { ReceiverStore } from './receiver-store.js';
import { sendWebResponse, toWebRequest } from './web-request.js';

export interface ReceiverDeps extends CallbackDeps {
  readonly receiver: Pick<ReceiverStore, 'store' | 'emitter'>;
  /** The gateway's signing secret and API key; the route answers 503 while one is missing. */
  readonly webhookSecret: string | undefined;
  /** Signs too while the secret is rotated. */
  readonly previousWebhookSecret?: string | undefined;
  readonly apiKey: string | undefined;
  /** The largest webhook, in bytes. */
  readonly maxBodyBytes: number;
  /** Takes over the callback, which is sent after the answer. */
  readonly waitUntil: (promise: Promise<unknown>) => void;
}

/** Mounts `POST /webhooks/modelriver`, in a scope of its own, where bodies stay the raw bytes that were signed. */
export function registerReceiver(app: FastifyInstance, deps: ReceiverDeps): void {
  const handler = handlerOf(deps);
  const { maxBodyBytes, waitUntil } = deps;

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The signature vouches for the body, not the media type: Fastify would answer 415 to one that it cannot parse.
    scope.addHook('onRequest', async (request) => {
      request.headers['content-type'] = 'application/octet-stream';
    });
    scope.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: maxBodyBytes },
      (_request, body, done) => {
        done(null, body);
      },
    );
    answerTooLarge(scope, maxBodyBytes);
    scope.post('/webhooks/modelriver', { bodyLimit: maxBodyBytes }, async (request, reply) => {
      if (handler instanceof HooklineError) throw handler;
      const answer = currentOrigin.run(originOf(request), () => handler(toWebRequest(request), { waitUntil }));
      return sendWebResponse(reply, await answer);
    });
  });
}

function handlerOf(deps: ReceiverDeps): WebhookHandler | HooklineError {
  const { receiver, webhookSecret: secret, previousWebhookSecret: previous, apiKey, maxBodyBytes } = deps;
  if (secret === undefined) return missing('webhook_secret_not_set', 'MODELRIVER_WEBHOOK_SECRET');
  if (apiKey === undefined) return missing('api_key_not_set', 'MODELRIVER_API_KEY');
  return createWebhookHandler({
    ...followUpOptions(deps, receiver.emitter),
    apiKey,
    store: receiver.store,
    secret: previous === undefined ? secret : [secret, previous],
    maxBodyBytes,
    storeTimeoutMs: STORE_TIMEOUT_MS,
  });
}

function missing(code: 'webhook_secret_not_set' | 'api_key_not_set', variable: string): HooklineError {
  return new HooklineError(code, undefined, { hint: `Set ${variable} and start again.` });
}

/** Fastify reads the body here, so its refusal takes the receiver's shape; any other error is the app's to answer. */
function answerTooLarge(scope: FastifyInstance, maxBodyBytes: number): void {
  scope.setErrorHandler((error, _request, reply) => {
    if (codeOf(error) !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error;
    const answer = { error: `The body is larger than ${maxBodyBytes} bytes.`, code: 'body_too_large' };
    return reply.code(413).type('application/json').send(JSON.stringify(answer));
  });
}
