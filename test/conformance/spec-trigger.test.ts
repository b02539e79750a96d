import { beforeAll, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { asUserId, createUser, describeOnEachDatabase } from '../harness/databases.js';
import {
  asAnon,
  expectHint,
  INSUFFICIENT_PRIVILEGE,
  makeHook,
  one,
  rowOf,
  rows,
  sqlError,
  trigger,
} from './spec-helpers.js';

const LIMIT = 256 * 1024;
const TRIGGER = "SELECT * FROM trigger_webhook_event('video.generated', '{}'::jsonb)";

describeOnEachDatabase('trigger_webhook_event', (ctx) => {
  let first = '';
  let second = '';
  beforeAll(async () => {
    first = await createUser(ctx.db());
    second = await createUser(ctx.db());
  });

  const service = (sql: string, params: readonly (string | boolean)[]) =>
    asService(ctx.db(), (tx) => tx.query(sql, params));
  const ids = (all: readonly { webhook_id: string }[]) => all.map(({ webhook_id }) => webhook_id).sort();
  const deliveries = async (q: Queryable) =>
    (await one<{ n: number }>(q, 'SELECT count(*)::integer AS n FROM webhook_deliveries')).n;

  it('reaches every subscriber without p_user_id, and only that user’s with it', async () => {
    const type = 'subscription.created';
    const hooks = [
      await makeHook(ctx.db(), first, { types: [type] }),
      await makeHook(ctx.db(), first, { types: [type, 'video.failed'] }),
      await makeHook(ctx.db(), second, { types: [type] }),
    ];
    await makeHook(ctx.db(), first, { types: ['video.failed'] });
    const all = await trigger(ctx.db(), type, { n: 1 });
    expect(ids(all)).toEqual(hooks.map(({ id }) => id).sort());
    expect(ids(await trigger(ctx.db(), type, { n: 2 }, first))).toEqual([hooks[0]?.id, hooks[1]?.id].sort());
    expect(ids(await trigger(ctx.db(), type, { n: 3 }, second))).toEqual([hooks[2]?.id]);
    for (const row of all) {
      expect(Object.keys(row)).toEqual(['delivery_id', 'webhook_id', 'webhook_url']);
      expect(row.webhook_url).toBe(hooks.find(({ id }) => id === row.webhook_id)?.url);
      expect(await rowOf(ctx.db(), 'webhook_deliveries', row.delivery_id)).toMatchObject({
        webhook_id: row.webhook_id,
      });
    }
  });

  it('writes a pending delivery with what is known before the first attempt', async () => {
    const payload = { video_id: 'v1', nested: { list: [1, 'ü', null, true] } };
    const hook = await makeHook(ctx.db(), first, { types: ['credit.added'], maxRetries: 5 });
    const [made] = await trigger(ctx.db(), 'credit.added', payload, first);
    const row = await rowOf(ctx.db(), 'webhook_deliveries', made?.delivery_id ?? '');
    expect(row).toMatchObject({
      webhook_id: hook.id,
      user_id: first,
      event_type: 'credit.added',
      request_url: hook.url,
      request_method: 'POST',
      request_payload: payload,
      response_status: null,
      response_time_ms: null,
      response_body: null,
      status: 'pending',
      attempt_number: 0,
      max_attempts: 6,
      error_message: null,
      error_code: null,
      delivered_at: null,
      failed_at: null,
    });
    expect(Math.abs(Date.now() - Date.parse(String(row['created_at'])))).toBeLessThan(60_000);
  });

  it('max_attempts is 1 + max_retries when retry_enabled, else 1', async () => {
    const type = 'subscription.renewed';
    const expected = new Map<string, number>();
    expected.set((await makeHook(ctx.db(), first, { types: [type], maxRetries: 10 })).id, 11);
    expected.set((await makeHook(ctx.db(), first, { types: [type], maxRetries: 0 })).id, 1);
    expected.set((await makeHook(ctx.db(), first, { types: [type], maxRetries: 5, retryEnabled: false })).id, 1);
    const made = await trigger(ctx.db(), type, {});
    expect(made).toHaveLength(3);
    for (const { delivery_id, webhook_id } of made) {
      const row = await rowOf(ctx.db(), 'webhook_deliveries', delivery_id);
      expect(row['max_attempts']).toBe(expected.get(webhook_id));
    }
  });

  it('keeps numbers to the last digit', async () => {
    await makeHook(ctx.db(), first, { types: ['credit.consumed'] });
    const text = '{"big": 12345678901234567890.123456789, "price": 10.00}';
    const made = await asService(ctx.db(), (tx) =>
      one<{ delivery_id: string }>(tx, `SELECT * FROM trigger_webhook_event('credit.consumed', '${text}'::jsonb)`),
    );
    const stored = await asService(ctx.db(), (tx) =>
      one(tx, 'SELECT request_payload::text AS text FROM webhook_deliveries WHERE id = $1::uuid', [made.delivery_id]),
    );
    expect(stored).toEqual({ text });
  });

  it('passes over inactive webhooks, inactive subscriptions and disabled types', async () => {
    const type = 'subscription.cancelled';
    const live = await makeHook(ctx.db(), first, { types: [type] });
    const asleep = await makeHook(ctx.db(), first, { types: [type] });
    const muted = await makeHook(ctx.db(), first, { types: [type] });
    await service('UPDATE webhooks SET is_active = false WHERE id = $1::uuid', [asleep.id]);
    await service('UPDATE webhook_event_subscriptions SET is_active = false WHERE webhook_id = $1::uuid', [muted.id]);
    expect(ids(await trigger(ctx.db(), type, {}))).toEqual([live.id]);

    const enable = 'UPDATE webhook_events SET is_enabled = $2::boolean WHERE event_type = $1';
    await service(enable, [type, false]);
    const before = await asService(ctx.db(), deliveries);
    expect(await trigger(ctx.db(), type, {})).toEqual([]);
    expect(await asService(ctx.db(), deliveries)).toBe(before);
    await service(enable, [type, true]);
    expect(ids(await trigger(ctx.db(), type, {}))).toEqual([live.id]);
  });

  it('takes an event that nobody subscribes to', async () => {
    await service(
      "INSERT INTO webhook_events (event_type, category, description, payload_schema) VALUES ($1, 'own', '', '{}')",
      ['own.event'],
    );
    expect(await trigger(ctx.db(), 'own.event', {})).toEqual([]);
  });

  it('refuses an unknown event type with a hint', async () => {
    await expectHint(trigger(ctx.db(), 'no.such', {}));
    await expectHint(trigger(ctx.db(), 'no.such', {}, first));
  });

  it('takes payloads up to 256 KiB, measured in bytes', async () => {
    await makeHook(ctx.db(), second, { types: ['video.failed'] });
    // The body sent is compact: `{"k":"…"}` is 8 bytes around its text. PostgreSQL itself writes one space more.
    const sized = (bytes: number) => ({ k: 'x'.repeat(bytes - 8) });
    expect(await trigger(ctx.db(), 'video.failed', sized(LIMIT), second)).toHaveLength(1);
    await expectHint(trigger(ctx.db(), 'video.failed', sized(LIMIT + 1), second));
    await expectHint(trigger(ctx.db(), 'video.failed', { k: 'é'.repeat(LIMIT / 2) }, second));
  });

  it('is the service’s alone', async () => {
    await makeHook(ctx.db(), first);
    const before = await asService(ctx.db(), deliveries);
    const byUser = await sqlError(asUserId(ctx.db(), first, (tx) => rows(tx, TRIGGER)));
    const byAnon = await sqlError(asAnon(ctx.db(), (tx) => rows(tx, TRIGGER)));
    expect([byUser.code, byAnon.code]).toEqual([INSUFFICIENT_PRIVILEGE, INSUFFICIENT_PRIVILEGE]);
    expect(await asService(ctx.db(), deliveries)).toBe(before);
  });

  it('stands or falls with the transaction that it is called in', async () => {
    await makeHook(ctx.db(), first);
    const before = await asService(ctx.db(), deliveries);
    const undone = asService(ctx.db(), async (tx) => {
      expect(await rows(tx, TRIGGER)).not.toEqual([]);
      throw new Error('rolled back by the application');
    });
    await expect(undone).rejects.toThrow('rolled back by the application');
    expect(await asService(ctx.db(), deliveries)).toBe(before);
  });
});
