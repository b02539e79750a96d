import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type ReceiverServer, startReceiver } from '../../../test/harness/receiver-server.js';
import { remoteKeys, verifyWebhook } from '../src/index.js';
import { BODY, delivery, type KeyPair, newKeyPair, SECRET, type Signed, v1, v1a } from './signing.js';

/** A delivery that these key pairs have signed too, or instead of the secret. */
function signedBy(pairs: readonly KeyPair[], secret: string | null = SECRET): Signed {
  const { headers, body } = delivery();
  const [id = '', timestamp = ''] = [headers['webhook-id'], headers['webhook-timestamp']];
  const signatures = pairs.map((pair) => v1a(id, timestamp, body, pair));
  if (secret !== null) signatures.unshift(v1(id, timestamp, body, secret));
  return { body, headers: { ...headers, 'webhook-signature': signatures.join(' ') } };
}
const keySet = (...pairs: readonly KeyPair[]) => ({ keys: pairs.map(({ jwk }) => jwk) });
const refused = (code: string) => expect.objectContaining({ name: 'WebhookVerificationError', code });
const [pair, next, stranger] = [newKeyPair(), newKeyPair(), newKeyPair()];

describe('a signature of Ed25519', () => {
  it('is verified by whpk_ or a JWK Set, also beside v1 and while keys are rotated', async () => {
    for (const keys of [
      pair.whpk,
      keySet(pair),
      keySet(stranger, pair),
      [stranger.whpk, pair.whpk],
      ['other', pair.whpk],
    ]) {
      for (const sent of [signedBy([pair]), signedBy([pair], null), signedBy([next, pair])]) {
        expect(await verifyWebhook(sent, keys)).toMatchObject({ body: BODY });
      }
    }
    expect(await verifyWebhook(signedBy([stranger]), [SECRET, pair.whpk])).toMatchObject({ body: BODY });
  });

  it('is refused by another key, over another body, and when it is none', async () => {
    await expect(verifyWebhook(signedBy([stranger]), pair.whpk)).rejects.toEqual(refused('invalid_signature'));
    const sent = signedBy([pair], null);
    await expect(verifyWebhook({ ...sent, body: '{}' }, pair.whpk)).rejects.toEqual(refused('invalid_signature'));
    const short = { ...sent, headers: { ...sent.headers, 'webhook-signature': 'v1a,AAAA' } };
    await expect(verifyWebhook(short, pair.whpk)).rejects.toEqual(refused('invalid_signature'));
  });

  it('is not to be had where the public key is taken for a secret', async () => {
    const bytes = Buffer.from(pair.whpk.slice(5), 'base64');
    for (const key of [bytes.toString('latin1'), pair.whpk, bytes.toString('base64')]) {
      await expect(verifyWebhook(signedBy([], key), pair.whpk)).rejects.toThrow('Turn on asymmetric signatures');
    }
  });

  it('passes over keys of other kinds, and wants one of its own', async () => {
    const others = [{ kty: 'RSA', n: 'x', e: 'AQAB' }, { kty: 'oct', k: SECRET }, { ...pair.jwk, use: 'enc' }, null, 5];
    const set = { keys: [...others, pair.jwk] as object[] };
    expect(await verifyWebhook(signedBy([pair]), set)).toMatchObject({ body: BODY });
    for (const keys of [others, [{ ...pair.jwk, x: 'AAAA' }], [{ ...pair.jwk, crv: 'Ed448' }]]) {
      await expect(verifyWebhook(signedBy([pair]), { keys: keys as object[] })).rejects.toThrow(TypeError);
    }
  });
});

describe('remoteKeys', () => {
  let server: ReceiverServer;
  beforeAll(async () => {
    server = await startReceiver();
  });
  afterAll(() => server.close());
  let clock: number;
  let keys: ReturnType<typeof remoteKeys>;
  let before: number;
  const fetched = () => server.requests.length - before;
  const publish = (...pairs: readonly KeyPair[]) =>
    server.answerWith([
      { headers: { 'content-type': 'application/jwk-set+json' }, body: JSON.stringify(keySet(...pairs)) },
    ]);
  const after = (seconds: number) => {
    clock += seconds * 1000;
  };
  const verified = (sent: Signed) => verifyWebhook(sent, keys);
  beforeEach(() => {
    clock = 0;
    before = server.requests.length;
    keys = remoteKeys(server.url, { now: () => clock });
    publish(pair);
  });

  it('fetches once for many, and again when the cache is too old', async () => {
    await Promise.all(Array.from({ length: 20 }, () => verified(signedBy([pair]))));
    expect(fetched()).toBe(1);
    after(599);
    await verified(signedBy([pair]));
    expect(fetched()).toBe(1);
    after(1);
    await verified(signedBy([pair]));
    expect(fetched()).toBe(2);
  });

  it('finds the key that the server has rotated to, and trusts the old one no longer than the set', async () => {
    await verified(signedBy([pair]));
    publish(next);
    after(31);
    expect(await verified(signedBy([next]))).toMatchObject({ body: BODY });
    expect(fetched()).toBe(2);
    await expect(verified(signedBy([pair]))).rejects.toEqual(refused('invalid_signature'));
  });

  it('is not made to fetch by forged signatures', async () => {
    for (let n = 0; n < 20; n += 1) {
      await expect(verified(signedBy([stranger]))).rejects.toEqual(refused('invalid_signature'));
    }
    expect(fetched()).toBe(1);
    after(30);
    await Promise.allSettled(Array.from({ length: 20 }, () => verified(signedBy([stranger]))));
    expect(fetched()).toBe(2);
  });

  it('is not asked when the secret verifies, or nothing asymmetric is there', async () => {
    expect(await verifyWebhook(signedBy([pair]), [keys, SECRET])).toMatchObject({ body: BODY });
    await expect(verifyWebhook(delivery(), [keys, 'other'])).rejects.toEqual(refused('invalid_signature'));
    expect(fetched()).toBe(0);
  });

  it.each<[string, Answer]>([
    ['an error', { status: 500 }],
    ['no JSON', { body: '<html>' }],
    ['a set without keys', { body: '{"keys":[]}' }],
    ['a broken connection', 'destroy'],
  ])('goes on with known keys for a day while the address gives %s', async (_, answer) => {
    await verified(signedBy([pair]));
    server.answerWith([answer]);
    after(86_399);
    expect(await verified(signedBy([pair]))).toMatchObject({ body: BODY });
    after(1);
    await expect(verified(signedBy([pair]))).rejects.toEqual(refused('keys_unavailable'));
    publish(pair);
    after(1);
    expect(await verified(signedBy([pair]))).toMatchObject({ body: BODY });
  });

  it('asks an address that is away once a second at most while it knows nothing', async () => {
    server.answerWith([{ status: 503 }]);
    for (let n = 0; n < 20; n += 1) {
      await expect(verified(signedBy([stranger]))).rejects.toEqual(refused('keys_unavailable'));
    }
    expect(fetched()).toBe(1);
    publish(pair);
    after(1);
    expect(await verified(signedBy([pair]))).toMatchObject({ body: BODY });
  });

  it('gives up an address that never answers', async () => {
    server.answerWith(['hang']);
    const hanging = remoteKeys(server.url, { timeoutMs: 200 });
    await expect(verifyWebhook(signedBy([pair]), hanging)).rejects.toMatchObject({
      code: 'keys_unavailable',
      status: 503,
    });
  });
});
