import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';
import { SERVICE_KEY } from './api-client.js';
import { putDeliveries } from './replay-helpers.js';

const URL = 'https://example.com/hook';

interface Attempts {
  readonly data: readonly { readonly [field: string]: unknown }[];
  readonly next_cursor: null;
}

describeOnPostgres('/v1/deliveries/{delivery_id}', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let stranger: ApiUser;
  let webhook: Awaited<ReturnType<typeof createWebhook>>;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    [owner, stranger] = [await api.user(), await api.user()];
    webhook = await createWebhook(ctx.db(), URL, {}, owner.id);
  });
  afterAll(() => api.app.close());

  it('has everything, in the digits that were given', async () => {
    const payload = '{"long":12345678901234567890,"cents":10.00,"tiny":0.10000000000000000001}';
    const [id] = await trigger(ctx.db(), owner.id, payload);
    const { status, body, text } = await api.call('GET', `/v1/deliveries/${id}`, { bearer: owner.bearer });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, webhook_id: webhook.id, user_id: owner.id, status: 'pending', attempt_number: 0 });
    expect(body).toMatchObject({ request_headers: null, response_body: null, metadata: {}, replay_of: null });
    expect(text).toContain('12345678901234567890');
    expect(text).toContain('10.00');
    expect(text).toContain('0.10000000000000000001');
    expect(body['created_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  it('shows what was sent and answered, the latest and each attempt; a failed one is tried again once more', async () => {
    const receiver = await startReceiver((_request, n) => ({ status: n < 2 ? 500 : 200, body: `answer ${n + 1}` }));
    const worker = await startTestWorker(ctx.db());
    try {
      const user = await api.user();
      await createWebhook(ctx.db(), receiver.url, { max_retries: 1, retry_delay_seconds: 1 }, user.id);
      const [id = ''] = await trigger(ctx.db(), user.id);
      await deliveryWith(ctx.db(), id, 'failed');
      const before = await api.call<Attempts>('GET', `/v1/deliveries/${id}/attempts`, { bearer: user.bearer });
      expect(before.body.data.map((one) => [one['attempt_number'], one['response_status'], one['is_latest']])).toEqual([
        [2, 500, true],
        [1, 500, false],
      ]);
      const retried = await api.call('POST', `/v1/deliveries/${id}/retry`, { bearer: user.bearer });
      expect(retried.status).toBe(202);
      expect(retried.body).toMatchObject({ id, status: 'retrying', max_attempts: 3, failed_at: null });
      await deliveryWith(ctx.db(), id, 'success');
      const { body } = await api.call('GET', `/v1/deliveries/${id}`, { bearer: user.bearer });
      expect(body).toMatchObject({
        status: 'success',
        attempt_number: 3,
        response_status: 200,
        response_body: 'answer 3',
      });
      expect(body['request_headers']).toMatchObject({ 'X-Webhook-Event': 'video.generated' });
      const after = await api.call<Attempts>('GET', `/v1/deliveries/${id}/attempts`, { bearer: user.bearer });
      expect(after.body.data.map((one) => one['response_body'])).toEqual(['answer 3', 'answer 2', 'answer 1']);
    } finally {
      await worker.stop(5_000);
      await receiver.close();
    }
  });

  it('is tried again only when it has failed', async () => {
    const made = await putDeliveries(ctx.db(), webhook, ['success', 'pending', 'retrying', 'failed']);
    const answers = [];
    for (const id of made) {
      const { status, body } = await api.call('POST', `/v1/deliveries/${id}/retry`, { bearer: owner.bearer });
      answers.push([status, body['code']]);
    }
    const refused = [409, 'delivery_not_failed'];
    expect(answers).toEqual([refused, refused, refused, [202, undefined]]);
    const [, , , again] = made;
    const twice = await api.call('POST', `/v1/deliveries/${again}/retry`, { bearer: owner.bearer });
    expect([twice.status, twice.body['code']]).toEqual(refused);
  });

  it('is to a stranger as one that is not there, and is left as it is; the service reaches it', async () => {
    const [id = ''] = await putDeliveries(ctx.db(), webhook, ['failed']);
    const ask = async (one: string, bearer: string) => {
      const answers = [
        await api.call('GET', `/v1/deliveries/${one}`, { bearer }),
        await api.call('GET', `/v1/deliveries/${one}/attempts`, { bearer }),
        await api.call('POST', `/v1/deliveries/${one}/retry`, { bearer }),
      ];
      return answers.map(({ status, body }) => [status, body['code'], body['detail']]);
    };
    const theirs = await ask(id, stranger.bearer);
    expect(theirs.map(([status, code]) => [status, code])).toEqual(Array(3).fill([404, 'delivery_not_found']));
    expect(await ask(randomUUID(), stranger.bearer)).toEqual(theirs);
    expect((await deliveryWith(ctx.db(), id, 'failed')).max_attempts).toBe(4);
    expect((await ask(id, SERVICE_KEY)).map(([status]) => status)).toEqual([200, 200, 202]);
    const wrong = await api.call('GET', '/v1/deliveries/1', { bearer: owner.bearer });
    expect([wrong.status, wrong.body['code']]).toEqual([400, 'invalid_request']);
  });
});
