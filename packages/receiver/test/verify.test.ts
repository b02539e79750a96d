import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifySignature } from '../src/verify.js';

const sign = (body: Uint8Array, secret: string): string => createHmac('sha256', secret).update(body).digest('hex');
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const secrets = fc.string({ minLength: 1, unit: 'binary' }).filter((secret) => secret.isWellFormed());
const bodies = fc.uint8Array({ maxLength: 2_000 }).map((body) => new Uint8Array(body));

describe('verifySignature', () => {
  it('takes the HMAC-SHA256 of the raw bytes, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, secrets, async (body, secret) => {
        expect(await verifySignature(body, sign(body, secret), secret)).toBe(true);
      }),
    );
  });

  it('knows a fixed vector (RFC 4231, test case 2)', async () => {
    const signature = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(await verifySignature(bytes('what do ya want for nothing?'), signature, 'Jefe')).toBe(true);
  });

  it('refuses a body with any one bit changed', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), fc.integer({ min: 0, max: 7 }), async (body, at, bit) => {
        fc.pre(body.length > 0);
        const changed = new Uint8Array(body);
        changed[at % body.length] = (body[at % body.length] ?? 0) ^ (1 << bit);
        expect(await verifySignature(changed, sign(body, 'secret'), 'secret')).toBe(false);
      }),
    );
  });

  it('refuses a signature with any one hex digit changed, and another secret', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(63), fc.integer({ min: 1, max: 15 }), async (body, at, by) => {
        const signature = sign(body, 'secret');
        const digit = ((Number.parseInt(signature.charAt(at), 16) + by) % 16).toString(16);
        const changed = signature.slice(0, at) + digit + signature.slice(at + 1);
        expect(await verifySignature(body, changed, 'secret')).toBe(false);
        expect(await verifySignature(body, signature, 'Secret')).toBe(false);
      }),
    );
  });

  it('never throws: anything that is no signature is false', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.string({ unit: 'binary' }), fc.string(), async (body, signature, secret) => {
        expect(await verifySignature(body, signature, secret)).toBe(false);
      }),
    );
    const body = bytes('{}');
    const right = sign(body, 'secret');
    for (const wrong of [
      null,
      undefined,
      '',
      right.toUpperCase(),
      `sha256=${right}`,
      ` ${right}`,
      `${right}\n`,
      `${right}00`,
      right.slice(2),
    ]) {
      expect(await verifySignature(body, wrong, 'secret')).toBe(false);
    }
    expect(await verifySignature(body, right, '')).toBe(false);
  });

  it('goes on verifying after more secrets than it caches', async () => {
    const body = bytes('{}');
    for (let round = 0; round < 2; round++) {
      for (let at = 0; at < 40; at++) {
        expect(await verifySignature(body, sign(body, `secret ${at}`), `secret ${at}`)).toBe(true);
      }
    }
  });
});
