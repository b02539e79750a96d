import { memorySeen, remoteKeys, verifyWebhook } from '@hookline/client';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import type { ReceivedRequest } from '../harness/receiver-server.js';
import { serveApi } from '../integration/api-client.js';
import { PAYLOAD, useDelivering, whsec } from './verify-deliveries.js';

/** Gives the payload, or throws. */
type Verify = (secret: string, request: Pick<ReceivedRequest, 'headers' | 'body'>) => unknown;

const asStrings = (headers: ReceivedRequest['headers']) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
const ofBody = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/** Each verifies by `webhook-signature`, which has one of every live secret. */
const BY_STANDARD: Record<string, Verify> = {
  standardwebhooks: (secret, { headers, body }) => new StandardWebhook(whsec(secret)).verify(body, asStrings(headers)),
  svix: (secret, { headers, body }) => new SvixWebhook(whsec(secret)).verify(body, asStrings(headers)),
  'verifyWebhook with the secret': async (secret, request) => (await verifyWebhook(request, secret)).payload,
  'verifyWebhook with whsec_': async (secret, request) =>
    (await verifyWebhook(request, ['another', whsec(secret)], { seen: memorySeen() })).payload,
};
/** By X-Webhook-Signature, which has the oldest live secret's. */
const byHeaderOfBody: Verify = async (secret, { headers, body }) => {
  const alone = Object.fromEntries(Object.entries(headers).filter(([name]) => !ofBody.includes(name)));
  return (await verifyWebhook({ headers: alone, body }, secret, { requireTimestamp: false })).payload;
};
const EACH = Object.entries({ ...BY_STANDARD, 'verifyWebhook with X-Webhook-Signature alone': byHeaderOfBody });

const accepts = async (verify: Verify, secret: string, request: ReceivedRequest, payload: unknown = PAYLOAD) =>
  expect(await verify(secret, request)).toEqual(payload);
const refuses = (verify: Verify, secret: string, request: Pick<ReceivedRequest, 'headers' | 'body'>) =>
  expect((async () => verify(secret, request))()).rejects.toThrow();

describeOnPostgres('a delivery', (ctx) => {
  const { create, deliver, rotate, endOverlap } = useDelivering(ctx);

  it.each(EACH)('is verified by %s, and a forged one is not', async (_, verify) => {
    for (const signature_algorithm of ['sha256', 'sha512']) {
      const webhook = await create({ signature_algorithm });
      const request = await deliver(webhook);
      await accepts(verify, webhook.secret, request);
      await refuses(verify, webhook.secret.replace(/^./, 'x'), request);
      await refuses(verify, webhook.secret, { ...request, body: Buffer.from(`${request.body} `) });
    }
  });

  it.each(Object.entries(BY_STANDARD))('is verified by %s with either secret during a rotation', async (_, verify) => {
    const webhook = await create();
    const rotated = await rotate(webhook);
    const during = await deliver(webhook);
    await accepts(verify, webhook.secret, during);
    await accepts(verify, rotated, during);
    await endOverlap(webhook);
    const after = await deliver(webhook);
    await accepts(verify, rotated, after);
    await refuses(verify, webhook.secret, after);
  });

  it('goes on being verified with a secret that was brought from elsewhere, whsec_ + base64 of bytes that are no text', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const webhook = await create({ secret });
    const rotated = await rotate(webhook);
    const during = await deliver(webhook);
    for (const Library of [StandardWebhook, SvixWebhook]) {
      expect(new Library(secret).verify(during.body, asStrings(during.headers))).toEqual(PAYLOAD);
      expect(new Library(whsec(rotated)).verify(during.body, asStrings(during.headers))).toEqual(PAYLOAD);
    }
    expect((await verifyWebhook(during, secret)).payload).toEqual(PAYLOAD);
  });

  it('has the old secret in X-Webhook-Signature until the overlap ends', async () => {
    const webhook = await create();
    const rotated = await rotate(webhook);
    const during = await deliver(webhook);
    await accepts(byHeaderOfBody, webhook.secret, during);
    await refuses(byHeaderOfBody, rotated, during);
    await endOverlap(webhook);
    await accepts(byHeaderOfBody, rotated, await deliver(webhook));
  });

  it('is verified by the public keys that the server publishes, when it is signed with one', async () => {
    const { app, url } = await serveApi(ctx.db());
    try {
      const [webhook, other] = [await create({ sign_asymmetric: true }), await create()];
      const request = await deliver(webhook);
      const keys = remoteKeys(`${url}/.well-known/webhook-keys`);
      expect(await verifyWebhook(request, keys)).toMatchObject({ webhookId: webhook.id, payload: PAYLOAD });
      await accepts(BY_STANDARD['standardwebhooks'] ?? (() => undefined), webhook.secret, request);
      for (const forged of [{ ...request, body: Buffer.from('{}') }, await deliver(other)]) {
        await expect(verifyWebhook(forged, keys)).rejects.toMatchObject({ code: 'invalid_signature' });
      }
    } finally {
      await app.close();
    }
  });

  it('tells verifyWebhook what it is, its numbers with every digit in the body', async () => {
    const webhook = await create();
    const text = '{"n": 1.0, "amount": 12345678901234567890.10}';
    const { headers, body } = await deliver(webhook, text);
    const verified = await verifyWebhook({ headers, body }, webhook.secret);
    expect(verified).toMatchObject({
      ...{ id: headers['webhook-id'], deliveryId: headers['x-webhook-delivery'], attempt: 1 },
      ...{ event: 'video.generated', webhookId: webhook.id },
      body: '{"n":1,"amount":12345678901234567890.10}',
    });
    expect(Math.abs(verified.timestamp.getTime() - Date.now())).toBeLessThan(60_000);
  });
});
