import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { expectHint } from '../conformance/spec-helpers.js';
import { describeOnEachDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import {
  countReplay,
  createReplay,
  made,
  putDeliveries,
  replay,
  runToEnd,
  type Status,
  type Wanted,
} from './replay-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';
const STATUSES: readonly Status[] = ['failed', 'success', 'failed', 'pending', 'failed', 'retrying'];

describeOnEachDatabase('what a bulk replay takes', (ctx) => {
  afterEach(async () => {
    await ctx.db().query('DELETE FROM webhooks');
  });

  it.each<[string, Wanted, number[]]>([
    ['the failed ones', {}, [1, 3, 5]],
    ['all that ended', { status: 'all' }, [1, 2, 3, 5]],
    ['since a time', { since: "now() - interval '4.5 minutes'" }, [3, 5]],
    ['until a time', { until: "now() - interval '3.5 minutes'", status: 'all' }, [1, 2, 3]],
    ['between two times', { since: "now() - interval '5.5 minutes'", until: "now() - interval '3.5 minutes'" }, [3]],
    ['until a time that is still to come, which is now', { until: "'infinity'" }, [1, 3, 5]],
    ['nothing', { since: 'now()' }, []],
  ])('is %s; the count says so first', async (_, wanted, expected) => {
    const webhook = await createWebhook(ctx.db(), URL);
    await putDeliveries(ctx.db(), webhook, STATUSES);
    const other = await createWebhook(ctx.db(), URL, {}, webhook.userId);
    await putDeliveries(ctx.db(), other, STATUSES);

    expect(await countReplay(ctx.db(), webhook, wanted)).toBe(expected.length);
    const { rows } = await ctx.db().query('SELECT FROM hookline.replays');
    expect(rows).toEqual([]);

    const done = await replay(ctx.db(), webhook, wanted);
    const total = expected.length;
    expect(done).toMatchObject({
      state: 'completed',
      total,
      created: total,
      waiting_for: null,
      started: true,
      ended: true,
    });
    expect((await made(ctx.db(), done.id)).map(({ n }) => n)).toEqual(expected);
  });

  it('is sent as deliveries of their own, to the URL and with the attempts that the webhook has now', async () => {
    const webhook = await createWebhook(ctx.db(), URL, { max_retries: 2 });
    const [first, second] = await putDeliveries(ctx.db(), webhook, ['failed', 'failed']);
    await ctx.db().query('UPDATE webhooks SET url = $1, max_retries = 7', [`${URL}/changed`]);
    const { id } = await replay(ctx.db(), webhook);

    const { rows: originals } = await ctx
      .db()
      .query('SELECT * FROM webhook_deliveries WHERE replay_of IS NULL ORDER BY created_at');
    const rows = await made(ctx.db(), id);
    expect(rows.map(({ replay_of: of }) => of)).toEqual([first, second]);
    for (const [index, row] of rows.entries()) {
      const { event_id, event_type, request_payload, user_id } = originals[index] as Record<string, unknown>;
      expect(row).toMatchObject({
        event_id,
        event_type,
        request_payload,
        user_id,
        webhook_id: webhook.id,
        metadata: { replay_id: id },
      });
      expect(row).toMatchObject({
        status: 'pending',
        attempt_number: 0,
        max_attempts: 8,
        request_url: `${URL}/changed`,
      });
    }
    // The originals stay as they are.
    expect(originals).toMatchObject([{ status: 'failed', max_attempts: 4 }, { status: 'failed' }]);
    const { rows: queued } = await ctx.db().query('SELECT delivery_id AS id FROM hookline.queue');
    expect(queued.map(({ id: queuedId }) => queuedId).sort()).toEqual(rows.map((row) => row.id).sort());
  });

  it('is a message once, under the id of its first delivery: by the latest replay where there is one', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const [original, healed] = await putDeliveries(ctx.db(), webhook, ['failed', 'failed', 'success']);
    const first = await replay(ctx.db(), webhook);
    expect(first.total).toBe(2);
    // While the replays are under way there is nothing more to replay, and nothing where they succeeded.
    expect(await countReplay(ctx.db(), webhook)).toBe(0);
    await ctx
      .db()
      .query("UPDATE webhook_deliveries SET status = 'success' WHERE replay_of = $1::uuid", [String(healed)]);
    await ctx
      .db()
      .query("UPDATE webhook_deliveries SET status = 'failed' WHERE replay_of = $1::uuid", [String(original)]);

    expect(await countReplay(ctx.db(), webhook)).toBe(1);
    const second = await replay(ctx.db(), webhook);
    expect(await made(ctx.db(), second.id)).toMatchObject([{ replay_of: original, n: 1 }]);
    // All means each of the three messages, also where the time excludes its replays.
    expect(await countReplay(ctx.db(), webhook, { status: 'all' })).toBe(2);
    await ctx.db().query("UPDATE webhook_deliveries SET status = 'failed' WHERE status = 'pending'");
    expect(await countReplay(ctx.db(), webhook, { status: 'all' })).toBe(3);
    expect(await countReplay(ctx.db(), webhook, { status: 'all', until: "now() - interval '30 seconds'" })).toBe(3);
    expect(await countReplay(ctx.db(), webhook, { until: "now() - interval '30 seconds'" })).toBe(1);
    const third = await replay(ctx.db(), webhook, { status: 'all' });
    expect((await made(ctx.db(), third.id)).map(({ n }) => n).sort()).toEqual([1, 2, 3]);
    const { rows } = await ctx
      .db()
      .query('SELECT DISTINCT replay_of FROM webhook_deliveries WHERE replay_of IS NOT NULL');
    expect(rows).toHaveLength(3);
  });

  it('may be fewer than were counted: those that retention removed meanwhile are passed over', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const ids = await putDeliveries(ctx.db(), webhook, ['failed', 'failed', 'failed']);
    const [id, total] = await createReplay(ctx.db(), webhook);
    expect(total).toBe(3);
    await ctx.db().query('DELETE FROM webhook_deliveries WHERE id = $1::uuid', [String(ids[1])]);
    expect(await runToEnd(ctx.db(), webhook, id)).toMatchObject({ state: 'completed', total: 3, created: 2 });
    expect((await made(ctx.db(), id)).map(({ n }) => n)).toEqual([1, 3]);
  });

  it('refuses what is out of range, with a hint', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    for (const wanted of [
      { since: 'NULL' },
      { since: "now() + interval '1 s'" },
      { since: 'now()', until: "now() - interval '1 s'" },
      { status: 'success' },
    ]) {
      expect(await expectHint(countReplay(ctx.db(), webhook, wanted))).toMatchObject({ code: 'HK008' });
      expect(await expectHint(createReplay(ctx.db(), webhook, wanted))).toMatchObject({ code: 'HK008' });
    }
    for (const rate of [0, -1, 1_001, null]) {
      expect(await expectHint(createReplay(ctx.db(), webhook, { rate }))).toMatchObject({ code: 'HK008' });
    }
    const unknown = { id: randomUUID(), userId: webhook.userId };
    for (const call of [countReplay, createReplay]) {
      expect(await expectHint(call(ctx.db(), unknown, {}))).toMatchObject({ code: 'HK002' });
    }
  });

  it('runs once at a time for a webhook', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    const [id] = await createReplay(ctx.db(), webhook);
    expect(await expectHint(createReplay(ctx.db(), webhook, { status: 'all' }))).toMatchObject({ code: 'HK014' });
    const other = await createWebhook(ctx.db(), URL, {}, webhook.userId);
    await createReplay(ctx.db(), other);
    await runToEnd(ctx.db(), webhook, id);
    await createReplay(ctx.db(), webhook);
  });

  it('keeps the latest hundred of a webhook, and its running one', async () => {
    const webhook = await createWebhook(ctx.db(), URL);
    await ctx.db().query(
      `INSERT INTO hookline.replays (webhook_id, user_id, state, status_filter, since, until, rate_per_second, cursor_at, created_at)
       SELECT id, user_id, 'completed', 'all', now(), now(), n, now(), now() - n * interval '1 s' FROM webhooks, generate_series(1, 150) n`,
    );
    await createReplay(ctx.db(), webhook);
    const { rows } = await ctx
      .db()
      .query(
        "SELECT count(*)::int AS n, max(rate_per_second) FILTER (WHERE state <> 'running') AS oldest FROM hookline.replays",
      );
    expect(rows).toEqual([{ n: 100, oldest: 99 }]);
  });
});
