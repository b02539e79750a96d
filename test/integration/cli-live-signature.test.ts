import { createClient, HooklineApiError, ok, verifyWebhook } from '@hookline/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshener } from '../../src/cli/remote/live/listen/signature.js';
import { signStandard } from '../../src/deliver/prepare/sign.js';
import { createWebhook } from '../harness/delivering.js';
import { openScene, type Scene } from './cli-live-helpers.js';

describe('the signature of what listen forwards', () => {
  let scene: Scene;
  let webhook: Awaited<ReturnType<typeof createWebhook>>;
  const body = Buffer.from('{"n":1.10}');
  const { signal } = new AbortController();
  const now = () => Math.floor(Date.now() / 1_000);
  beforeAll(async () => {
    scene = await openScene();
    webhook = await createWebhook(scene.db, scene.subscriber.url);
  });
  afterAll(() => scene.close());
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
