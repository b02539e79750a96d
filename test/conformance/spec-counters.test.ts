import { beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import { type Hook, makeHook, one, putDelivery, rowOf, trigger } from './spec-helpers.js';

interface Counted {
  total_deliveries: number;
  successful_deliveries: number;
  failed_deliveries: number;
  last_delivery_at: string | null;
  last_success_at: string | null;
  last_failure_at: string | null;
  updated_at: string;
}

describeOnEachDatabase('counters and updated_at', (ctx) => {
  let user = '';
  beforeAll(async () => {
    user = await createUser(ctx.db());
  });

  const hookRow = (hook: Hook) => rowOf<Counted>(ctx.db(), 'webhooks', hook.id);
  const counts = async (hook: Hook) => {
    const row = await hookRow(hook);
    return [row.total_deliveries, row.successful_deliveries, row.failed_deliveries];
  };
  const pending = async (hook: Hook, count: number) => {
    const ids = [];
    for (let n = 0; n < count; n += 1) {
      const made = await trigger(ctx.db(), 'video.generated', { n }, user);
      ids.push(made.find(({ webhook_id }) => webhook_id === hook.id)?.delivery_id ?? '');
    }
    return ids;
  };
  const set = (ids: readonly string[], status: string, more = '') =>
    asService(ctx.db(), (tx) =>
      tx.query(`UPDATE webhook_deliveries SET status = $2 ${more} WHERE id = ANY ($1::uuid[])`, [ids, status]),
    );

  it('a success and a failure count once each, with their times', async () => {
    const hook = await makeHook(ctx.db(), user);
    const [good, bad] = await pending(hook, 2);
    expect(await hookRow(hook)).toMatchObject({ last_success_at: null, last_failure_at: null });

    await set([String(good)], 'success', ', delivered_at = now(), response_status = 200, response_time_ms = 3');
    const afterSuccess = await hookRow(hook);
    expect(afterSuccess).toMatchObject({ successful_deliveries: 1, failed_deliveries: 0, last_failure_at: null });
    expect(afterSuccess.last_success_at).not.toBeNull();
    expect(afterSuccess.last_delivery_at).not.toBeNull();

    await set([String(bad)], 'failed', ', failed_at = now()');
    const afterFailure = await hookRow(hook);
    expect(await counts(hook)).toEqual([2, 1, 1]);
    expect(afterFailure.last_success_at).toBe(afterSuccess.last_success_at);
    expect(afterFailure.last_failure_at).not.toBeNull();
    expect(Date.parse(String(afterFailure.last_delivery_at))).toBeGreaterThan(
      Date.parse(String(afterSuccess.last_delivery_at)),
    );
    await set([String(good)], 'success', ', metadata = \'{"seen":true}\'');
    expect(await counts(hook)).toEqual([2, 1, 1]);
  });

  it('one statement over many deliveries of many webhooks counts each', async () => {
    const [first, second] = [await makeHook(ctx.db(), user), await makeHook(ctx.db(), user)];
    const ofFirst = await pending(first, 5);
    const ofSecond = await pending(second, 3);
    await asService(ctx.db(), (tx) =>
      tx.query(
        `UPDATE webhook_deliveries SET status = CASE WHEN id = ANY ($2::uuid[]) THEN 'failed' ELSE 'success' END,
           delivered_at = CASE WHEN id = ANY ($2::uuid[]) THEN NULL ELSE now() END,
           failed_at = CASE WHEN id = ANY ($2::uuid[]) THEN now() END
         WHERE id = ANY ($1::uuid[])`,
        [
          [...ofFirst, ...ofSecond],
          [...ofFirst.slice(0, 2), ...ofSecond.slice(0, 1)],
        ],
      ),
    );
    expect((await counts(first)).slice(1)).toEqual([3, 2]);
    expect((await counts(second)).slice(1)).toEqual([2, 1]);
  });

  it('deliveries that are written as ended count too', async () => {
    const hook = await makeHook(ctx.db(), user);
    await putDelivery(ctx.db(), hook, { status: 'success' });
    await putDelivery(ctx.db(), hook, { status: 'failed' });
    expect(await counts(hook)).toEqual([2, 1, 1]);
  });

  it('a retrying delivery has neither succeeded nor failed', async () => {
    const hook = await makeHook(ctx.db(), user);
    const ids = await pending(hook, 1);
    await set(ids, 'retrying', ', attempt_number = 1, next_retry_at = now()');
    expect((await counts(hook)).slice(1)).toEqual([0, 0]);
    await set(ids, 'success', ', attempt_number = 2, delivered_at = now()');
    expect(await counts(hook)).toEqual([1, 1, 0]);
  });

  it('a failed delivery that is retried by hand and then succeeds counts as one success', async () => {
    const hook = await makeHook(ctx.db(), user);
    const id = await putDelivery(ctx.db(), hook, { status: 'failed' });
    expect(await counts(hook)).toEqual([1, 0, 1]);
    const retry = () =>
      asUserId(ctx.db(), user, (tx) =>
        one<{ success: boolean }>(tx, 'SELECT * FROM retry_failed_delivery($1::uuid)', [id]),
      );
    expect((await retry()).success).toBe(true);
    expect((await counts(hook)).slice(1)).toEqual([0, 0]);
    await set([id], 'failed', ', failed_at = now()');
    expect(await counts(hook)).toEqual([1, 0, 1]);
    expect((await retry()).success).toBe(true);
    await set([id], 'success', ', delivered_at = now()');
    expect(await counts(hook)).toEqual([1, 1, 0]);
  });

  it('retention leaves them as they are', async () => {
    const hook = await makeHook(ctx.db(), user);
    await putDelivery(ctx.db(), hook, { status: 'success' });
    await putDelivery(ctx.db(), hook, { status: 'failed' });
    const before = await hookRow(hook);
    await asService(ctx.db(), (tx) =>
      tx.query('DELETE FROM webhook_deliveries WHERE webhook_id = $1::uuid', [hook.id]),
    );
    expect(await hookRow(hook)).toEqual(before);
  });

  it('counters never touch updated_at', async () => {
    const hook = await makeHook(ctx.db(), user);
    const before = await hookRow(hook);
    const [good, bad] = await pending(hook, 2);
    await set([String(good)], 'success', ', delivered_at = now()');
    await set([String(bad)], 'failed', ', failed_at = now()');
    const after = await hookRow(hook);
    expect(await counts(hook)).toEqual([2, 1, 1]);
    expect(after.updated_at).toBe(before.updated_at);
  });

  it('updated_at follows a change of webhooks, webhook_events and webhook_event_subscriptions', async () => {
    const hook = await makeHook(ctx.db(), user, { types: ['credit.added'] });
    const changes: readonly [string, string, string][] = [
      ['webhooks', "name = 'other'", `id = '${hook.id}'`],
      ['webhooks', 'is_active = false', `id = '${hook.id}'`],
      ['webhooks', 'metadata = \'{"a":1}\'', `id = '${hook.id}'`],
      ['webhook_events', "description = 'other'", "event_type = 'credit.added'"],
      ['webhook_event_subscriptions', 'is_active = false', `webhook_id = '${hook.id}'`],
    ];
    for (const [table, change, where] of changes) {
      const times = () =>
        asService(ctx.db(), (tx) =>
          one<{ created_at: string; updated_at: string }>(
            tx,
            `SELECT created_at, updated_at FROM ${table} WHERE ${where}`,
          ),
        );
      const before = await times();
      await asService(ctx.db(), (tx) => tx.query(`UPDATE ${table} SET ${change} WHERE ${where}`, []));
      const after = await times();
      expect(after.created_at, table).toBe(before.created_at);
      expect(Date.parse(after.updated_at), `${table}: ${change}`).toBeGreaterThan(Date.parse(before.updated_at));
    }
  });
});
