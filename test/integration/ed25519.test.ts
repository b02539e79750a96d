import { remoteKeys, verifyWebhook } from '@hookline/client';
import { calculateJwkThumbprint } from 'jose';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { makeFirstSigningKey } from '../../src/deliver/claim/signing-keys.js';
import type { Worker } from '../../src/deliver/worker.js';
import { startRetentionLoop } from '../../src/maintain/retention.js';
import { asUserId, createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook, deliveryWith, silent, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceivedRequest, type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { SERVICE_KEY, serveApi } from './api-client.js';
import { type ContractCall, contract } from './api-contract.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';
import { asymmetricOf, keySet, rotateKeys, verifiedBy } from './ed25519-helpers.js';
import { requestVerification, startTestVerification } from './verification-helpers.js';

describeOnPostgres('asymmetric signatures', (ctx) => {
  let receiver: ReceiverServer;
  let worker: Worker;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let call: ContractCall;
  beforeAll(async () => {
    receiver = await startReceiver();
    worker = await startTestWorker(ctx.db());
    served = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET });
    call = await contract(served.url);
  });
  afterEach(() => ctx.db().query('DELETE FROM webhooks; DELETE FROM hookline.signing_keys'));
  afterAll(async () => {
    await served.app.close();
    await worker.stop(2_000);
    await receiver.close();
  });

  const wanting = () => createWebhook(ctx.db(), receiver.url, { sign_asymmetric: true });
  async function deliver(webhook: { userId: string }, payload?: unknown): Promise<ReceivedRequest> {
    const [id = ''] = await trigger(ctx.db(), webhook.userId, payload);
    const row = await deliveryWith(ctx.db(), id, 'success');
    const request = receiver.requests.find(({ headers }) => headers['x-webhook-delivery'] === id);
    if (request === undefined) throw new Error('the delivery did not come');
    expect((row['request_headers'] as Record<string, string>)['webhook-signature']).toBe(
      request.headers['webhook-signature'],
    );
    return request;
  }
  /** The key set by a process that has kept none yet. */
  const published = () => withFreshServer(keySet);
  async function withFreshServer<T>(ask: (url: string) => Promise<T>): Promise<T> {
    const fresh = await serveApi(ctx.db());
    return ask(fresh.url).finally(() => fresh.app.close());
  }
  const list = (bearer = SERVICE_KEY) => call('GET', '/v1/signing-keys', { bearer });
  const states = async () => ((await list()).body['data'] as { state: string }[]).map(({ state }) => state);
  const stored = async () => {
    const { rows } = await ctx
      .db()
      .query<{ id: string; has: boolean }>(
        'SELECT id, private_key IS NOT NULL AS has FROM hookline.signing_keys ORDER BY retired_at DESC NULLS FIRST',
      );
    return rows;
  };
  /** Lets the overlap of the earlier keys be over since a moment ago. */
  const passOverlap = () =>
    ctx.db().query("UPDATE hookline.signing_keys SET retired_at = now() - interval '1 ms' WHERE retired_at > now()");

  it('stand beside the HMAC for webhooks that want them, and verify with the published key', async () => {
    const request = await deliver(await wanting(), { text: 'schön ✓', n: 1 });
    const { keys } = await published();
    expect(keys).toHaveLength(1);
    expect(verifiedBy(request, { keys })).toEqual([keys[0]?.kid]);
    expect(request.headers['webhook-signature']).toMatch(/^v1,[\w+/]{43}= v1a,[\w+/]{86}==$/);
  });

  it('verify nothing but that body, id and time', async () => {
    const request = await deliver(await wanting());
    const known = await published();
    const { headers, body } = request;
    const turned = Buffer.from(body);
    turned[3] = (turned[3] ?? 0) ^ 1;
    expect(verifiedBy({ headers, body: turned }, known)).toEqual([undefined]);
    for (const name of ['webhook-id', 'webhook-timestamp']) {
      expect(verifiedBy({ headers: { ...headers, [name]: `1${headers[name]}` }, body }, known)).toEqual([undefined]);
    }
  });

  it('are not made for webhooks that do not want them, nor is a key', async () => {
    const request = await deliver(await createWebhook(ctx.db(), receiver.url));
    expect(request.headers['webhook-signature']).toMatch(/^v1,[\w+/]{43}=$/);
    expect(await stored()).toEqual([]);
  });

  it('begin and end as the owner sets it', async () => {
    const webhook = await createWebhook(ctx.db(), receiver.url);
    const set = (value: boolean) =>
      asUserId(ctx.db(), webhook.userId, (tx) =>
        tx.query('UPDATE webhooks SET sign_asymmetric = $1 WHERE id = $2::uuid', [value, webhook.id]),
      );
    await set(true);
    expect(asymmetricOf(await deliver(webhook))).toHaveLength(1);
    await set(false);
    expect(asymmetricOf(await deliver(webhook))).toHaveLength(0);
  });

  it('are on a verification too', async () => {
    const webhook = await wanting();
    const loop = startTestVerification(ctx.db());
    try {
      await requestVerification(ctx.db(), webhook);
      const request = await waitUntil(
        () => receiver.requests.find(({ headers }) => headers['x-webhook-id'] === webhook.id),
        { message: 'the verification' },
      );
      const { keys } = await published();
      expect(verifiedBy(request, { keys })).toEqual([keys[0]?.kid]);
    } finally {
      await loop.stop(2_000);
    }
  });

  it('have one first key, however many processes need it at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => asService(ctx.db(), makeFirstSigningKey)));
    expect(await stored()).toHaveLength(1);
  });

  it('are verified by a key set for everyone, which may be cached, and makes the first key', async () => {
    const path = '/.well-known/webhook-keys';
    const ask = (headers: Record<string, string> = {}) =>
      withFreshServer(async (url) =>
        (await contract(url))<{ keys: Record<string, string>[] }>('GET', path, { headers }),
      );
    const answer = await ask();
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
    const [key, ...others] = answer.body.keys;
    expect(others).toEqual([]);
    expect(key).toEqual({
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      kid: await calculateJwkThumbprint(key ?? {}),
      x: expect.stringMatching(/^[\w-]{43}$/),
    });

    const etag = answer.headers.get('etag') ?? '';
    const again = await ask({ 'if-none-match': `"another", W/${etag}` });
    expect([again.status, again.headers.get('etag'), again.text]).toEqual([304, etag, '']);
    await rotateKeys(served.url);
    expect((await ask({ 'if-none-match': etag })).status).toBe(200);
  });

  it('are made with the old and the new key during a rotation, with the new one alone after it', async () => {
    const webhook = await wanting();
    await deliver(webhook);
    const [old] = (await published()).keys;
    const { status, body } = await rotateKeys(served.url, { overlap_seconds: 3600 });
    expect(status).toBe(200);
    const both = await published();
    const [current] = both.keys;
    expect(both.keys.map(({ kid }) => kid)).toEqual([current?.kid, old?.kid]);
    expect((body['data'] as { id: string; state: string }[]).map(({ id, state }) => [id, state])).toEqual([
      [current?.kid, 'current'],
      [old?.kid, 'retiring'],
    ]);
    expect(verifiedBy(await deliver(webhook), both)).toEqual([current?.kid, old?.kid]);

    await passOverlap();
    expect(verifiedBy(await deliver(webhook), both)).toEqual([current?.kid]);
    expect(await states()).toEqual(['current', 'retired']);
    expect((await published()).keys).toHaveLength(2);

    // What signs no more is forgotten, and later published no more.
    const retention = startRetentionLoop({ db: ctx.db(), log: silent, firstAfterMs: 0, intervalMs: 20 });
    try {
      const forgotten = [
        { id: current?.kid, has: true },
        { id: old?.kid, has: false },
      ];
      await waitUntil(async () => JSON.stringify(await stored()) === JSON.stringify(forgotten), {
        message: 'the old private key to be forgotten',
      });
      await ctx.db().query('UPDATE hookline.signing_keys SET published_until = now() WHERE retired_at IS NOT NULL');
      expect((await published()).keys.map(({ kid }) => kid)).toEqual([current?.kid]);
      await waitUntil(async () => (await stored()).length === 1, { message: 'the old key to go' });
    } finally {
      await retention.stop();
    }
  });

  it('are what @hookline/client verifies with, before a rotation, during and after it', async () => {
    const webhook = await wanting();
    const another = await serveApi(ctx.db());
    const keys = remoteKeys(`${another.url}/.well-known/webhook-keys`, { cooldownSeconds: 0 });
    const check = async () => {
      const { headers, body } = await deliver(webhook);
      const { payload } = await verifyWebhook({ headers, body }, keys);
      expect(payload).toEqual({ video_id: 'v1' });
    };
    await check();
    await rotateKeys(served.url);
    await check();
    const shown = async () => (await keySet(another.url)).keys.length === 2;
    await waitUntil(shown, { message: 'the new key in what the server keeps' });
    await passOverlap();
    await check();
    await another.app.close();
    const { headers, body } = await deliver(webhook);
    const [listed] = (await list()).body['data'] as { public_key: string }[];
    expect((await verifyWebhook({ headers, body }, listed?.public_key ?? '')).event).toBe('video.generated');
    await expect(verifyWebhook({ headers, body: `${body} ` }, keys)).rejects.toMatchObject({
      code: 'invalid_signature',
    });
  });

  it('a key that leaked is worth nothing at once: no overlap, and not published any more', async () => {
    const webhook = await wanting();
    await deliver(webhook);
    const leaked = await published();
    await rotateKeys(served.url, { overlap_seconds: 86_400, published_seconds: 86_400 });
    await rotateKeys(served.url, { overlap_seconds: 0, published_seconds: 0 });
    const { keys } = await published();
    expect(keys).toHaveLength(1);
    const request = await deliver(webhook);
    expect(verifiedBy(request, { keys })).toEqual([keys[0]?.kid]);
    expect(verifiedBy(request, leaked)).toEqual([undefined]);
    expect(await stored()).toEqual([{ id: keys[0]?.kid, has: true }]);
  });

  it('of many rotations within one overlap are five at most', async () => {
    for (let n = 0; n < 5; n += 1) expect((await rotateKeys(served.url)).status).toBe(200);
    expect(await rotateKeys(served.url)).toMatchObject({
      status: 409,
      body: { code: 'too_many_signing_keys', hint: expect.any(String) },
    });
    expect(await rotateKeys(served.url, { overlap_seconds: 0 })).toMatchObject({ status: 200 });
    expect(await states()).toEqual(['current', ...Array.from({ length: 5 }, () => 'retired')]);
  });

  it('two rotations at once both happen', async () => {
    const answers = await Promise.all([rotateKeys(served.url), rotateKeys(served.url)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await states()).toEqual(['current', 'retiring']);
  });

  it('the service alone lists and rotates keys, and nobody gets a private one', async () => {
    await rotateKeys(served.url);
    await rotateKeys(served.url);
    const user = await sign(userClaims(await createUser(ctx.db())));
    for (const refused of [await list(user), await rotateKeys(served.url, {}, user)]) {
      expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect((await call('GET', '/v1/signing-keys')).status).toBe(401);
    const { rows } = await ctx
      .db()
      .query<{ secret: string }>(
        "SELECT encode(substring(private_key FROM 17), s.form) AS secret FROM hookline.signing_keys, unnest('{base64,hex}'::text[]) s (form)",
      );
    expect(rows).toHaveLength(4);
    const shown = JSON.stringify([(await list()).body, (await rotateKeys(served.url)).body, await published()]);
    for (const { secret } of rows) expect(shown).not.toContain(secret.slice(0, 20));
    await expect(
      asService(ctx.db(), (tx) => tx.query('SELECT private_key FROM hookline.signing_keys')),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it.each([{ overlap_seconds: -1 }, { overlap_seconds: 2_592_001 }, { published_seconds: 1.5 }, { overlap: 1 }])(
    'takes no rotation with %j',
    async (body) => {
      expect(await rotateKeys(served.url, body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      expect(await stored()).toEqual([]);
    },
  );
});
