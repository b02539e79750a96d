import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { DatabaseClock } from '../../deliver/database-clock.js';
import { signedHeaders } from '../../deliver/prepare/headers.js';
import { type Sending, send } from '../../deliver/send/send.js';
import { untraced } from '../../observe/trace/untraced.js';
import type { Verification } from './store.js';

const EVENT_TYPE = 'webhook.verification';

/** Posts the token to the URL, signed and with the owner's headers as a delivery is, with a `webhook-id` of its own. Follows no redirect, never throws. */
export function callEndpoint(dispatcher: Dispatcher, clock: DatabaseClock, verification: Verification): Sending {
  const { url, token, timeoutMs, customHeaders = null } = verification;
  const body = Buffer.from(JSON.stringify({ type: EVENT_TYPE, token }), 'utf8');
  const message = { ...verification, messageId: randomUUID(), eventType: EVENT_TYPE };
  const { headers } = signedHeaders(message, body, clock.now());
  const call = { delivery: { url, timeoutMs, customHeaders }, body, headers };
  return untraced(() => send(dispatcher, call, () => clock.now()));
}
