import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook, deliveryWith, startTestWorker, trigger } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';
import { type ContractedApi, serveContract } from './api-callers.js';
import { SERVICE_KEY } from './api-client.js';
import { putDeliveries, putMany } from './replay-helpers.js';

const URL = 'https://example.com/hook';
const STATUSES = [200, 299, 404, 410, 500, null];

interface List {
  readonly data: readonly { readonly id: string }[];
  readonly next_cursor: string | null;
}

describeOnPostgres('what was answered and sent', (ctx) => {
  let api: ContractedApi;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
  });
  afterAll(() => api.app.close());

  it('GET /v1/deliveries filters by the status of the answer, by its class, and by there being none', async () => {
    const { id: user, bearer } = await api.user();
    const webhook = await createWebhook(ctx.db(), URL, {}, user);
    const ids = await putDeliveries(ctx.db(), webhook, ['success', 'success', 'failed', 'failed', 'failed', 'pending']);
    for (const [n, status] of STATUSES.entries()) {
      const set = 'UPDATE webhook_deliveries SET response_status = $1::int WHERE id = $2::uuid';
      await ctx.db().query(set, [status, ids[n] ?? '']);
    }
    const found = async (query: string, by = bearer) => {
      const { body } = await api.call<List>('GET', `/v1/deliveries?${query}`, { bearer: by });
      return body.data.map(({ id }) => STATUSES[ids.indexOf(id)]).reverse();
    };
    expect(await found('response_status=404')).toEqual([404]);
    expect(await found('response_status=2xx')).toEqual([200, 299]);
    expect(await found('response_status=4xx')).toEqual([404, 410]);
    expect(await found('response_status=5xx')).toEqual([500]);
    expect(await found('response_status=none')).toEqual([null]);
    expect(await found('response_status=3xx')).toEqual([]);
    for (const beside of [`webhook_id=${webhook.id}`, 'status=failed', `webhook_id=${webhook.id}&status=failed`]) {
      expect(await found(`response_status=4xx&${beside}`)).toEqual([404, 410]);
    }
    expect(await found(`response_status=4xx&user_id=${user}`, SERVICE_KEY)).toEqual([404, 410]);
    expect(await found('response_status=4xx&status=success')).toEqual([]);
    for (const wrong of ['600', '099', '40', '4x', '4XX', 'nothing', '']) {
      const { status } = await api.call('GET', `/v1/deliveries?response_status=${wrong}`, { bearer });
      expect(status).toBe(400);
    }
  });

  it('and goes on where nothing matched for long', async () => {
    const { id: user, bearer } = await api.user();
    const webhook = await createWebhook(ctx.db(), URL, {}, user);
    await putMany(ctx.db(), webhook, 'success', 6_000);
    const path = '/v1/deliveries?response_status=404';
    const { body: first } = await api.call<List>('GET', path, { bearer });
    expect(first).toEqual({ data: [], next_cursor: expect.any(String) });
    const { body: second } = await api.call<List>('GET', `${path}&cursor=${first.next_cursor}`, { bearer });
    expect(second).toEqual({ data: [], next_cursor: null });
  });

  it('GET /v1/deliveries/{delivery_id}/body gives byte by byte what was sent, for its owner and the service alone', async () => {
    const receiver = await startReceiver();
    const worker = await startTestWorker(ctx.db());
    try {
      const [owner, stranger] = [await api.user(), await api.user()];
      const { secret } = await createWebhook(ctx.db(), receiver.url, {}, owner.id);
      const payload =
        '{"z": "ü\\u2028/", "2": 1, "1": 12345678901234567890, "cents": 10.00, "list": [1.0, {"a": null}]}';
      const [id = ''] = await trigger(ctx.db(), owner.id, payload);
      await deliveryWith(ctx.db(), id, 'success');
      const [sent] = await receiver.waitFor(1);
      for (const bearer of [owner.bearer, SERVICE_KEY]) {
        const response = await fetch(`${api.url}/v1/deliveries/${id}/body`, {
          headers: { authorization: `Bearer ${bearer}` },
        });
        const body = Buffer.from(await response.arrayBuffer());
        expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
        expect(body.equals(sent?.body ?? Buffer.alloc(0)), body.toString()).toBe(true);
        const signature = createHmac('sha256', secret).update(body).digest('hex');
        expect(sent?.headers['x-webhook-signature']).toContain(signature);
      }
      const { text } = await api.call('GET', `/v1/deliveries/${id}/body`, { bearer: owner.bearer });
      expect(text).toBe('{"1":12345678901234567890,"2":1,"z":"ü\u2028/","list":[1,{"a":null}],"cents":10}');
      const told = await api.call('GET', `/v1/deliveries/${id}/body`, { bearer: stranger.bearer });
      expect([told.status, told.body['code']]).toEqual([404, 'delivery_not_found']);
    } finally {
      await worker.stop(5_000);
      await receiver.close();
    }
  });
});
