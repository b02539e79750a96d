import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { createHookline } from '../../src/in-process/index.js';
import { startReplayLoop } from '../../src/maintain/replay/replay.js';
import type { NewEvent } from '../../src/trigger/event.js';
import { gatheredTrigger } from '../../src/trigger/gather.js';
import { makeHook, one, putDelivery, rows, sqlError } from '../conformance/spec-helpers.js';
import { asUserId, describeOnPostgres } from '../harness/databases.js';
import { createWebhook, silent, trigger } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';

const FULL = 'HK041';
const LIMIT = 5;

describeOnPostgres('the limit of a backlog', (ctx) => {
  let full: string;
  let other: string;
  beforeEach(async () => {
    await ctx.db().query('TRUNCATE webhooks CASCADE');
    await ctx.db().query('UPDATE hookline.settings SET max_pending_per_user = $1::int', [LIMIT]);
    ({ userId: full } = await createWebhook(ctx.db(), 'https://example.com/full'));
    ({ userId: other } = await createWebhook(ctx.db(), 'https://example.com/other'));
    for (let n = 0; n < LIMIT; n += 1) await trigger(ctx.db(), full);
  });
  afterEach(() => ctx.db().query('DELETE FROM hookline.user_limits; DELETE FROM hookline.events'));

  const count = async (sql: string) => (await one<{ n: number }>(ctx.db(), `SELECT count(*)::int AS n FROM ${sql}`)).n;
  const unfinished = (user: string) => count(`hookline.queue WHERE user_id = '${user}'`);
  /** One of the user's deliveries comes to its end. */
  const finish = (user: string) =>
    ctx.db().query(
      `UPDATE webhook_deliveries SET status = 'success', response_status = 200 WHERE id =
         (SELECT delivery_id FROM hookline.queue WHERE user_id = $1::uuid LIMIT 1)`,
      [user],
    );
  const event = (userId: string | null, more: Partial<NewEvent> = {}): NewEvent => ({
    ...{ type: 'video.generated', json: '{"n":1}', payload: {}, userId, externalUserId: null, idempotencyKey: null },
    ...more,
  });
  const codesOf = async (events: readonly NewEvent[]) =>
    (await gatheredTrigger(ctx.db())(events)).map((one) => (one.status === 'fulfilled' ? 'made' : one.reason.code));

  it('refuses an event of a full user by either function, and writes nothing; another user goes on', async () => {
    const before = await count('hookline.events');
    const refused = await sqlError(trigger(ctx.db(), full));
    expect(refused).toMatchObject({
      code: FULL,
      message: expect.stringContaining('5'),
      hint: expect.stringContaining('get_webhook_queue'),
    });
    const byKey = asService(ctx.db(), (tx) =>
      tx.query("SELECT FROM hookline.trigger_event('video.generated', '{}', $1::uuid, 'k')", [full]),
    );
    expect((await sqlError(byKey)).code).toBe(FULL);
    expect([await count('hookline.events'), await unfinished(full)]).toEqual([before, LIMIT]);
    expect(await trigger(ctx.db(), other)).toHaveLength(1);
  });

  it('takes events again once deliveries have ended', async () => {
    await finish(full);
    expect(await trigger(ctx.db(), full)).toHaveLength(1);
    expect((await sqlError(trigger(ctx.db(), full))).code).toBe(FULL);
    // Retries that wait for their time are unfinished, too.
    await ctx
      .db()
      .query(
        `UPDATE webhook_deliveries SET status = 'retrying', attempt_number = 1, next_retry_at = now() + interval '1 hour' WHERE user_id = $1::uuid AND status = 'pending'`,
        [full],
      );
    expect((await sqlError(trigger(ctx.db(), full))).code).toBe(FULL);
  });

  it("is the user's own where they have one, and none where it is NULL", async () => {
    await ctx.db().query('INSERT INTO hookline.user_limits VALUES ($1::uuid, $2::int)', [full, LIMIT + 1]);
    expect(await trigger(ctx.db(), full)).toHaveLength(1);
    expect((await sqlError(trigger(ctx.db(), full))).message).toContain('6');
    await ctx.db().query('UPDATE hookline.user_limits SET max_pending = NULL');
    for (let n = 0; n < 3; n += 1) expect(await trigger(ctx.db(), full)).toHaveLength(1);
    await ctx.db().query('DELETE FROM hookline.user_limits');
    expect((await sqlError(trigger(ctx.db(), full))).code).toBe(FULL);
    await ctx.db().query('UPDATE hookline.settings SET max_pending_per_user = NULL');
    expect(await trigger(ctx.db(), full)).toHaveLength(1);
    expect(await codesOf([event(full), event(null)])).toEqual(['made', 'made']);
  });

  it('touches no neighbour in a batch, of which no more is taken than there is room for', async () => {
    await finish(full);
    await finish(full);
    const key = randomUUID();
    const [kept] = await gatheredTrigger(ctx.db())([event(full, { idempotencyKey: key })]);
    expect(kept?.status).toBe('fulfilled');
    const codes = await codesOf([
      ...[event(other), event(full), event(full), event(full), event(other)],
      // What came before under its key gets the answer of then.
      event(full, { idempotencyKey: key, json: '{"n":1}' }),
    ]);
    expect(codes).toEqual(['made', 'made', 'backlog_full', 'backlog_full', 'made', 'made']);
    expect([await unfinished(full), await unfinished(other)]).toEqual([LIMIT, 2]);
    expect(await count('hookline.events WHERE matched = 0')).toBe(0);
  });

  it('takes no more of one statement than there is room for, though its user has many webhooks', async () => {
    const { userId: many } = await createWebhook(ctx.db(), 'https://example.com/1');
    for (let n = 2; n <= 3; n += 1) await createWebhook(ctx.db(), `https://example.com/${n}`, {}, many);
    // 3, 6: the event that reaches the limit is made as a whole, and the next one not.
    expect(await codesOf(Array.from({ length: 9 }, () => event(many)))).toEqual([
      'made',
      'made',
      ...Array(7).fill('backlog_full'),
    ]);
    expect(await unfinished(many)).toBe(6);
  });

  it('passes over full users in an event for everyone, and tells how many', async () => {
    await makeHook(ctx.db(), full, { types: ['video.generated', 'credit.added'] });
    const [outcome] = await gatheredTrigger(ctx.db())([event(null)]);
    if (outcome?.status !== 'fulfilled') throw outcome?.reason;
    expect(outcome.value).toMatchObject({ matched: 1, skipped: 1 });
    expect([await unfinished(full), await unfinished(other)]).toEqual([LIMIT, 1]);
    const bySql = await asService(ctx.db(), (tx) =>
      rows<{ webhook_id: string }>(tx, "SELECT * FROM trigger_webhook_event('video.generated', '{}')"),
    );
    expect(bySql).toHaveLength(1);
    const keyed = await asService(ctx.db(), (tx) =>
      one(tx, "SELECT * FROM hookline.trigger_event('video.generated', '{}', NULL, 'everyone')"),
    );
    expect(keyed).toMatchObject({ matched: 1 });
    expect(await rows(ctx.db(), 'SELECT matched, skipped FROM hookline.events WHERE user_id IS NULL')).toEqual(
      Array(3).fill({ matched: 1, skipped: 1 }),
    );
    // Whom it would not have reached is not skipped.
    const [elsewhere] = await gatheredTrigger(ctx.db())([event(null, { type: 'video.failed' })]);
    expect(elsewhere).toMatchObject({ value: { matched: 0, skipped: 0 } });
    // Nobody is full.
    await ctx.db().query('UPDATE hookline.settings SET max_pending_per_user = 1000');
    const [all] = await gatheredTrigger(ctx.db())([event(null)]);
    expect(all).toMatchObject({ value: { matched: 3, skipped: 0 } });
    // One with a small limit of their own, whatever that of the others is.
    await ctx.db().query('INSERT INTO hookline.user_limits VALUES ($1::uuid, 1)', [other]);
    for (const limit of ['1000', '100000', 'NULL']) {
      await ctx.db().query(`UPDATE hookline.settings SET max_pending_per_user = ${limit}`);
      const [others] = await gatheredTrigger(ctx.db())([event(null)]);
      expect([limit, others]).toMatchObject([limit, { value: { matched: 2, skipped: 1 } }]);
    }
  });

  it('is told by the library in process, whose transaction goes on', async () => {
    const hookline = createHookline({ pool: ctx.db() });
    await expect(
      hookline.trigger(undefined, { type: 'video.generated', payload: {}, userId: full }),
    ).rejects.toMatchObject({
      code: 'backlog_full',
      status: 429,
    });
    const made = await ctx.db().transaction(async (tx) => {
      await hookline.trigger(tx, { type: 'video.generated', payload: {}, userId: full }).catch(() => undefined);
      return hookline.trigger(tx, { type: 'video.generated', payload: {}, userId: other });
    });
    expect(made.deliveries).toHaveLength(1);
    expect(await unfinished(other)).toBe(1);
  });

  it('refuses a test event, and lets the system tell of a webhook that it gave up', async () => {
    const { id } = await makeHook(ctx.db(), full, { types: ['webhook.disabled'] });
    const test = () =>
      asUserId(ctx.db(), full, (tx) => tx.query('SELECT FROM send_test_webhook_event($1::uuid)', [id]));
    expect((await sqlError(test())).code).toBe(FULL);
    // Full also without the delivery that ends.
    await ctx.db().query('INSERT INTO hookline.user_limits VALUES ($1::uuid, $2::int)', [full, LIMIT - 1]);
    const { delivery_id: gone } = await one<{ delivery_id: string }>(
      ctx.db(),
      `UPDATE hookline.queue SET lease_id = gen_random_uuid() WHERE delivery_id =
         (SELECT delivery_id FROM hookline.queue WHERE user_id = $1::uuid LIMIT 1) RETURNING delivery_id`,
      [full],
    );
    await asService(ctx.db(), (tx) => tx.query('SELECT FROM complete_webhook_delivery($1::uuid, 410)', [gone]));
    expect(await count(`webhook_deliveries WHERE event_type = 'webhook.disabled' AND user_id = '${full}'`)).toBe(1);
    await finish(full);
    expect((await sqlError(test())).code).toBe(FULL);
    await finish(full);
    await test();
  });

  it('lets a replay wait, and go on when there is room', async () => {
    const hook = await makeHook(ctx.db(), full);
    for (let n = 0; n < 2; n += 1)
      await putDelivery(ctx.db(), hook, { status: 'failed', endedAt: "now() - interval '1 hour'" });
    const { replay_id: id } = await asService(ctx.db(), (tx) =>
      one<{ replay_id: string }>(
        tx,
        "SELECT * FROM create_webhook_replay($1::uuid, '-infinity', p_rate_per_second := 1000)",
        [hook.id],
      ),
    );
    const loop = startReplayLoop({ db: ctx.db(), log: silent });
    const becomes = (wanted: object) =>
      waitUntil(
        async () => {
          const [now] = await rows(
            ctx.db(),
            `SELECT state, created, waiting_for FROM hookline.replays WHERE id = '${id}'`,
          );
          return JSON.stringify(now) === JSON.stringify(wanted) ? now : undefined;
        },
        { message: () => `the replay to be ${JSON.stringify(wanted)}`, timeoutMs: 15_000 },
      );
    try {
      await becomes({ state: 'running', created: 0, waiting_for: 'backlog' });
      await finish(full);
      await becomes({ state: 'running', created: 1, waiting_for: 'backlog' });
      expect(await unfinished(full)).toBe(LIMIT);
      await finish(full);
      await becomes({ state: 'completed', created: 2, waiting_for: null });
    } finally {
      await loop.stop();
    }
  });
});
