import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { asAnon, INSUFFICIENT_PRIVILEGE, NOBODY, sqlError } from '../conformance/spec-helpers.js';
import { asUserId, createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import type { ReceivedRequest } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import {
  requestVerification,
  setVerification,
  tokenOf,
  useVerification,
  verificationEnded,
  webhookRow,
  willing,
} from './verification-helpers.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describeOnPostgres('a verification', (ctx) => {
  const { receiver } = useVerification(ctx);
  const last = (): ReceivedRequest => {
    const request = receiver().requests.at(-1);
    if (request === undefined) throw new Error('no request came');
    return request;
  };
  /** Lets the webhook be called again at once, not only after two seconds. */
  const forgetAttempt = (id: string) =>
    ctx.db().query('UPDATE webhooks SET verification_attempted_at = NULL WHERE id = $1::uuid', [id]);
  const changeUrl = (webhook: { id: string; userId: string }, url: string) =>
    asUserId(ctx.db(), webhook.userId, (tx) =>
      tx.query('UPDATE webhooks SET url = $2 WHERE id = $1::uuid', [webhook.id, url]),
    );

  it.each(['sha256', 'sha512'])('is a POST of type and token, signed like a delivery: %s', async (algorithm) => {
    const webhook = await createWebhook(ctx.db(), `${receiver().url}?a=1`, { signature_algorithm: algorithm });
    const given = await webhookRow(ctx.db(), webhook.id);
    await requestVerification(ctx.db(), webhook);
    const row = await verificationEnded(ctx.db(), webhook.id);
    const { method, url, headers, body } = last();
    expect([method, url]).toEqual(['POST', '/hook?a=1']);
    expect(body.toString()).toBe(`{"type":"webhook.verification","token":"${row.verification_token}"}`);
    expect(row.verification_token).not.toBe(given.verification_token);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-webhook-event': 'webhook.verification',
      'x-webhook-id': webhook.id,
      'x-webhook-signature': `${algorithm}=${createHmac(algorithm, webhook.secret).update(body).digest('hex')}`,
      'webhook-id': expect.stringMatching(UUID),
    });
    const timestamp = headers['webhook-timestamp'];
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
    const signed = createHmac('sha256', webhook.secret).update(`${headers['webhook-id']}.${timestamp}.`).update(body);
    expect(headers['webhook-signature']).toBe(`v1,${signed.digest('base64')}`);
    expect(headers).not.toHaveProperty('x-webhook-delivery');
  });

  it('is signed with both keys during a rotation', async () => {
    const webhook = await createWebhook(ctx.db(), receiver().url);
    await asUserId(ctx.db(), webhook.userId, (tx) => tx.query('SELECT rotate_webhook_secret($1::uuid)', [webhook.id]));
    await requestVerification(ctx.db(), webhook);
    await verificationEnded(ctx.db(), webhook.id);
    const { headers, body } = last();
    expect(headers['x-webhook-signature']).toBe(
      `sha256=${createHmac('sha256', webhook.secret).update(body).digest('hex')}`,
    );
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2);
  });

  it('has a token and an id of its own each time', async () => {
    const webhook = await createWebhook(ctx.db(), receiver().url);
    const seen: ReceivedRequest[] = [];
    for (let n = 0; n < 3; n += 1) {
      await forgetAttempt(webhook.id);
      await requestVerification(ctx.db(), webhook);
      await verificationEnded(ctx.db(), webhook.id);
      seen.push(last());
    }
    expect(new Set(seen.map(tokenOf)).size).toBe(3);
    expect(new Set(seen.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  });

  it('that failed is made again on request, and the reason goes', async () => {
    const webhook = await createWebhook(ctx.db(), receiver().url);
    receiver().answerWith([{ status: 500 }]);
    await requestVerification(ctx.db(), webhook);
    expect((await verificationEnded(ctx.db(), webhook.id)).verification_error_code).toBe('verification_http_error');
    receiver().answerWith(willing);
    await forgetAttempt(webhook.id);
    await requestVerification(ctx.db(), webhook);
    expect(await verificationEnded(ctx.db(), webhook.id)).toMatchObject({
      is_verified: true,
      verification_error_code: null,
      verification_error: null,
    });
  });

  it('is not made unasked by default, for a new webhook or a changed URL', async () => {
    const webhook = await createWebhook(ctx.db(), receiver().url);
    const asked = receiver().requests.length;
    expect((await webhookRow(ctx.db(), webhook.id)).verification_requested_at).toBeNull();
    await requestVerification(ctx.db(), webhook);
    await verificationEnded(ctx.db(), webhook.id);
    await changeUrl(webhook, `${receiver().url}/other`);
    expect(await webhookRow(ctx.db(), webhook.id)).toMatchObject({
      is_verified: false,
      verified_at: null,
      verification_requested_at: null,
    });
    expect(receiver().requests).toHaveLength(asked + 1);
  });

  it.each(['on_create', 'required'] as const)('is made unasked under %s: new webhook, changed URL', async (setting) => {
    await setVerification(ctx.db(), setting);
    const webhook = await createWebhook(ctx.db(), receiver().url);
    expect((await verificationEnded(ctx.db(), webhook.id)).is_verified).toBe(true);
    const first = tokenOf(last());
    await forgetAttempt(webhook.id);
    await changeUrl(webhook, `${receiver().url}/other`);
    await waitUntil(async () => (await webhookRow(ctx.db(), webhook.id)).is_verified, { message: 'the new URL' });
    expect(last().url).toBe('/hook/other');
    expect(tokenOf(last())).not.toBe(first);
  });

  it('of a URL that is changed during the call is dropped', async () => {
    const webhook = await createWebhook(ctx.db(), receiver().url);
    receiver().answerWith((request) => ({ ...willing(request), delayMs: 500 }));
    const before = receiver().requests.length;
    await requestVerification(ctx.db(), webhook);
    await receiver().waitFor(before + 1);
    await changeUrl(webhook, 'http://10.0.0.1/');
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(await webhookRow(ctx.db(), webhook.id)).toMatchObject({ is_verified: false, verified_at: null });
  });

  it('that is asked for again during the call counts with the new token alone', async () => {
    const webhook = await createWebhook(ctx.db(), receiver().url);
    const before = receiver().requests.length;
    receiver().answerWith((request, index) =>
      index === 0 ? { ...willing(request), delayMs: 500 } : { body: 'no', delayMs: 100 },
    );
    await requestVerification(ctx.db(), webhook);
    await receiver().waitFor(before + 1);
    await requestVerification(ctx.db(), webhook);
    expect(await verificationEnded(ctx.db(), webhook.id)).toMatchObject({
      is_verified: false,
      verification_error_code: 'verification_wrong_answer',
    });
    expect(receiver().requests).toHaveLength(before + 2);
  });

  it('is not for strangers, who are not told whether the webhook exists', async () => {
    const webhook = await createWebhook(ctx.db(), receiver().url);
    const stranger = await createUser(ctx.db());
    const refused = await sqlError(requestVerification(ctx.db(), webhook, stranger));
    expect(refused).toMatchObject({ code: 'HK002' });
    expect(await sqlError(requestVerification(ctx.db(), { ...webhook, id: NOBODY }))).toEqual(refused);
    const anonymous = asAnon(ctx.db(), (tx) => tx.query('SELECT request_webhook_verification($1::uuid)', [webhook.id]));
    expect(await sqlError(anonymous)).toMatchObject({ code: INSUFFICIENT_PRIVILEGE });
    for (const sql of [
      "SELECT hookline.lease_verifications(1, '{}')",
      "SELECT hookline.record_verification(gen_random_uuid(), 'x', NULL, NULL)",
    ]) {
      expect(await sqlError(asUserId(ctx.db(), webhook.userId, (tx) => tx.query(sql)))).toMatchObject({
        code: INSUFFICIENT_PRIVILEGE,
      });
    }
    expect((await webhookRow(ctx.db(), webhook.id)).verification_requested_at).toBeNull();
  });
});
