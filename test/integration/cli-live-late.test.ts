import { createClient, HooklineApiError, ok, verifyWebhook } from '@hookline/client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { attemptedSince } from '../../src/cli/remote/live/listen/catch-up.js';
import { freshener } from '../../src/cli/remote/live/listen/signature.js';
import { signStandard } from '../../src/deliver/prepare/sign.js';
import { createWebhook, deliveryWith, trigger } from '../harness/delivering.js';
import { startTcpProxy } from '../harness/tcp-proxy.js';
import { waitUntil } from '../harness/wait-until.js';
import { sign, userClaims } from './api-tokens.js';
import { linesOf, listening, openScene, type Scene, watchOutput } from './cli-live-helpers.js';
import { type Local, startLocal } from './cli-live-local.js';
import { olderTransactionsEnded } from './live-helpers.js';

describe('hookline listen, when it is late', () => {
  let scene: Scene;
  let local: Local | undefined;
  beforeAll(async () => {
    scene = await openScene();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await local?.close();
  });
  afterAll(() => scene.close());

  /** A webhook of a new user, and a server on this machine that has its secret. */
  async function start() {
    const webhook = await createWebhook(scene.db, scene.subscriber.url);
    await olderTransactionsEnded(scene.db, webhook.userId);
    local = await startLocal(webhook.secret);
    return { webhook, local, output: watchOutput() };
  }

  it('loses nothing over broken connections, and looks up what the stream cannot tell any more', async () => {
    const { webhook, local, output } = await start();
    const proxy = await startTcpProxy(scene.url);
    const token = await sign(userClaims(webhook.userId));
    const client = createClient({ url: proxy.through(scene.url), token, backoffMs: 50 });
    // Its clock is ahead of the server's.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_000 });
    const opening = listening(client, local.url);
    vi.useRealTimers();
    const session = await opening;
    const made = await trigger(scene.db, webhook.userId);
    await local.waitFor(1);
    await proxy.refuse();
    for (let n = 0; n < 5; n += 1) made.push(...(await trigger(scene.db, webhook.userId, { n })));
    for (const id of made) await deliveryWith(scene.db, id, 'success');
    await proxy.pass();
    await local.waitFor(made.length, 60_000);
    expect(output.notes()).toContain('The stream broke off (');
    expect(output.notes()).not.toContain('cannot be told');

    // Nobody watches the user for a while, and somebody else's changes move on.
    await proxy.refuse();
    await scene.db.query("UPDATE hookline.stream_watchers SET until = now() - interval '1 second'", []);
    const others = await createWebhook(scene.db, scene.subscriber.url);
    const other = await listening(await scene.client(others.userId), local.url, { json: true });
    for (let n = 0; n < 3; n += 1) made.push(...(await trigger(scene.db, webhook.userId, { n })));
    for (const id of made) await deliveryWith(scene.db, id, 'success');
    await trigger(scene.db, others.userId);
    await waitUntil(() => local.requests.some(({ refusal }) => refusal !== undefined), { message: "somebody else's" });
    await other.stop();
    await olderTransactionsEnded(scene.db, webhook.userId);
    await proxy.pass();
    const own = () => local.requests.filter(({ refusal }) => refusal === undefined);
    const message = () => `${made.length}:\n${output.out()}`;
    // The longer it was away, the longer until it is tried again.
    await waitUntil(() => linesOf(output) === made.length, { message, timeoutMs: 60_000 });
    expect(
      own()
        .map(({ headers }) => headers['webhook-id'])
        .toSorted(),
    ).toEqual(made.toSorted());
    expect(await session.stop()).toMatchObject({ forwarded: made.length, gaps: 1, interruptions: 2 });
    await proxy.close();
  }, 120_000);

  it('looks up attempts that began before the last change was told, where they are still due', async () => {
    const { userId } = await createWebhook(scene.db, scene.subscriber.url);
    const client = await scene.client(userId);
    const [id = ''] = await trigger(scene.db, userId);
    await deliveryWith(scene.db, id, 'success');
    const now = Date.now();
    const found = async (begunS: number, isDue = true) => {
      const gap = { since: new Date(now + 10_000), begun: new Date(now + begunS * 1_000), isDue: () => isDue };
      return (await attemptedSince(client, {}, gap, new AbortController().signal)).deliveries.map((one) => one.id);
    };
    expect(await found(-60)).toEqual([id]);
    expect(await found(5)).toEqual([]);
    expect(await found(-60, false)).toEqual([]);
  });

  it('ends with what the server says when its token has ended, after the counts, and forwards nothing of others', async () => {
    const { webhook, local, output } = await start();
    const own = await scene.client(webhook.userId);
    const stranger = await createWebhook(scene.db, scene.subscriber.url);
    const { id = '', key: token = '' } = await own
      .POST('/v1/api-keys', { body: { name: 'listen', access: 'read' } })
      .then(ok);
    const session = await listening(createClient({ url: scene.url, token, backoffMs: 50 }), local.url);
    await trigger(scene.db, stranger.userId);
    await trigger(scene.db, webhook.userId);
    await waitUntil(() => output.out().includes('\n'), { message: 'a line' });
    local.delayMs = 10_000;
    await trigger(scene.db, webhook.userId);
    await local.waitFor(2);
    await own.DELETE('/v1/api-keys/{api_key_id}', { params: { path: { api_key_id: id } } });
    await expect(session.ended).rejects.toMatchObject({ status: 401, code: 'token_revoked' });
    expect(output.notes()).toMatch(/\n\n1 delivery forwarded, 1 answered 2xx; 1 cut off\.\n$/);
    expect(local.requests).toHaveLength(2);
  });

  describe('the signature of what listen forwards', () => {
    let webhook: Awaited<ReturnType<typeof createWebhook>>;
    const body = Buffer.from('{"n":1.10}');
    const { signal } = new AbortController();
    const now = () => Math.floor(Date.now() / 1_000);
    beforeAll(async () => {
      webhook = await createWebhook(scene.db, scene.subscriber.url);
    });
    const signedAt = (seconds: number) => ({
      body,
      headers: {
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(seconds),
        'webhook-signature': `${signStandard([webhook.secret], 'msg_1', seconds, body)} v1a,of-another-kind`,
        'X-Webhook-Signature': 'sha256=recorded',
      },
    });

    it('is the recorded one as long as receivers take it', async () => {
      const recent = signedAt(now() - 200);
      const freshen = freshener(createClient({ url: scene.url, token: 'asks-nobody-with-this', retries: 0 }));
      expect(await freshen(recent, webhook.id, signal)).toEqual({ ...recent, isSignedAnew: false });
    });

    it('is made anew by the secret of the webhook when it is too old, or a clock is wrong', async () => {
      const freshen = freshener(await scene.client(webhook.userId));
      for (const at of [now() - 3_600, now() + 3_600, Number.NaN]) {
        const { isSignedAnew, headers, body: sent } = await freshen(signedAt(at), webhook.id, signal);
        expect(isSignedAnew).toBe(true);
        expect(headers['X-Webhook-Signature']).toBe('sha256=recorded');
        await expect(verifyWebhook({ headers, body: sent }, webhook.secret)).resolves.toMatchObject({ id: 'msg_1' });
      }
    });

    it('stays where the token may not read the secret, with its age', async () => {
      const service = await scene.client();
      const token = { user_id: webhook.userId, access: 'read' as const };
      const made = ok(await service.POST('/v1/portal-tokens', { body: token }));
      const reader = createClient({ url: scene.url, token: made.token });
      const stale = signedAt(now() - 3_600);
      const { staleS, ...rest } = await freshener(reader)(stale, webhook.id, signal);
      expect(rest).toEqual({ ...stale, isSignedAnew: false });
      expect(staleS).toBeGreaterThanOrEqual(3_600);
      const nobody = createClient({ url: scene.url, token: 'nobody-knows-this-token' });
      await expect(freshener(nobody)(stale, webhook.id, signal)).rejects.toBeInstanceOf(HooklineApiError);
    });
  });
});
