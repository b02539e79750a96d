import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Hook, makeHook, putDelivery } from '../conformance/spec-helpers.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { withinOneHour } from '../harness/within-one-hour.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';
import { putEntries } from './figures-helpers.js';

interface Overall {
  readonly hours: number;
  readonly data: readonly { readonly hour: string; readonly [field: string]: unknown }[];
  readonly total: Readonly<Record<string, unknown>>;
  readonly event_types: readonly { readonly event_type: string; readonly [field: string]: unknown }[];
  readonly worst_webhooks: readonly { readonly webhook_id: string; readonly [field: string]: unknown }[];
}

const NOTHING: Omit<Overall, 'hours'> = {
  data: [],
  total: {
    successful_deliveries: 0,
    failed_deliveries: 0,
    success_rate: null,
    avg_response_time_ms: null,
    p50_response_time_ms: null,
    p90_response_time_ms: null,
    p95_response_time_ms: null,
    p99_response_time_ms: null,
  },
  event_types: [],
  worst_webhooks: [],
};

const DEFINITION = `SELECT pg_get_functiondef('public.get_overall_statistics'::regproc) AS text`;

describeOnPostgres('/v1/statistics', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let hooks: Hook[];
  beforeAll(async () => {
    api = await serveContract(ctx.db());
  });
  afterAll(() => api.app.close());
  beforeEach(async () => {
    // Else figures of everybody hold what the test before put.
    await ctx.db().query('TRUNCATE hookline.statistics_hourly', []);
    await withinOneHour(ctx.db());
    owner = await api.user();
    hooks = [await makeHook(ctx.db(), owner.id), await makeHook(ctx.db(), owner.id)];
  });

  const idOf = (nth: number): string => hooks[nth]?.id ?? '';
  const read = async (query = '', bearer = owner.bearer): Promise<Overall> =>
    (await api.call<Overall>('GET', `/v1/statistics${query}`, { bearer })).body;
  const ofService = async (query = ''): Promise<Overall> =>
    (await api.service<Overall>('GET', `/v1/statistics${query}`)).body;
  /** get_webhook_hourly_statistics of a webhook that got all of it. */
  const hourly = async (webhookId: string, hours: number): Promise<Overall['data']> => {
    const path = `/v1/webhooks/${webhookId}/statistics/hourly?hours=${hours}`;
    return (await api.service<{ data: Overall['data'] }>('GET', path)).body.data;
  };

  it('say nothing where nothing ended', async () => {
    expect(await read()).toEqual({ hours: 24, ...NOTHING });
  });

  it('are the sums over webhooks and event types, with the percentiles of all together', async () => {
    const one = await makeHook(ctx.db(), await createUser(ctx.db()));
    const spread = [
      { ago: 0, successful: 40, failed: 2, latency: [30, 5, 3, 1, 1], responseTimeMs: 900 },
      { ago: 0, successful: 7, failed: 9, latency: [0, 0, 0, 0, 0, 4, 4, 4, 0, 0, 0, 2], responseTimeMs: 95_001 },
      { ago: 5, successful: 3, failed: 0, latency: [0, 0, 0, 3], responseTimeMs: 250 },
    ];
    await putEntries(
      ctx.db(),
      spread.map((entry, nth) => ({ ...entry, webhookId: idOf(nth % 2) })),
    );
    // Each as another event type, so that the rows do not collide.
    await putEntries(
      ctx.db(),
      spread.map((entry, nth) => ({ ...entry, webhookId: one.id, eventType: `type.${nth}` })),
    );
    const { data, total } = await read();
    expect(data).toEqual(await hourly(one.id, 24));
    expect(data).toHaveLength(2);
    expect(total).toMatchObject({ successful_deliveries: 50, failed_deliveries: 11, success_rate: 81.97 });
    expect(total['avg_response_time_ms']).toBe(Number((96_151 / 57).toFixed(2)));

    // The whole in one hour of a webhook has the percentiles of the total.
    const whole = await makeHook(ctx.db(), await createUser(ctx.db()));
    const latency = [30, 5, 3, 4, 1, 4, 4, 4, 0, 0, 0, 2];
    await putEntries(ctx.db(), [
      { webhookId: whole.id, ago: 0, successful: 50, failed: 11, latency, responseTimeMs: 96_151 },
    ]);
    const [{ hour: _, ...hour } = { hour: '' }] = await hourly(whole.id, 1);
    expect(total).toEqual({ ...hour, success_rate: 81.97 });
  });

  it('are of the hours that are asked for, this one included', async () => {
    await putEntries(
      ctx.db(),
      [0, 1, 2, 839, 840].map((ago) => ({ webhookId: idOf(0), ago, successful: 10 ** Math.min(ago, 4), failed: 0 })),
    );
    const counted = async (hours: number) => {
      const { hours: told, total, data } = await read(`?hours=${hours}`);
      return [told, total['successful_deliveries'], data.length];
    };
    expect(await counted(1)).toEqual([1, 1, 1]);
    expect(await counted(2)).toEqual([2, 11, 2]);
    expect(await counted(24)).toEqual([24, 111, 3]);
    expect(await counted(840)).toEqual([840, 10_111, 4]);
  });

  it('tell of the 20 event types with most ends, and the 10 webhooks with most failures', async () => {
    const types = Array.from({ length: 22 }, (_, nth) => `type.${String(nth).padStart(2, '0')}`);
    await putEntries(
      ctx.db(),
      types.map((eventType, nth) => ({ webhookId: idOf(0), ago: 1, eventType, successful: nth + 1, failed: 0 })),
    );
    const made: Hook[] = [];
    for (let nth = 0; nth < 11; nth += 1) made.push(await makeHook(ctx.db(), owner.id, { name: `made ${nth}` }));
    await putEntries(
      ctx.db(),
      made.map(({ id: webhookId }, nth) => ({
        webhookId,
        ago: 2,
        successful: 1,
        failed: nth,
        latency: [0, 0, nth + 1],
        responseTimeMs: 40 * (nth + 1),
      })),
    );
    const { event_types, worst_webhooks } = await read();
    expect(event_types.map(({ event_type }) => event_type)).toEqual(['video.generated', ...types.slice(3).reverse()]);
    expect(event_types[0]).toEqual({ event_type: 'video.generated', successful_deliveries: 11, failed_deliveries: 55 });
    // The one without a failure is absent, as are those that only succeeded.
    const expected = made
      .map(({ id, url }, nth) => ({
        webhook_id: id,
        name: `made ${nth}`,
        url,
        user_id: owner.id,
        successful_deliveries: 1,
        failed_deliveries: nth,
        success_rate: Number((100 / (nth + 1)).toFixed(2)),
      }))
      .slice(1)
      .reverse();
    expect(worst_webhooks.map(({ p95_response_time_ms: _, ...counted }) => counted)).toEqual(expected);
    for (const { webhook_id, p95_response_time_ms } of worst_webhooks) {
      expect([p95_response_time_ms]).toEqual(
        (await hourly(webhook_id, 24)).map(({ p95_response_time_ms: p95 }) => p95),
      );
    }
  });

  it('count what really ends', async () => {
    const [hook] = hooks;
    if (hook === undefined) throw new Error('There is no webhook.');
    await putDelivery(ctx.db(), hook, {
      status: 'success',
      endedAt: 'now()',
      responseTimeMs: 120,
      responseStatus: 200,
    });
    await putDelivery(ctx.db(), hook, {
      status: 'failed',
      endedAt: 'now()',
      responseTimeMs: null,
      responseStatus: null,
    });
    expect((await read('?hours=1')).total).toMatchObject({
      successful_deliveries: 1,
      failed_deliveries: 1,
      success_rate: 50,
      avg_response_time_ms: 120,
    });
  });

  it('are the caller’s own; the service gets those of all, or of the user that it names', async () => {
    const stranger = await api.user();
    const { id: theirs } = await makeHook(ctx.db(), stranger.id);
    await ctx
      .db()
      .query("INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, 'the stranger')", [stranger.id]);
    await putEntries(ctx.db(), [
      { webhookId: idOf(0), ago: 0, successful: 1, failed: 2 },
      { webhookId: theirs, ago: 0, eventType: 'video.failed', successful: 30, failed: 40 },
    ]);
    const figures = ({ data, total, event_types, worst_webhooks }: Overall) => [
      data.map(({ failed_deliveries: failed }) => failed),
      total['successful_deliveries'],
      event_types.map(({ event_type }) => event_type),
      worst_webhooks.map(({ webhook_id }) => webhook_id),
    ];
    const own = [[2], 1, ['video.generated'], [idOf(0)]];
    const others = [[40], 30, ['video.failed'], [theirs]];
    expect(figures(await read())).toEqual(own);
    expect(figures(await read('', stranger.bearer))).toEqual(others);
    expect(figures(await ofService())).toEqual([[42], 31, ['video.failed', 'video.generated'], [theirs, idOf(0)]]);
    expect(figures(await ofService(`?user_id=${owner.id}`))).toEqual(own);
    expect(figures(await ofService('?external_user_id=the%20stranger'))).toEqual(others);
    expect(await ofService(`?user_id=${await createUser(ctx.db())}`)).toEqual({ hours: 24, ...NOTHING });
    expect(await read('', (await api.user()).bearer)).toEqual({ hours: 24, ...NOTHING });
    expect(await api.service('GET', `/v1/statistics?user_id=${randomUUID()}`)).toMatchObject({
      body: { code: 'unknown_user' },
    });
  });

  it('go with their webhook', async () => {
    await putEntries(ctx.db(), [{ webhookId: idOf(0), ago: 0, successful: 1, failed: 2 }]);
    await api.call('DELETE', `/v1/webhooks/${idOf(0)}`, { bearer: owner.bearer });
    expect(await read()).toEqual({ hours: 24, ...NOTHING });
  });

  it('are of fewer hours where there is more than may be read: of all to the hour, of a user by halves', async () => {
    await putEntries(
      ctx.db(),
      [0, 1, 20].flatMap((ago) => hooks.map(({ id: webhookId }) => ({ webhookId, ago, successful: 1, failed: 1 }))),
    );
    const [defined] = (await ctx.db().query<{ text: string }>(DEFINITION, [])).rows;
    const text = defined?.text ?? '';
    const told = async (most: number) => {
      const lowered = text.replace('1000000', `${most}`).replace('300000', `${most}`);
      expect(lowered).not.toMatch(/00000/);
      await ctx.db().query(lowered, []);
      return [await ofService(), await ofService(`?user_id=${owner.id}`), await read()].map(
        ({ hours, data, total, worst_webhooks }) => [
          hours,
          data.length,
          total['failed_deliveries'],
          worst_webhooks.map(({ failed_deliveries: failed }) => failed),
        ],
      );
    };
    try {
      const [whole, half, one] = [
        [24, 3, 6, [3, 3]],
        [12, 2, 4, [2, 2]],
        [1, 1, 2, [1, 1]],
      ];
      expect(await told(6)).toEqual([whole, whole, whole]);
      expect(await told(5)).toEqual([[20, ...half.slice(1)], half, half]);
      expect(await told(4)).toEqual([[20, ...half.slice(1)], half, half]);
      expect(await told(3)).toEqual([one, one, one]);
      // The hour that is not over is told of whole.
      expect(await told(1)).toEqual([one, one, one]);
    } finally {
      await ctx.db().query(text, []);
    }
  });

  it.each(['?hours=0', '?hours=841', '?hours=x', '?days=1'])('are not read by %s', async (query) => {
    const answer = await api.call('GET', `/v1/statistics${query}`, { bearer: owner.bearer });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});
