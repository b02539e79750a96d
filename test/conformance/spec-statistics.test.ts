import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { Param } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import { withinOneHour } from '../harness/within-one-hour.js';
import {
  asAnon,
  expectHint,
  INSUFFICIENT_PRIVILEGE,
  makeHook,
  NOBODY,
  one,
  putDelivery,
  type SqlError,
  sqlError,
  trigger,
} from './spec-helpers.js';

interface Statistics {
  total_deliveries: number;
  successful_deliveries: number;
  failed_deliveries: number;
  success_rate: number | null;
  avg_response_time_ms: number | null;
  deliveries_by_day: Record<string, number>;
  deliveries_by_event_type: Record<string, number>;
}

const STATISTICS = 'SELECT * FROM get_webhook_statistics(p_webhook_id := $1::uuid, p_days := $2::integer)';
const DAY_START = "date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'";

describeOnEachDatabase('get_webhook_statistics', (ctx) => {
  let user = '';
  beforeAll(async () => {
    user = await createUser(ctx.db());
  });
  beforeEach(() => withinOneHour(ctx.db()));

  const statistics = (id: string, days = 30, as = user, zone = 'UTC') =>
    asUserId(ctx.db(), as, async (tx) => {
      await tx.query(`SET LOCAL TimeZone = '${zone}'`);
      return one<Statistics>(tx, STATISTICS, [id, days]);
    });
  const utcDay = async (daysAgo: number) =>
    (
      await one<{ day: string }>(
        ctx.db(),
        "SELECT to_char((now() AT TIME ZONE 'UTC')::date - $1::integer, 'YYYY-MM-DD') AS day",
        [daysAgo],
      )
    ).day;
  const finish = (id: string, set: string) =>
    asService(ctx.db(), (tx) => tx.query(`UPDATE webhook_deliveries SET ${set} WHERE id = $1::uuid`, [id]));

  it('answers with zeros, empty objects and NULL rates when nothing ended', async () => {
    const hook = await makeHook(ctx.db(), user);
    await trigger(ctx.db(), 'video.generated', {}, user);
    const answer = await statistics(hook.id);
    expect(Object.keys(answer)).toEqual([
      'total_deliveries',
      'successful_deliveries',
      'failed_deliveries',
      'success_rate',
      'avg_response_time_ms',
      'deliveries_by_day',
      'deliveries_by_event_type',
    ]);
    expect(answer).toEqual({
      total_deliveries: 0,
      successful_deliveries: 0,
      failed_deliveries: 0,
      success_rate: null,
      avg_response_time_ms: null,
      deliveries_by_day: {},
      deliveries_by_event_type: {},
    });
  });

  it('has the specified types', async () => {
    const hook = await makeHook(ctx.db(), user);
    await putDelivery(ctx.db(), hook, { status: 'success', responseStatus: 200, responseTimeMs: 10 });
    const types = await asUserId(ctx.db(), user, (tx) =>
      one(
        tx,
        `SELECT pg_typeof(total_deliveries)::text AS total, pg_typeof(successful_deliveries)::text AS successful,
           pg_typeof(failed_deliveries)::text AS failed, pg_typeof(success_rate)::text AS rate,
           pg_typeof(avg_response_time_ms)::text AS avg, pg_typeof(deliveries_by_day)::text AS days,
           pg_typeof(deliveries_by_event_type)::text AS types FROM get_webhook_statistics($1::uuid)`,
        [hook.id],
      ),
    );
    expect(types).toEqual({
      total: 'bigint',
      successful: 'bigint',
      failed: 'bigint',
      rate: 'numeric',
      avg: 'numeric',
      days: 'jsonb',
      types: 'jsonb',
    });
  });

  it('counts what ended, by day and event type, with the rate in percent', async () => {
    const hook = await makeHook(ctx.db(), user);
    const answered = { status: 'success', responseStatus: 200 } as const;
    await putDelivery(ctx.db(), hook, { ...answered, responseTimeMs: 200 });
    await putDelivery(ctx.db(), hook, { ...answered, responseTimeMs: 300, type: 'credit.added' });
    await putDelivery(ctx.db(), hook, { status: 'failed', responseStatus: 500, responseTimeMs: 101 });
    const today = await utcDay(0);
    expect(await statistics(hook.id)).toEqual({
      total_deliveries: 3,
      successful_deliveries: 2,
      failed_deliveries: 1,
      success_rate: 66.67,
      avg_response_time_ms: expect.closeTo(200.33, 2),
      deliveries_by_day: { [today]: 3 },
      deliveries_by_event_type: { 'video.generated': 2, 'credit.added': 1 },
    });
  });

  it('success_rate has two decimals; 142 of 150 is 94.67', async () => {
    const hook = await makeHook(ctx.db(), user);
    const insert = (status: string, count: number) =>
      asService(ctx.db(), (tx) =>
        tx.query(
          `INSERT INTO webhook_deliveries (webhook_id, event_type, request_url, request_payload, status, attempt_number,
             max_attempts, delivered_at, failed_at)
           SELECT $1::uuid, 'credit.added', 'https://a.example', '{}', $2::text, 1, 4,
             CASE WHEN $2::text = 'success' THEN now() END, CASE WHEN $2::text = 'failed' THEN now() END
           FROM generate_series(1, $3::integer)`,
          [hook.id, status, count],
        ),
      );
    const rate = () =>
      asUserId(ctx.db(), user, (tx) =>
        one<{ rate: string }>(tx, 'SELECT success_rate::text AS rate FROM get_webhook_statistics($1::uuid)', [hook.id]),
      );
    await insert('success', 142);
    expect(Number((await rate()).rate)).toBe(100);
    await insert('failed', 8);
    expect((await rate()).rate).toBe('94.67');
    expect(await statistics(hook.id)).toMatchObject({ total_deliveries: 150, avg_response_time_ms: null });
  });

  it('the mean response time is over ended deliveries that got a response', async () => {
    const hook = await makeHook(ctx.db(), user);
    await putDelivery(ctx.db(), hook, { status: 'success', responseStatus: 200, responseTimeMs: 235 });
    await putDelivery(ctx.db(), hook, { status: 'failed', responseStatus: 503, responseTimeMs: 236 });
    await putDelivery(ctx.db(), hook, { status: 'failed', responseStatus: null, responseTimeMs: 30_000 });
    await putDelivery(ctx.db(), hook, { status: 'retrying', responseStatus: 500, responseTimeMs: 9_000 });
    expect(await statistics(hook.id)).toMatchObject({ total_deliveries: 3, avg_response_time_ms: 235.5 });
  });

  it('the last p_days days include today, in UTC whatever the session’s time zone; days without one are absent', async () => {
    const hook = await makeHook(ctx.db(), user);
    // 14 hours ahead of UTC, and 11 behind it: at any time one of them is on another day.
    const [ahead, behind] = ['Pacific/Kiritimati', 'Pacific/Pago_Pago'];
    const put = (endedAt: string, zone: string, status: 'success' | 'failed' = 'success') =>
      putDelivery(ctx.db(), hook, { status, endedAt, zone });
    await put('now()', ahead);
    await put('now()', behind);
    await put(DAY_START, behind);
    await put(`${DAY_START} - interval '1 millisecond'`, ahead, 'failed');
    await put(`${DAY_START} - interval '6 days'`, behind);
    await put(`${DAY_START} - interval '6 days 1 millisecond'`, ahead);
    const [today, yesterday, sixAgo, sevenAgo] = [await utcDay(0), await utcDay(1), await utcDay(6), await utcDay(7)];
    for (const zone of ['UTC', ahead, behind]) {
      expect((await statistics(hook.id, 1, user, zone)).deliveries_by_day, zone).toEqual({ [today]: 3 });
      expect((await statistics(hook.id, 2, user, zone)).deliveries_by_day).toEqual({ [today]: 3, [yesterday]: 1 });
      expect(await statistics(hook.id, 7, user, zone)).toMatchObject({
        total_deliveries: 5,
        deliveries_by_day: { [today]: 3, [yesterday]: 1, [sixAgo]: 1 },
      });
      expect((await statistics(hook.id, 8, user, zone)).deliveries_by_day[sevenAgo]).toBe(1);
    }
  });

  it('p_days is 30 when left out', async () => {
    const hook = await makeHook(ctx.db(), user);
    await putDelivery(ctx.db(), hook, { status: 'success', endedAt: `${DAY_START} - interval '29 days'` });
    await putDelivery(ctx.db(), hook, { status: 'success', endedAt: `${DAY_START} - interval '30 days'` });
    const answer = await asUserId(ctx.db(), user, (tx) =>
      one<Statistics>(tx, 'SELECT * FROM get_webhook_statistics($1::uuid)', [hook.id]),
    );
    expect(answer.deliveries_by_day).toEqual({ [await utcDay(29)]: 1 });
  });

  it('a failed delivery that later succeeds leaves its old day and counts where it ends', async () => {
    const hook = await makeHook(ctx.db(), user);
    const [today, yesterday] = [await utcDay(0), await utcDay(1)];
    const id = await putDelivery(ctx.db(), hook, {
      status: 'failed',
      endedAt: `${DAY_START} - interval '1 hour'`,
      responseStatus: 500,
      responseTimeMs: 900,
    });
    expect((await statistics(hook.id)).deliveries_by_day).toEqual({ [yesterday]: 1 });
    await asUserId(ctx.db(), user, (tx) => one(tx, 'SELECT * FROM retry_failed_delivery($1::uuid)', [id]));
    expect(await statistics(hook.id)).toMatchObject({ total_deliveries: 0, success_rate: null, deliveries_by_day: {} });
    await finish(id, "status = 'success', delivered_at = now(), response_status = 200, response_time_ms = 40");
    expect(await statistics(hook.id)).toEqual({
      total_deliveries: 1,
      successful_deliveries: 1,
      failed_deliveries: 0,
      success_rate: 100,
      avg_response_time_ms: 40,
      deliveries_by_day: { [today]: 1 },
      deliveries_by_event_type: { 'video.generated': 1 },
    });
  });

  it('outlives the deliveries that retention removes', async () => {
    const hook = await makeHook(ctx.db(), user);
    await putDelivery(ctx.db(), hook, { status: 'success', responseStatus: 200, responseTimeMs: 5 });
    await putDelivery(ctx.db(), hook, { status: 'failed' });
    const before = await statistics(hook.id);
    expect(before.total_deliveries).toBe(2);
    await asService(ctx.db(), (tx) =>
      tx.query('DELETE FROM webhook_deliveries WHERE webhook_id = $1::uuid', [hook.id]),
    );
    expect(await statistics(hook.id)).toEqual(before);
  });

  it('tells nothing of another user’s webhook: the same error as for an unknown one', async () => {
    const hook = await makeHook(ctx.db(), user);
    const stranger = await createUser(ctx.db());
    const plain = ({ code, message, hint }: SqlError, id: string) =>
      [code, message, hint].map((text) => text?.replaceAll(id, '<id>'));
    const foreign = await expectHint(statistics(hook.id, 30, stranger));
    const unknown = await expectHint(statistics(NOBODY, 30, stranger));
    expect(plain(foreign, hook.id)).toEqual(plain(unknown, NOBODY));
  });

  it('is for signed-in users', async () => {
    const hook = await makeHook(ctx.db(), user);
    const params: readonly Param[] = [hook.id, 7];
    expect((await sqlError(asAnon(ctx.db(), (tx) => one(tx, STATISTICS, params)))).code).toBe(INSUFFICIENT_PRIVILEGE);
  });
});
