import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook, trigger } from '../harness/delivering.js';
import { SERVICE_KEY, serveApi } from './api-client.js';
import { type ContractCall, contract } from './api-contract.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';
import { idsOf, listAt } from './list-pages.js';
import { putDeliveries, putMany } from './replay-helpers.js';

const URL = 'https://example.com/hook';

describeOnPostgres('GET /v1/deliveries', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  let call: ContractCall;
  beforeAll(async () => {
    served = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET });
    call = await contract(served.url);
  });
  afterAll(() => served.app.close());

  const tokenOf = (userId: string) => sign(userClaims(userId));
  const { list, walk } = listAt(() => call, '/v1/deliveries');

  it('gives the caller’s own, newest first, in pages that miss none and repeat none, also where many are of one moment', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const other = await createWebhook(ctx.db(), URL);
    await putMany(ctx.db(), webhook, 'success', 12, "'2026-03-01'");
    const ordered = (await putDeliveries(ctx.db(), webhook, ['success', 'failed', 'pending'])).reverse();
    await putDeliveries(ctx.db(), other, ['success']);
    const pages = await walk(await tokenOf(webhook.userId), { limit: 4 });
    expect(pages.map((page) => page.length)).toEqual([4, 4, 4, 3]);
    expect(pages.flat().slice(0, 3)).toEqual(ordered);
    expect(new Set(pages.flat()).size).toBe(15);
    // What is made meanwhile stands before the first page, and changes none that follow.
    const first = await list(await tokenOf(webhook.userId), { limit: 4 });
    await putMany(ctx.db(), webhook, 'success', 3, 'now()');
    const cursor = first.next_cursor ?? '';
    expect(idsOf(await list(await tokenOf(webhook.userId), { limit: 4, cursor }))).toEqual(pages[1]);
  });

  it('filters by webhook, event type, status and time, and by all together', async () => {
    const one = await createWebhook(ctx.db(), URL);
    const two = await createWebhook(ctx.db(), URL, {}, one.userId);
    const bearer = await tokenOf(one.userId);
    const ofOne = await putDeliveries(ctx.db(), one, ['failed', 'success', 'retrying', 'pending']);
    const ofTwo = await putDeliveries(ctx.db(), two, ['failed', 'success', 'failed']);
    await ctx
      .db()
      .query("UPDATE webhook_deliveries SET event_type = 'credit.added' WHERE id = ANY ($1::uuid[])", [
        [ofOne[0] ?? '', ofTwo[0] ?? ''],
      ]);
    const found = async (query: Record<string, string>) => new Set(idsOf(await list(bearer, query)));
    expect(await found({})).toEqual(new Set([...ofOne, ...ofTwo]));
    expect(await found({ webhook_id: one.id })).toEqual(new Set(ofOne));
    expect(await found({ event_type: 'credit.added' })).toEqual(new Set([ofOne[0], ofTwo[0]]));
    for (const [n, status] of ['failed', 'success', 'retrying', 'pending'].entries()) {
      expect(await found({ webhook_id: one.id, status })).toEqual(new Set([ofOne[n]]));
    }
    expect(await found({ status: 'failed' })).toEqual(new Set([ofOne[0], ofTwo[0], ofTwo[2]]));
    expect(await found({ status: 'failed', event_type: 'credit.added', webhook_id: two.id })).toEqual(
      new Set([ofTwo[0]]),
    );
    const { data } = await list(bearer, { webhook_id: one.id });
    const [, third, second] = data.map(({ created_at }) => String(created_at));
    for (const more of [{ webhook_id: one.id }, {}]) {
      const within = await found({ since: second ?? '', until: third ?? '', ...more });
      expect([...within].filter((id) => ofOne.includes(id)).sort()).toEqual([ofOne[1], ofOne[2]].sort());
      expect(within.has(ofOne[0] ?? '') || within.has(ofOne[3] ?? '')).toBe(false);
    }
    expect(await found({ status: 'failed', since: second ?? '', webhook_id: one.id })).toEqual(new Set());
  });

  it('finds those of an event, also where it went to many users, and only the caller’s own', async () => {
    const webhooks = [await createWebhook(ctx.db(), URL), await createWebhook(ctx.db(), URL)];
    await ctx.db().query("SELECT FROM trigger_webhook_event('video.generated', '{}')", []);
    const { rows: made } = await ctx.db().query<{ event_id: string; user_id: string; id: string }>(
      `SELECT d.event_id, d.user_id, d.id FROM webhook_deliveries d
       WHERE d.event_id = (SELECT e.id FROM hookline.events e WHERE e.user_id IS NULL ORDER BY e.created_at DESC LIMIT 1)`,
      [],
    );
    const event_id = made[0]?.event_id ?? '';
    for (const { userId } of webhooks) {
      const own = made.filter(({ user_id }) => user_id === userId).map(({ id }) => id);
      expect(own).toHaveLength(1);
      expect(idsOf(await list(await tokenOf(userId), { event_id }))).toEqual(own);
    }
    expect(new Set(idsOf(await list(SERVICE_KEY, { event_id, limit: 100 })))).toEqual(
      new Set(made.map(({ id }) => id)),
    );
    expect(idsOf(await list(SERVICE_KEY, { event_id, until: '2020-01-01T00:00:00Z' }))).toEqual([]);
    expect(idsOf(await list(SERVICE_KEY, { event_id: randomUUID() }))).toEqual([]);
    // An event of one user is nothing to another, who knows its id.
    const [one, two] = webhooks.map(({ userId }) => userId);
    await trigger(ctx.db(), one ?? '');
    const [own] = (await list(await tokenOf(one ?? ''), { limit: 1 })).data;
    expect(idsOf(await list(await tokenOf(one ?? ''), { event_id: String(own?.['event_id']) }))).toEqual([own?.id]);
    expect(idsOf(await list(await tokenOf(two ?? ''), { event_id: String(own?.['event_id']) }))).toEqual([]);
  });

  it('goes on where nothing matched for long: pages may be short, and the end is where there is no cursor', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const [wanted] = await putDeliveries(ctx.db(), webhook, ['pending']);
    await ctx.db().query("UPDATE webhook_deliveries SET created_at = '2020-01-01' WHERE id = $1::uuid", [wanted ?? '']);
    await putMany(ctx.db(), webhook, 'success', 11_000, "'2026-03-01'::timestamptz + n * interval '1 second'");
    const bearer = await tokenOf(webhook.userId);
    expect(await walk(bearer, { status: 'pending' })).toEqual([[], [], [wanted]]);
    expect(await walk(bearer, { status: 'pending', webhook_id: webhook.id })).toEqual([[], [], [wanted]]);
    expect(await walk(bearer, { status: 'pending', since: '2026-03-01T00:00:00Z' })).toEqual([[], [], []]);
    // What an index finds is found at once.
    expect(await walk(bearer, { status: 'failed' })).toEqual([[]]);
    expect(await walk(bearer, { until: '2026-02-01T00:00:00Z' })).toEqual([[wanted]]);
  });

  it('shows the service everybody’s, or those of the user that it names; a user names none', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const [id] = await putDeliveries(ctx.db(), webhook, ['failed']);
    expect(idsOf(await list(SERVICE_KEY, { user_id: webhook.userId }))).toEqual([id]);
    expect(idsOf(await list(SERVICE_KEY, { user_id: webhook.userId, status: 'failed' }))).toEqual([id]);
    expect(idsOf(await list(SERVICE_KEY, { webhook_id: webhook.id, status: 'failed' }))).toEqual([id]);
    const stranger = await createWebhook(ctx.db(), URL);
    expect(idsOf(await list(SERVICE_KEY, { user_id: stranger.userId, webhook_id: webhook.id }))).toEqual([]);
    const everybody = await walk(SERVICE_KEY, { limit: 100 });
    const { rows } = await ctx.db().query<{ n: number }>('SELECT count(*)::int AS n FROM webhook_deliveries', []);
    expect(new Set(everybody.flat()).size).toBe(rows[0]?.n);
    expect((await walk(SERVICE_KEY, { status: 'failed', limit: 100 })).flat()).toContain(id);
    const unknown = await call('GET', `/v1/deliveries?user_id=${randomUUID()}`, { bearer: SERVICE_KEY });
    expect([unknown.status, unknown.body['code']]).toEqual([422, 'unknown_user']);
    const named = await call('GET', `/v1/deliveries?user_id=${webhook.userId}`, {
      bearer: await tokenOf(webhook.userId),
    });
    expect([named.status, named.body['code']]).toEqual([403, 'forbidden']);
  });

  it('shows a stranger nothing, by whatever filter', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putDeliveries(ctx.db(), webhook, ['failed', 'success']);
    const bearer = await tokenOf(await createUser(ctx.db()));
    for (const query of [
      {},
      { webhook_id: webhook.id },
      { webhook_id: webhook.id, status: 'failed' },
      { status: 'failed' },
    ]) {
      expect(await list(bearer, query)).toEqual({ data: [], next_cursor: null });
    }
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'status=lost',
    'webhook_id=1',
    'event_type=',
    `event_type=${'x'.repeat(101)}`,
    'since=yesterday',
    'since=2026-02-30T00:00:00Z',
    'since=0000-01-01T00:00:00Z',
    'until=2026-01-01T00:00:00%2B23:00',
    'until=infinity',
    'cursor=x',
    `cursor=${Buffer.from('2026-13-01T00:00:00.000000Z 00000000-0000-0000-0000-000000000000').toString('base64url')}`,
    'whose=mine',
  ])('refuses ?%s', async (query) => {
    const { status, body } = await call('GET', `/v1/deliveries?${query}`, { bearer: SERVICE_KEY });
    expect(status).toBe(400);
    expect(['invalid_request', 'invalid_cursor']).toContain(body['code']);
  });

  it('refuses a NUL in a filter', async () => {
    const { status, body } = await call('GET', '/v1/deliveries?event_type=%00', { bearer: SERVICE_KEY });
    expect([status, body['code']]).toEqual([422, 'not_storable']);
  });
});
