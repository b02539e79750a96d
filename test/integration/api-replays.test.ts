import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asUserId, describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';
import { SERVICE_KEY } from './api-client.js';
import type { ContractAnswer } from './api-contract.js';
import { made, putDeliveries, runToEnd } from './replay-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';
const SINCE = '2020-01-01T00:00:00Z';

interface Replay {
  readonly id: string;
  readonly [field: string]: unknown;
}

describeOnPostgres('bulk replays over REST', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let stranger: ApiUser;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    [owner, stranger] = [await api.user(), await api.user()];
  });
  afterAll(() => api.app.close());

  const newWebhook = () => createWebhook(ctx.db(), URL, {}, owner.id);
  const create = (webhookId: string, more: object = {}, { bearer }: ApiUser = owner) =>
    api.call<Replay>('POST', `/v1/webhooks/${webhookId}/replays`, { bearer, body: { since: SINCE, ...more } });
  const refusal = async (answer: Promise<ContractAnswer<Record<string, unknown>>>) => {
    const { status, body } = await answer;
    return [status, body['code']];
  };

  it('are counted first, made, watched to their end, and listed', async () => {
    const webhook = await newWebhook();
    await putDeliveries(ctx.db(), webhook, ['failed', 'success', 'pending', 'failed']);
    const count = async (more: object) => (await create(webhook.id, { dry_run: true, ...more })).body;
    expect(await count({})).toEqual({ total: 2 });
    expect(await count({ status: 'all' })).toEqual({ total: 3 });
    expect(await count({ until: '2021-01-01T00:00:00Z' })).toEqual({ total: 0 });
    expect(
      (await api.call('GET', `/v1/webhooks/${webhook.id}/replays`, { bearer: owner.bearer })).body['data'],
    ).toEqual([]);

    const { status, headers, body } = await create(webhook.id, { rate_per_second: 1000 });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/replays/${body.id}`);
    expect(body).toMatchObject({
      webhook_id: webhook.id,
      user_id: owner.id,
      state: 'running',
      status_filter: 'failed',
    });
    expect(body).toMatchObject({ total: 2, created: 0, rate_per_second: 1000, since: '2020-01-01T00:00:00.000000Z' });
    expect(await refusal(create(webhook.id))).toEqual([409, 'replay_running']);

    await runToEnd(ctx.db(), { ...webhook, userId: owner.id }, body.id);
    const watched = await api.call('GET', `/v1/replays/${body.id}`, { bearer: owner.bearer });
    expect(watched.body).toMatchObject({ state: 'completed', created: 2, ended_at: expect.any(String) });
    expect(await made(ctx.db(), body.id)).toHaveLength(2);

    const later = await create(webhook.id, { status: 'all' });
    const pages = [];
    for (let cursor: unknown = ''; cursor !== null; ) {
      const query = cursor === '' ? '?limit=1' : `?limit=1&cursor=${cursor}`;
      const page = await api.call('GET', `/v1/webhooks/${webhook.id}/replays${query}`, { bearer: owner.bearer });
      pages.push((page.body['data'] as Replay[]).map(({ id }) => id));
      cursor = page.body['next_cursor'];
    }
    expect(pages).toEqual([[later.body.id], [body.id]]);
  });

  it('are cancelled, and stay as they ended', async () => {
    const webhook = await newWebhook();
    await putDeliveries(ctx.db(), webhook, ['failed', 'failed']);
    const { id } = (await create(webhook.id, { rate_per_second: 1 })).body;
    const cancel = async () => (await api.call('POST', `/v1/replays/${id}/cancel`, { bearer: owner.bearer })).body;
    const cancelled = await cancel();
    expect(cancelled).toMatchObject({ id, state: 'cancelled', total: 2 });
    expect(await cancel()).toEqual(cancelled);
    expect((await create(webhook.id)).status).toBe(202);
  });

  it('that SQL has made from the beginning of time have no beginning', async () => {
    const webhook = await newWebhook();
    await asUserId(ctx.db(), owner.id, (tx) =>
      tx.query("SELECT FROM create_webhook_replay($1::uuid, '-infinity')", [webhook.id]),
    );
    const { body } = await api.call('GET', `/v1/webhooks/${webhook.id}/replays`, { bearer: owner.bearer });
    expect(body['data']).toMatchObject([{ since: null }]);
  });

  it('are to a stranger as those that are not there, and go on; the service reaches them', async () => {
    const webhook = await newWebhook();
    await putDeliveries(ctx.db(), webhook, ['failed']);
    const { id } = (await create(webhook.id)).body;
    const ask = async (webhookId: string, replayId: string, { bearer }: { bearer: string }) => [
      await refusal(api.call('GET', `/v1/webhooks/${webhookId}/replays`, { bearer })),
      await refusal(
        api.call('POST', `/v1/webhooks/${webhookId}/replays`, { bearer, body: { since: SINCE, dry_run: true } }),
      ),
      await refusal(api.call('GET', `/v1/replays/${replayId}`, { bearer })),
      await refusal(api.call('POST', `/v1/replays/${replayId}/cancel`, { bearer })),
    ];
    const [noWebhook, noReplay] = [
      [404, 'webhook_not_found'],
      [404, 'replay_not_found'],
    ];
    expect(await ask(webhook.id, id, stranger)).toEqual([noWebhook, noWebhook, noReplay, noReplay]);
    expect(await ask(randomUUID(), randomUUID(), stranger)).toEqual([noWebhook, noWebhook, noReplay, noReplay]);
    expect(await refusal(create(webhook.id, {}, stranger))).toEqual(noWebhook);
    const still = await api.call('GET', `/v1/replays/${id}`, { bearer: owner.bearer });
    expect(still.body['state']).toBe('running');
    expect((await ask(webhook.id, id, { bearer: SERVICE_KEY })).map(([status]) => status)).toEqual([
      200, 200, 200, 200,
    ]);
  });

  it.each([
    ['no beginning', {}, 400, 'invalid_request'],
    ['a beginning that is no time', { since: 'now' }, 400, 'invalid_request'],
    ['a beginning to come', { since: '2999-01-01T00:00:00Z' }, 422, 'invalid_parameter'],
    ['an end before the beginning', { since: SINCE, until: '2019-01-01T00:00:00Z' }, 422, 'invalid_parameter'],
    ['another status', { since: SINCE, status: 'success' }, 400, 'invalid_request'],
    ['a rate of 0', { since: SINCE, rate_per_second: 0 }, 400, 'invalid_request'],
    ['a rate of 1001', { since: SINCE, rate_per_second: 1001 }, 400, 'invalid_request'],
    ['a rate that is not whole', { since: SINCE, rate_per_second: 1.5 }, 400, 'invalid_request'],
    ['a field that is not known', { since: SINCE, rate: 5 }, 400, 'invalid_request'],
  ])('are refused with %s', async (_what, body, status, code) => {
    const { id } = await newWebhook();
    const answer = api.call('POST', `/v1/webhooks/${id}/replays`, { bearer: owner.bearer, body });
    expect(await refusal(answer)).toEqual([status, code]);
  });
});
