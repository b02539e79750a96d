import { createPublicKey, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { callRpc, type RpcAnswer, serveApi } from './api-client.js';
import {
  inSeconds,
  JWT_SECRET,
  type KeyServer,
  type SigningKey,
  serveKeys,
  sign,
  signingKey,
  userClaims,
} from './api-tokens.js';

describe('tokens of a key set', () => {
  let opened: TestDatabase;
  let keyServer: KeyServer;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let rsa: SigningKey;
  let other: SigningKey;
  beforeAll(async () => {
    opened = await openTestDatabase('postgres');
    [rsa, other] = await Promise.all([signingKey('RS256', 'rsa'), signingKey('RS256', 'other')]);
  });
  afterAll(() => opened.drop());
  // A server of its own for each test: it keeps the keys that it fetched.
  beforeEach(async () => {
    keyServer = await serveKeys([rsa.jwk]);
    served = await serveApi(opened.db, { jwtSecret: JWT_SECRET, jwksUrl: keyServer.url });
    return async () => {
      vi.useRealTimers();
      await served.app.close();
      keyServer.close();
    };
  });
  const ask = (bearer: string): Promise<RpcAnswer> =>
    callRpc(served.url, 'retry_failed_delivery', { p_delivery_id: randomUUID() }, { bearer });
  const user = () => userClaims(randomUUID());
  const expectRefused = async (bearer: string, reason: string): Promise<void> => {
    const { status, json } = await ask(bearer);
    expect([status, json]).toEqual([401, expect.objectContaining({ details: reason })]);
  };
  const passes = async (bearer: string) => expect((await ask(bearer)).status).toBe(200);

  it.each(['RS256', 'ES256', 'ES384', 'EdDSA'])('are taken in %s, which the kind of key implies', async (alg) => {
    const key = await signingKey(alg, 'k');
    keyServer.keys = [key.jwk];
    await passes(await key.sign(user()));
  });

  it.each(['RS512', 'PS256'])('are taken in %s where the key says so, and in that alone', async (alg) => {
    const key = await signingKey(alg, 'k');
    keyServer.keys = [{ ...key.jwk, alg }];
    await passes(await key.sign(user()));
    keyServer.keys = [key.jwk];
    await served.app.close();
    served = await serveApi(opened.db, { jwksUrl: keyServer.url });
    await expectRefused(await key.sign(user()), 'invalid_token');
  });

  it('stand beside those of the shared secret', async () => {
    await passes(await rsa.sign(user()));
    await passes(await sign(user()));
  });

  it('are refused: the public key used as the secret of HS256', async () => {
    const pem = createPublicKey({ key: rsa.jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
    for (const secret of [pem, JSON.stringify(rsa.jwk), String(rsa.jwk.n)]) {
      await expectRefused(await sign(user(), secret), 'invalid_token');
    }
    await served.app.close();
    served = await serveApi(opened.db, { jwksUrl: keyServer.url });
    await expectRefused(await sign(user(), pem), 'invalid_token');
    expect(keyServer.asked).toBe(0);
  });

  it('are refused: a symmetric key in the set, whatever it says it is for', async () => {
    const secret = 'a-secret-that-stands-in-the-key-set';
    const hmac = await sign(user(), secret, { kid: 'h' });
    for (const alg of ['HS256', 'RS256', undefined]) {
      keyServer.keys = [
        { kty: 'oct', k: Buffer.from(secret).toString('base64url'), kid: 'h', ...(alg !== undefined && { alg }) },
      ];
      await served.app.close();
      served = await serveApi(opened.db, { jwksUrl: keyServer.url });
      await expectRefused(hmac, 'invalid_token');
      await expectRefused(await rsa.sign(user(), { kid: 'h' }), 'invalid_token');
    }
  });

  it('are refused: a kid that names another key', async () => {
    keyServer.keys = [rsa.jwk, other.jwk];
    await expectRefused(await rsa.sign(user(), { kid: 'other' }), 'invalid_token');
    await passes(await other.sign(user()));
  });

  it('are refused: an unknown key, a key in the header, a key for encryption', async () => {
    await expectRefused(await other.sign(user()), 'invalid_token');
    await expectRefused(await other.sign(user(), { kid: 'rsa', jwk: other.jwk, jku: keyServer.url }), 'invalid_token');
    keyServer.keys = [{ ...rsa.jwk, use: 'enc' }];
    await served.app.close();
    served = await serveApi(opened.db, { jwksUrl: keyServer.url });
    await expectRefused(await rsa.sign(user()), 'invalid_token');
  });

  it('are refused without a kid where several keys fit', async () => {
    const withoutKid = await rsa.sign(user(), { kid: undefined });
    await passes(withoutKid);
    keyServer.keys = [rsa.jwk, other.jwk];
    await served.app.close();
    served = await serveApi(opened.db, { jwksUrl: keyServer.url });
    await expectRefused(withoutKid, 'invalid_token');
  });

  it('are refused: the service role', async () => {
    await expectRefused(await rsa.sign({ role: 'service_role', exp: inSeconds(60) }), 'invalid_token_role');
  });

  it('have their claims checked as well', async () => {
    await expectRefused(await rsa.sign({ ...user(), exp: inSeconds(-60) }), 'token_expired');
    await expectRefused(await rsa.sign({ ...user(), aud: 'other' }), 'invalid_token_audience');
  });

  it('follow a rotation: an unknown kid has the set fetched again, but not for each request', async () => {
    await passes(await rsa.sign(user()));
    keyServer.keys = [other.jwk];
    await expectRefused(await other.sign(user()), 'invalid_token');
    expect(keyServer.asked).toBe(1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    await passes(await other.sign(user()));
    await expectRefused(await rsa.sign(user()), 'invalid_token');
    expect(keyServer.asked).toBe(2);
  });

  it('are fetched anew after ten minutes, so that a withdrawn key ends', async () => {
    await passes(await rsa.sign(user()));
    keyServer.keys = [other.jwk];
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
    await expectRefused(await rsa.sign(user()), 'invalid_token');
  });

  it.each<[string, KeyServer['answer']]>([
    ['answers 500', (_request, response) => response.writeHead(500).end()],
    ['redirects', (_request, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
    ['answers no JSON', (_request, response) => response.end('<html>')],
    ['answers no set', (_request, response) => response.end('{"keys":{}}')],
    ['hangs up', (request) => request.socket.destroy()],
    ['never answers', () => undefined],
  ])('cannot be told while the key server %s: 503, and later 200', async (_what, answer) => {
    keyServer.answer = answer;
    const token = await rsa.sign(user());
    const { status, json, headers } = await ask(token);
    expect([status, json]).toEqual([503, expect.objectContaining({ code: 'jwks_unavailable' })]);
    expect(headers.get('retry-after')).toBe('5');
    await passes(await sign(user()));
    keyServer.answer = undefined;
    await passes(token);
  });
});
