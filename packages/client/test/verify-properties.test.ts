import { assert, asyncProperty, constantFrom, jsonValue, nat, string, uint8Array } from 'fast-check';
import { describe, it } from 'vitest';
import { verifyWebhook, WebhookVerificationError } from '../src/index.js';
import { delivery, newKeyPair, SECRET, type Signed, v1a, without } from './signing.js';

const RUNS = { numRuns: 300 };
const pair = newKeyPair();
const isRefused = (error: unknown): boolean => {
  if (error instanceof WebhookVerificationError) return false;
  throw error;
};
const passes = (request: Parameters<typeof verifyWebhook>[0], key: string): Promise<boolean> =>
  verifyWebhook(request, key).then(() => true, isRefused);

/** `bytes` with one bit the other way round. */
function flipped(bytes: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(bytes);
  const place = at % (copy.length * 8);
  copy[place >> 3] = (copy[place >> 3] ?? 0) ^ (1 << (place & 7));
  return copy;
}

/** A delivery under `key`: a secret, or the public key of `pair`. */
function signed(body: string, key: string): Signed {
  if (key !== pair.whpk) return delivery(body, { key });
  const { headers } = delivery(body);
  const signature = v1a(headers['webhook-id'] ?? '', headers['webhook-timestamp'] ?? '', body, pair);
  return { body, headers: { ...headers, 'webhook-signature': signature } };
}

describe('whatever is sent', () => {
  it('comes out as it was, under any secret', () =>
    assert(
      asyncProperty(
        jsonValue({ noUnicodeString: false }),
        string({ minLength: 1, unit: 'binary' }),
        async (payload, secret) => {
          const key = `whsec_${Buffer.from(secret).toString('base64')}`;
          const body = JSON.stringify(payload);
          const webhook = await verifyWebhook(delivery(body, { key: secret }), key);
          return webhook.body === body && JSON.stringify(webhook.payload) === body;
        },
      ),
      RUNS,
    ));

  it.each([
    ['HMAC', 'a-secret'],
    ['Ed25519', pair.whpk],
  ])('is refused with one bit changed, in the body or in any header that counts: %s', (_, key) =>
    assert(
      asyncProperty(
        jsonValue(),
        nat(),
        constantFrom('body', 'webhook-id', 'webhook-timestamp', 'webhook-signature'),
        async (payload, at, part) => {
          const sent = signed(JSON.stringify(payload), key);
          const whole = await passes(sent, key);
          const bytes = flipped(Buffer.from(part === 'body' ? sent.body : (sent.headers[part] ?? '')), at);
          const changed =
            part === 'body'
              ? { headers: sent.headers, body: bytes }
              : { ...sent, headers: { ...sent.headers, [part]: Buffer.from(bytes).toString('latin1') } };
          return whole && !(await passes(changed, key));
        },
      ),
      RUNS,
    ),
  );

  it('of X-Webhook-Signature alone is refused with one bit changed', () =>
    assert(
      asyncProperty(jsonValue(), nat(), constantFrom('body', 'header'), async (payload, at, part) => {
        const sent = without(delivery(JSON.stringify(payload)), 'webhook-signature');
        const key = sent.headers['x-webhook-signature'] ?? '';
        const bytes = flipped(Buffer.from(part === 'body' ? sent.body : key), at);
        const changed =
          part === 'body'
            ? { headers: sent.headers, body: bytes }
            : { ...sent, headers: { ...sent.headers, 'x-webhook-signature': Buffer.from(bytes).toString('latin1') } };
        return !(await verifyWebhook(changed, SECRET, { requireTimestamp: false }).then(() => true, isRefused));
      }),
      RUNS,
    ));

  it('never throws anything but a refusal for headers and bodies of any kind', () =>
    assert(
      asyncProperty(
        string({ unit: 'binary' }),
        string(),
        string(),
        uint8Array(),
        async (id, timestamp, signature, body) => {
          for (const value of [signature, `v1,${signature}`, `v1a,${signature}`]) {
            const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': value };
            if (await passes({ headers, body }, 'a-secret')) return false;
            if (
              await passes(
                {
                  headers: {
                    ...headers,
                    'webhook-id': 'a',
                    'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
                  },
                  body,
                },
                pair.whpk,
              )
            )
              return false;
          }
          return true;
        },
      ),
      RUNS,
    ));
});
