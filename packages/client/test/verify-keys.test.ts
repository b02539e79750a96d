import { describe, expect, it } from 'vitest';
import { remoteKeys, type VerificationKeys, verifyWebhook } from '../src/index.js';
import { BODY, delivery, type KeyPair, newKeyPair, type Signed, v1, v1a } from './signing.js';

const sent = delivery();
const asymmetric = (pair: KeyPair): Signed => {
  const [id = '', at = ''] = [sent.headers['webhook-id'], sent.headers['webhook-timestamp']];
  return { body: BODY, headers: { ...sent.headers, 'webhook-signature': v1a(id, at, BODY, pair) } };
};

describe('keys', () => {
  it.each<[string, unknown, RegExp]>([
    ['none', [], /no key to verify with.*variable set/],
    ['an empty secret', '', /secret is empty.*variable set/],
    ['whsec_ of nothing', 'whsec_', /secret is empty/],
    ['whsec_ of no base64', 'whsec_!', /whsec_ in the secret is not base64/],
    ['whpk_ of no base64', 'whpk_!', /whpk_ is not the base64 of the 32 bytes/],
    ['whpk_ of 3 bytes', 'whpk_AAAA', /whpk_ is not the base64 of the 32 bytes/],
    ...[null, 5, true, {}, { keys: null }, { keys: 5 }, { keys: {} }, { keys: [] }].map(
      (set): [string, unknown, RegExp] => [JSON.stringify(set), set, /no Ed25519 key \(kty OKP, crv Ed25519\)/],
    ),
  ])('that are %s are refused, with what to mend', async (_, keys, message) => {
    const error: unknown = await verifyWebhook(sent, keys as VerificationKeys).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('of a JWK Set that are not of Ed25519, or not for signatures, or broken, are passed over', async () => {
    // Base64url differs from base64 in two characters.
    let pair = newKeyPair();
    while (!/-.*_|_.*-/.test(String((pair.jwk as { x?: unknown }).x))) pair = newKeyPair();
    const { kty, crv, x } = pair.jwk as { kty: string; crv: string; x: string };
    const others = [
      null,
      5,
      'key',
      { kty: 'EC', crv, x },
      { kty, crv: 'X25519', x },
      { kty, crv, x, use: 'enc' },
      { kty, crv },
      { kty, crv, x: 5 },
      { kty, crv, x: 'AAAA' },
      { kty, crv, x: '!' },
    ];
    expect(await verifyWebhook(asymmetric(pair), { keys: [...others, { kty, crv, x }] as object[] })).toMatchObject({
      body: BODY,
    });
    for (const other of others) {
      const error = await verifyWebhook(asymmetric(pair), { keys: [other] as object[] }).catch(
        (reason: unknown) => reason,
      );
      expect(error, JSON.stringify(other)).toMatchObject({ message: expect.stringMatching(/no Ed25519 key/) });
    }
  });

  it('at an address are kept while it is away, looked for again after the pause, and gone after a day', async () => {
    const pair = newKeyPair();
    let [seconds, looks, isAway] = [0, 0, false];
    const get = async () => {
      looks += 1;
      return isAway ? new Response('no', { status: 500 }) : Response.json({ keys: [pair.jwk] });
    };
    const options = { fetch: get, now: () => seconds * 1000 };
    const remote = remoteKeys('https://keys.example/set', options);
    const eager = remoteKeys('https://keys.example/set', { ...options, cooldownSeconds: 0 });
    const keys = [await remote.current(), await eager.current()];
    isAway = true;
    for (const [at, expected] of [
      [599, 2],
      [601, 4],
      [601.5, 5],
      [630, 6],
      [631, 8],
    ] as const) {
      seconds = at;
      expect([await remote.current(), await eager.current()]).toEqual(keys);
      expect(looks, String(at)).toBe(expected);
    }
    seconds = 86_401;
    const error: unknown = await remote.current().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'keys_unavailable',
      message: expect.stringContaining('https://keys.example/set'),
    });
    expect(error).toHaveProperty('cause.message', 'It answered 500.');
    seconds += 60;
    expect(await remote.refreshed()).toBeNull();
  });

  it('that are many verify each what they signed', async () => {
    const [id, at] = ['many', Math.floor(Date.now() / 1000)];
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(at) };
    for (let n = 0; n < 300; n += 1) {
      const request = { body: BODY, headers: { ...headers, 'webhook-signature': v1(id, at, BODY, `key ${n}`) } };
      expect(await verifyWebhook(request, `key ${n}`)).toMatchObject({ id });
      if (n > 0) await expect(verifyWebhook(request, `key ${n - 1}`)).rejects.toThrow(/None of the given keys/);
    }
  });
});
