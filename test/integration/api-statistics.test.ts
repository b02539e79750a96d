import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { putDelivery } from '../conformance/spec-helpers.js';
import { describeOnPostgres } from '../harness/databases.js';
import { withinOneHour } from '../harness/within-one-hour.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';

interface Hourly {
  readonly data: readonly { readonly hour: string; readonly [field: string]: unknown }[];
}

describeOnPostgres('/v1/webhooks/{webhook_id}/statistics', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let hook: { readonly id: string; readonly secret: string; readonly user: string; readonly url: string };
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    owner = await api.user();
  });
  afterAll(() => api.app.close());
  beforeEach(async () => {
    await withinOneHour(ctx.db());
    const body = { name: 'counted', url: 'https://example.com/hook' };
    const made = await api.call<{ id: string; secret: string }>('POST', '/v1/webhooks', { bearer: owner.bearer, body });
    hook = { ...made.body, user: owner.id, url: body.url };
  });

  const read = async <Body = Record<string, unknown>>(query = '', bearer = owner.bearer, id = hook.id) =>
    api.call<Body>('GET', `/v1/webhooks/${id}/statistics${query}`, { bearer });
  const end = (responseTimeMs: number | null, endedAt = 'now()', status: 'success' | 'failed' = 'success') =>
    putDelivery(ctx.db(), hook, {
      status,
      endedAt,
      responseTimeMs,
      responseStatus: responseTimeMs === null ? null : 200,
    });

  it('are those of get_webhook_statistics', async () => {
    await end(100);
    await end(200, "now() - interval '1 day'");
    await end(null, "now() - interval '40 days'", 'failed');
    const today = new Date().toISOString().slice(0, 10);
    expect((await read()).body).toMatchObject({
      total_deliveries: 2,
      successful_deliveries: 2,
      failed_deliveries: 0,
      success_rate: 100,
      avg_response_time_ms: 150,
      deliveries_by_event_type: { 'video.generated': 2 },
    });
    expect((await read('?days=1')).body).toMatchObject({ total_deliveries: 1, deliveries_by_day: { [today]: 1 } });
    expect((await read('?days=60')).body).toMatchObject({ total_deliveries: 3, success_rate: 66.67 });
  });

  it('say nothing where nothing ended', async () => {
    expect((await read()).body).toMatchObject({ total_deliveries: 0, success_rate: null, deliveries_by_day: {} });
    expect((await read<Hourly>('/hourly')).body).toEqual({ data: [] });
  });

  it('come by the hour, the oldest first, with percentiles out of the histogram', async () => {
    // 90 within 10 ms and 10 within 100 to 250 ms: half of the 90 lie below 5.56 ms, p95 in the middle of the second bucket.
    const spread = `INSERT INTO hookline.statistics_hourly (webhook_id, hour, event_type, successful, failed, responses, response_time_ms, latency)
      VALUES ($1::uuid, date_trunc('hour', now(), 'UTC') - interval '2 hours', $2, $3::integer, 0, $3::integer, $4::integer, $5::text::bigint[])`;
    await ctx.db().query(spread, [hook.id, 'video.generated', 90, 450, '{90,0,0,0,0,0,0,0,0,0,0,0}']);
    await ctx.db().query(spread, [hook.id, 'video.failed', 10, 1750, '{0,0,0,0,10,0,0,0,0,0,0,0}']);
    await end(40_000);
    await end(null, 'now()', 'failed');
    const { body } = await read<Hourly>('/hourly?hours=3');
    expect(body.data.map(({ hour: _, ...counted }) => counted)).toEqual([
      {
        successful_deliveries: 100,
        failed_deliveries: 0,
        avg_response_time_ms: 22,
        p50_response_time_ms: 5.56,
        p90_response_time_ms: 10,
        p95_response_time_ms: 175,
        p99_response_time_ms: 235,
      },
      {
        successful_deliveries: 1,
        failed_deliveries: 1,
        avg_response_time_ms: 40_000,
        p50_response_time_ms: 30_000,
        p90_response_time_ms: 30_000,
        p95_response_time_ms: 30_000,
        p99_response_time_ms: 30_000,
      },
    ]);
    const [first, last] = body.data.map(({ hour }) => Date.parse(hour));
    expect((last ?? 0) - (first ?? 0)).toBe(7_200_000);
    expect((await read<Hourly>('/hourly?hours=2')).body.data).toHaveLength(1);
  });

  it('have no percentiles where nothing answered', async () => {
    await end(null, 'now()', 'failed');
    const { body } = await read<Hourly>('/hourly?hours=1');
    expect(body.data).toMatchObject([{ failed_deliveries: 1, avg_response_time_ms: null, p50_response_time_ms: null }]);
  });

  it.each([
    '?days=0',
    '?days=3661',
    '?days=x',
    '?hours=1',
    '/hourly?hours=0',
    '/hourly?hours=841',
    '/hourly?hours=1.5',
  ])('are not read by %s', async (query) => {
    expect(await read(query)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('are the owner’s', async () => {
    const stranger = await api.user();
    for (const path of ['', '/hourly']) {
      expect(await read(path, stranger.bearer)).toMatchObject({ status: 404, body: { code: 'webhook_not_found' } });
      expect(await read(path, owner.bearer, randomUUID())).toMatchObject({ status: 404 });
    }
  });
});
