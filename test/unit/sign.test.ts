import crypto from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBody } from '../../src/deliver/prepare/body.js';
import { signBody, signStandard } from '../../src/deliver/prepare/sign.js';

/** The subscriber's check, as the specification prints it (On the wire). */
function verify(payload: unknown, signature: string, secret: string, algorithm: string): boolean {
  const expected = `${algorithm}=${crypto.createHmac(algorithm, secret).update(JSON.stringify(payload)).digest('hex')}`;
  return (
    Buffer.byteLength(signature) === Buffer.byteLength(expected) &&
    crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
  );
}

/** Standard Webhooks, written from its description: HMAC-SHA256 with the key's bytes over `id.timestamp.body`. */
function standard(key: Buffer, id: string, timestamp: number, body: Buffer): string {
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return `v1,${crypto.createHmac('sha256', key).update(signed).digest('base64')}`;
}

const algorithm = fc.constantFrom('sha256' as const, 'sha512' as const);
const secret = fc.string({ unit: 'binary', minLength: 1, maxLength: 255 });
const payload = fc.jsonValue({ stringUnit: 'binary' });
const bodyOf = (value: unknown): Buffer => Buffer.from(toBody(JSON.stringify(value)), 'utf8');

describe('X-Webhook-Signature', () => {
  it('passes the check of the specification for any payload and secret, over the body as Express parses it', () => {
    fc.assert(
      fc.property(payload, secret, algorithm, (value, key, with_) => {
        const body = bodyOf(value);
        const parsed: unknown = JSON.parse(body.toString('utf8'));
        expect(verify(parsed, signBody(with_, [key], body), key, with_)).toBe(true);
      }),
    );
  });

  it('is algorithm, equals sign and lower-case hexadecimal', () => {
    const body = Buffer.from('{}');
    expect(signBody('sha256', ['k'], body)).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(signBody('sha512', ['k'], body)).toMatch(/^sha512=[0-9a-f]{128}$/);
  });

  it('refuses another body, secret or algorithm', () => {
    fc.assert(
      fc.property(payload, payload, secret, secret, algorithm, (value, otherValue, key, otherKey, with_) => {
        const signature = signBody(with_, [key], bodyOf(value));
        const parsed: unknown = JSON.parse(bodyOf(value).toString('utf8'));
        const otherParsed: unknown = JSON.parse(bodyOf(otherValue).toString('utf8'));
        if (JSON.stringify(parsed) !== JSON.stringify(otherParsed)) {
          expect(verify(otherParsed, signature, key, with_)).toBe(false);
        }
        // HMAC fills a short key up with zero bytes (RFC 2104), so keys that differ in those alone are one key.
        if (key.replace(/\0+$/, '') !== otherKey.replace(/\0+$/, '')) {
          expect(verify(parsed, signature, otherKey, with_)).toBe(false);
        }
        expect(verify(parsed, signature, key, with_ === 'sha256' ? 'sha512' : 'sha256')).toBe(false);
      }),
    );
  });

  it('refuses a body with any one bit turned', () => {
    fc.assert(
      fc.property(payload, secret, algorithm, fc.nat(), fc.nat({ max: 7 }), (value, key, with_, at, bit) => {
        const body = bodyOf(value);
        const turned = Buffer.from(body);
        const index = at % turned.length;
        turned[index] = (turned[index] ?? 0) ^ (1 << bit);
        expect(signBody(with_, [key], turned)).not.toBe(signBody(with_, [key], body));
      }),
    );
  });

  it('takes the UTF-8 bytes of the secret as the key', () => {
    const key = 'schlüssel-鍵-🔑';
    const hmac = crypto.createHmac('sha256', Buffer.from(key, 'utf8')).update('{"a":1}').digest('hex');
    expect(signBody('sha256', [key], Buffer.from('{"a":1}'))).toBe(`sha256=${hmac}`);
  });

  it('agrees with RFC 4231, test case 2', () => {
    const data = Buffer.from('what do ya want for nothing?');
    expect(signBody('sha256', ['Jefe'], data)).toBe(
      'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    expect(signBody('sha512', ['Jefe'], data)).toBe(
      'sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    );
  });
});

describe('webhook-signature', () => {
  it('agrees with the vector of Standard Webhooks', () => {
    const body = Buffer.from('{"test": 2432232314}');
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    expect(signStandard([secret], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, body)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('takes the bytes behind whsec_ of a secret from elsewhere, and X-Webhook-Signature its text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 75 }), secret, payload, (bytes, own, value) => {
        const imported = `whsec_${Buffer.from(bytes).toString('base64')}`;
        const expected = [Buffer.from(own, 'utf8'), Buffer.from(bytes)].map((key) =>
          standard(key, 'id', 1, bodyOf(value)),
        );
        expect(signStandard([imported, own], 'id', 1, bodyOf(value)).split(' ')).toEqual(expected);
        expect(verify(value, signBody('sha256', [imported], bodyOf(value)), imported, 'sha256')).toBe(true);
      }),
    );
  });

  it.each(['whsec_', 'whsec_no base64', 'whsec_YQ', 'whsec_YWI=x', 'a whsec_YWJj'])('takes %s for text', (text) => {
    const body = Buffer.from('{}');
    expect(signStandard([text], 'id', 1, body)).toBe(standard(Buffer.from(text, 'utf8'), 'id', 1, body));
  });

  it('is that formula with the bytes of the secret as key, and verifies with whsec_ + base64 of them', () => {
    fc.assert(
      fc.property(secret, fc.uuid(), fc.nat(), payload, (key, id, timestamp, value) => {
        const shown = `whsec_${Buffer.from(key, 'utf8').toString('base64')}`;
        const signature = signStandard([key], id, timestamp, bodyOf(value));
        expect(signature).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
        expect(signature).toBe(
          standard(Buffer.from(shown.slice('whsec_'.length), 'base64'), id, timestamp, bodyOf(value)),
        );
      }),
    );
  });

  it('holds a signature for each live key, the current one first', () => {
    fc.assert(
      fc.property(
        secret,
        fc.array(secret, { maxLength: 4 }),
        fc.uuid(),
        fc.nat(),
        payload,
        (first, more, id, at, value) => {
          const keys: [string, ...string[]] = [first, ...more];
          const expected = keys.map((key) => standard(Buffer.from(key, 'utf8'), id, at, bodyOf(value)));
          expect(signStandard(keys, id, at, bodyOf(value)).split(' ')).toEqual(expected.reverse());
        },
      ),
    );
  });

  it('changes with the id, the timestamp, the body and the secret', () => {
    const body = Buffer.from('{"a":1}');
    const signatures = [
      signStandard(['key'], 'id', 1, body),
      signStandard(['key'], 'id2', 1, body),
      signStandard(['key'], 'id', 2, body),
      signStandard(['key'], 'id', 1, Buffer.from('{"a":2}')),
      signStandard(['key2'], 'id', 1, body),
    ];
    expect(new Set(signatures).size).toBe(signatures.length);
  });
});
