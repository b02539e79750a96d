import { createHmac, generateKeyPairSync, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepare, unpreparable } from '../../src/deliver/prepare/prepare.js';
import type { Claimed } from '../../src/deliver/stages.js';

const NOW = Date.UTC(2026, 10, 23, 12, 30, 45, 678);
const SECONDS = 1_795_437_045;

const claimed = (changes: Partial<Claimed> = {}): Claimed => ({
  deliveryId: 'd1',
  webhookId: 'w1',
  userId: 'u1',
  position: 1,
  leaseId: 'l1',
  leaseUntil: 0,
  messageId: 'm1',
  eventType: 'video.generated',
  url: 'https://example.com/hook',
  isStoredUrl: true,
  secrets: ['secret'],
  algorithm: 'sha256',
  timeoutMs: 1_000,
  isOrdered: false,
  attempt: 3,
  payload: { text: '{"b": 1, "a": [true, null]}' },
  ...changes,
});

const BODY = '{"b":1,"a":[true,null]}';
const hmac = (key: string, text: string, algorithm = 'sha256') => createHmac(algorithm, key).update(text);
const v1 = (key: string) => `v1,${hmac(key, `m1.${SECONDS}.${BODY}`).digest('base64')}`;

function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { publicKey, base64: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64') };
}

describe('what is sent', () => {
  it('has the headers of the specification, and is told as it was sent', () => {
    const delivery = claimed();
    const { body, headers, signature, attemptedAt, delivery: its } = prepare(delivery, NOW);
    expect(body.toString()).toBe(BODY);
    expect(headers).toEqual({
      'content-type': 'application/json',
      'user-agent': 'Hookline',
      'X-Webhook-Signature': `sha256=${hmac('secret', BODY).digest('hex')}`,
      'X-Webhook-Event': 'video.generated',
      'X-Webhook-ID': 'w1',
      'X-Webhook-Delivery': 'd1',
      'X-Webhook-Attempt': '3',
      'webhook-id': 'm1',
      'webhook-timestamp': String(SECONDS),
      'webhook-signature': v1('secret'),
    });
    expect(signature).toBe(headers['X-Webhook-Signature']);
    expect(attemptedAt).toEqual(new Date(NOW));
    expect(its).toBe(delivery);
  });

  it('is signed by the oldest live secret alone in X-Webhook-Signature, and by all of them in webhook-signature', () => {
    const { headers } = prepare(claimed({ secrets: ['old', 'newer', 'current'], algorithm: 'sha512' }), NOW);
    expect(headers['X-Webhook-Signature']).toBe(`sha512=${hmac('old', BODY, 'sha512').digest('hex')}`);
    expect(headers['webhook-signature']).toBe(`${v1('current')} ${v1('newer')} ${v1('old')}`);
  });

  it('is signed with each key of Ed25519 too, the current one first, after the secrets', () => {
    const keys = [newKey(), newKey()];
    // Twice, since keys are kept: the second time they come out of the cache.
    for (const _ of keys) {
      const { headers } = prepare(claimed({ signingKeys: keys.map(({ base64 }) => base64) }), NOW);
      const [shared, ...asymmetric] = headers['webhook-signature']?.split(' ') ?? [];
      expect(shared).toBe(v1('secret'));
      expect(asymmetric).toHaveLength(2);
      for (const [n, text] of asymmetric.entries()) {
        const { publicKey } = keys[n] ?? newKey();
        expect(text).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/);
        const signature = Buffer.from(text.slice('v1a,'.length), 'base64');
        expect(verify(null, Buffer.from(`m1.${SECONDS}.${BODY}`), publicKey, signature)).toBe(true);
      }
    }
    expect(prepare(claimed({ signingKeys: null }), NOW).headers['webhook-signature']).toBe(v1('secret'));
  });

  it('never tells the value of a header of the owner', () => {
    const { headers } = prepare(claimed({ customHeaders: { authorization: 'Bearer very-secret', 'x-a': 'b' } }), NOW);
    expect(headers).toMatchObject({ authorization: '***', 'x-a': '***' });
    expect(JSON.stringify(headers)).not.toContain('very-secret');
  });

  it('names an event type in other scripts percent-encoded, and any other as it is', () => {
    const named = (eventType: string) => prepare(claimed({ eventType }), NOW).headers['X-Webhook-Event'];
    const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
    fc.assert(fc.property(visible, (name) => void expect(named(name)).toBe(name)));
    expect(named('vidéo.créée')).toBe('vid%C3%A9o.cr%C3%A9%C3%A9e');
    expect(named('a\x7f')).toBe('a%7F');
    expect(named('a b')).toBe('a%20b');
    expect(named('\ud800!')).toBe('%EF%BF%BD!');
  });

  it('carries a traceparent, unless the owner sends one', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(prepare(claimed(), NOW, traceparent).headers['traceparent']).toBe(traceparent);
    expect(prepare(claimed({ customHeaders: { 'x-a': 'b' } }), NOW, traceparent).headers['traceparent']).toBe(
      traceparent,
    );
    expect(prepare(claimed(), NOW).headers).not.toHaveProperty('traceparent');
    const own = prepare(claimed({ customHeaders: { 'x-a': 'b', TraceParent: 'own' } }), NOW, traceparent).headers;
    expect(own).not.toHaveProperty('traceparent');
    expect(own['TraceParent']).toBe('***');
  });

  it('is made once of a payload that several deliveries share', () => {
    const payload = { text: '{"a": 1}' };
    const [first, second] = [claimed({ payload }), claimed({ payload, deliveryId: 'd2' })].map((one) =>
      prepare(one, NOW),
    );
    expect(second?.body).toBe(first?.body);
    expect(prepare(claimed({ payload: { text: '{"a": 1}' } }), NOW).body).not.toBe(first?.body);
  });

  it('is nothing where no body can be made, and no signature with it', () => {
    const delivery = claimed();
    expect(unpreparable(delivery, NOW)).toEqual({
      delivery,
      body: Buffer.alloc(0),
      signature: '',
      attemptedAt: new Date(NOW),
      headers: {},
    });
  });
});
