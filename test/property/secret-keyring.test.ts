import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSecretKeys } from '../../src/config/secret-keys.js';
import { HooklineError } from '../../src/errors.js';
import { Keyring, keyringOf, type Place } from '../../src/secrets/keyring.js';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/);
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((array) => Buffer.from(array));
const place: fc.Arbitrary<Place> = fc.record({
  kind: fc.constantFrom('webhook', 'headers', 'signing_key'),
  id: fc.oneof(fc.uuid(), fc.constant('')),
});
const secret = fc.string({ unit: 'binary', maxLength: 300 });

/** The code that opening throws; undefined: it opened. */
function refusal(keyring: Keyring, at: Place, stored: string): string | undefined {
  try {
    keyring.open(at, stored);
    return undefined;
  } catch (error) {
    if (error instanceof HooklineError) return error.code;
    throw error;
  }
}

/** As rows and documents have it: hle1.<key id>.<base64url>. */
const keyIdOf = (sealed: string): string | undefined => sealed.split('.')[1];

describe('a keyring', () => {
  it('opens what it sealed, with a fresh keyring too, and gives what is in the clear as it is', () => {
    fc.assert(
      fc.property(id, bytes, place, secret, (keyId, key, at, text) => {
        const keyring = new Keyring([{ id: keyId, bytes: key }]);
        const sealed = keyring.seal(at, text);
        expect(sealed).toMatch(/^hle1\.[\w-]{1,32}\.[\w-]+$/);
        expect(keyIdOf(sealed)).toBe(keyId);
        expect(keyring.open(at, sealed)).toBe(text);
        expect(keyringOf(`${keyId}:${key.toString('base64')}`).open(at, sealed)).toBe(text);
        expect(keyring.seal(at, text)).not.toBe(sealed);
        if (!text.startsWith('hle1.')) expect(keyring.open(at, text)).toBe(text);
      }),
    );
  });

  it('opens nothing of which any character was changed, cut or added', () => {
    const keyring = keyringOf(`k1:${randomBytes(32).toString('base64')}`);
    const at = { kind: 'webhook', id: 'a webhook' } as const;
    const head = 'hle1.k1.'.length;
    fc.assert(
      fc.property(secret, fc.nat(), fc.constantFrom(...BASE64URL), (text, where, other) => {
        const sealed = keyring.seal(at, text);
        const index = head + (where % (sealed.length - head));
        fc.pre(sealed[index] !== other);
        for (const changed of [
          `${sealed.slice(0, index)}${other}${sealed.slice(index + 1)}`,
          sealed.slice(0, Math.max(index, head + 1)),
          sealed + other,
        ]) {
          expect([changed, refusal(keyring, at, changed)]).toEqual([changed, 'secret_unreadable']);
        }
      }),
    );
  });

  it('opens in no other place, nor with another key of the id, and misses a key by its id', () => {
    fc.assert(
      fc.property(bytes, bytes, place, place, secret, (key, otherKey, at, elsewhere, text) => {
        fc.pre(!key.equals(otherKey) && (at.id !== elsewhere.id || at.kind !== elsewhere.kind));
        const keyring = new Keyring([{ id: 'k1', bytes: key }]);
        const sealed = keyring.seal(at, text);
        // Also when the right place was asked for before.
        expect(keyring.open(at, sealed)).toBe(text);
        expect(refusal(keyring, elsewhere, sealed)).toBe('secret_unreadable');
        expect(refusal(new Keyring([{ id: 'k1', bytes: otherKey }]), at, sealed)).toBe('secret_unreadable');
        expect(refusal(new Keyring([{ id: 'k2', bytes: key }]), at, sealed)).toBe('secret_key_missing');
        expect(refusal(new Keyring([]), at, sealed)).toBe('secret_key_missing');
      }),
    );
  });

  it('seals with the first key and opens with all, under whatever place in the list', () => {
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 5 }), place, secret, (ids, at, text) => {
        const keys = ids.map((one) => ({ id: one, bytes: randomBytes(32) }));
        const sealed = keys.map((key) => new Keyring([key, ...keys.filter((other) => other !== key)]).seal(at, text));
        expect(sealed.map(keyIdOf)).toEqual(ids);
        for (const one of sealed) expect(new Keyring(keys).open(at, one)).toBe(text);
      }),
    );
  });

  it('says nothing of keys or secrets in its errors, and shows none when it is printed', () => {
    const key = randomBytes(32);
    const keyring = new Keyring([{ id: 'k1', bytes: key }]);
    const sealed = keyring.seal({ kind: 'webhook', id: 'a' }, 'the secret itself');
    keyring.open({ kind: 'webhook', id: 'a' }, sealed);
    const caught = fc.sample(fc.constant(0), 1).map(() => {
      try {
        return keyring.open({ kind: 'webhook', id: 'b' }, sealed);
      } catch (error) {
        return error instanceof HooklineError ? `${error.message} ${error.hint} ${error.stack}` : '';
      }
    });
    const shown = `${JSON.stringify(keyring)} ${String(keyring)} ${caught.join()}`;
    for (const hidden of ['the secret itself', sealed, key.toString('base64'), key.toString('hex')]) {
      expect(shown).not.toContain(hidden);
    }
  });
});

describe('HOOKLINE_SECRET_KEYS', () => {
  const key = 'A'.repeat(43);
  it('takes keys of 32 bytes with ids of their own, in both alphabets of base64', () => {
    expect(
      parseSecretKeys(`k1:${key}=, k-2_:${'_-'.repeat(21)}8`)?.map(({ id: one, bytes: { length } }) => [one, length]),
    ).toEqual([
      ['k1', 32],
      ['k-2_', 32],
    ]);
  });

  it.each([
    '',
    'k1',
    `k1:${'A'.repeat(42)}`,
    `k1:${'A'.repeat(44)}`,
    `:${key}`,
    `k.1:${key}`,
    `${'k'.repeat(33)}:${key}`,
    `k1:${key},k1:${key}`,
    `k1:${key},`,
    `k1:${'ä'.repeat(43)}`,
  ])('takes no %j', (text) => {
    expect(parseSecretKeys(text)).toBeUndefined();
    expect(() => keyringOf(text)).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  });
});
