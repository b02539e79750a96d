import { afterEach, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import type { Feed } from '../../src/live/feed.js';
import { forget } from '../../src/live/store.js';
import { createUser, describeOnEachDatabase } from '../harness/databases.js';
import { createWebhook, trigger } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { deliveryIds, follow, olderTransactionsEnded, openFeed, setStatus } from './live-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';

describeOnEachDatabase('the feed of live streams', (ctx) => {
  const feeds: Feed[] = [];
  const feed = (options = {}) => {
    const opened = openFeed(ctx.db(), options);
    feeds.push(opened);
    return opened;
  };
  afterEach(async () => {
    for (const opened of feeds.splice(0)) await opened.close();
  });
  const count = async (table: string): Promise<unknown> =>
    (await ctx.db().query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`, [])).rows[0]?.n;
  const forgetMarks = () => ctx.db().query('DELETE FROM hookline.stream_watchers', []);

  it('tells each change once, in order, with the delivery as it was then', async () => {
    const { id, userId } = await createWebhook(ctx.db(), URL);
    await olderTransactionsEnded(ctx.db(), userId);
    const stream = await follow(feed(), userId);
    const [delivery = ''] = await trigger(ctx.db(), userId);
    for (const status of ['retrying', 'retrying', 'failed', 'retrying', 'success']) {
      await setStatus(ctx.db(), delivery, status);
    }
    const changes = await stream.waitForChanges(6);
    expect(stream.said).toEqual(['open', 'created', 'retrying', 'attempted', 'failed', 'retrying', 'succeeded']);
    expect(new Set(deliveryIds(changes))).toEqual(new Set([delivery]));
    expect(changes.map(({ status }) => status)).toEqual([
      'pending',
      'retrying',
      'retrying',
      'failed',
      'retrying',
      'success',
    ]);
    const last = JSON.parse(changes.at(-1)?.body ?? '');
    expect(last).toMatchObject({ kind: 'succeeded', delivery: { id: delivery, webhook_id: id, attempt_number: 5 } });
    expect(last.changed_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(last.delivery).not.toHaveProperty('request_payload');
    const positions = changes.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    await stream.stop();
  });

  it('writes nothing down while nobody watches, nor what is of others', async () => {
    await forgetMarks();
    const before = await count('hookline.delivery_changes');
    const [watched, other] = [await createWebhook(ctx.db(), URL), await createWebhook(ctx.db(), URL)];
    await trigger(ctx.db(), watched.userId);
    expect(await count('hookline.delivery_changes')).toBe(before);
    const stream = await follow(feed(), watched.userId);
    await trigger(ctx.db(), other.userId);
    const mine = await trigger(ctx.db(), watched.userId);
    expect(deliveryIds(await stream.waitForChanges(1))).toEqual(mine);
    expect(await count('hookline.delivery_changes')).toBe(Number(before) + 1);
    await stream.stop();
  });

  it('goes on after the last id: nothing is lost, and nothing comes twice', async () => {
    const { userId } = await createWebhook(ctx.db(), URL);
    await olderTransactionsEnded(ctx.db(), userId);
    const stream = await follow(feed(), userId);
    const before = await trigger(ctx.db(), userId);
    await stream.waitForChanges(1);
    const left = await stream.stop();
    const meanwhile = [...(await trigger(ctx.db(), userId)), ...(await trigger(ctx.db(), userId))];
    // Another process.
    const again = await follow(feed(), userId, { after: left });
    const after = await trigger(ctx.db(), userId);
    expect(deliveryIds(await again.waitForChanges(3))).toEqual([...meanwhile, ...after]);
    expect(deliveryIds(again.changes)).not.toContain(before[0]);
    expect(again.said).not.toContain('gap');
    await again.stop();
  });

  it('tells of a gap what it cannot tell: what was removed, what was not written down, what never was', async () => {
    const { userId } = await createWebhook(ctx.db(), URL);
    await olderTransactionsEnded(ctx.db(), userId);
    const first = await follow(feed(), userId);
    await trigger(ctx.db(), userId);
    await first.waitForChanges(1);
    const left = await first.stop();
    await trigger(ctx.db(), userId);
    await ctx.db().query("UPDATE hookline.delivery_changes SET changed_at = now() - interval '61 minutes'", []);
    await forget(ctx.db());
    expect(await count('hookline.delivery_changes')).toBe(0);
    const removed = await follow(feed(), userId, { after: left });
    expect(removed.said).toEqual(['gap', 'open']);
    const later = await removed.stop();

    await ctx.db().query("UPDATE hookline.stream_watchers SET until = now() - interval '1 second'", []);
    const other = await createWebhook(ctx.db(), URL);
    const moving = await follow(feed(), other.userId);
    await trigger(ctx.db(), other.userId);
    await moving.waitForChanges(1);
    await moving.stop();
    await olderTransactionsEnded(ctx.db(), userId);
    const unwatched = await follow(feed(), userId, { after: later });
    expect(unwatched.said).toEqual(['gap', 'open']);
    await unwatched.stop();
    const never = await follow(feed(), userId, { after: 1e12 });
    expect(never.said).toEqual(['gap', 'open']);
    await never.stop();
  });

  it('shows users theirs, and the service everything or one user’s', async () => {
    const [one, other] = [await createWebhook(ctx.db(), URL), await createWebhook(ctx.db(), URL)];
    const shared = feed();
    const streams = {
      one: await follow(shared, one.userId),
      nobody: await follow(shared, await createUser(ctx.db())),
      all: await follow(shared, { as: 'service', userId: null }),
      named: await follow(shared, { as: 'service', userId: other.userId }),
    };
    const [ofOne] = await trigger(ctx.db(), one.userId);
    const [ofOther] = await trigger(ctx.db(), other.userId);
    expect(deliveryIds(await streams.all.waitForChanges(2))).toEqual([ofOne, ofOther]);
    expect(deliveryIds(await streams.one.waitForChanges(1))).toEqual([ofOne]);
    expect(deliveryIds(await streams.named.waitForChanges(1))).toEqual([ofOther]);
    await waitUntil(async () => streams.nobody.items.length > 0, { message: 'nobody' });
    expect(streams.nobody.changes).toEqual([]);
    for (const stream of Object.values(streams)) await stream.stop();
  });

  it('filters by webhook, event type and status', async () => {
    const { userId, id } = await createWebhook(ctx.db(), URL);
    const other = await createWebhook(ctx.db(), URL, {}, userId);
    const shared = feed();
    const ofHook = await follow(shared, userId, { filter: { webhookId: id.toUpperCase(), status: 'pending' } });
    const ofType = await follow(shared, userId, { filter: { eventType: 'video.failed' } });
    const all = await follow(shared, userId);
    await trigger(ctx.db(), userId);
    const changes = await all.waitForChanges(2);
    for (const delivery of deliveryIds(changes)) await setStatus(ctx.db(), delivery, 'success');
    await all.waitForChanges(4);
    expect((await ofHook.waitForChanges(1)).map(({ webhookId }) => webhookId)).toEqual([id]);
    expect(changes.map(({ webhookId }) => webhookId)).toContain(other.id);
    expect(ofType.changes).toEqual([]);
    for (const stream of [ofHook, ofType, all]) await stream.stop();
  });

  it('finds by polling what a lost NOTIFY would have told', async () => {
    const db = ctx.db();
    const deaf = { ...db, listen: () => Promise.resolve(async () => undefined) };
    const { userId } = await createWebhook(db, URL);
    const stream = await follow(feed({ db: deaf }), userId);
    const ids = await trigger(db, userId);
    expect(deliveryIds(await stream.waitForChanges(1))).toEqual(ids);
    await stream.stop();
  });

  it('yields idle when nothing happens to this user, whatever happens to others', async () => {
    const [quiet, busy] = [await createWebhook(ctx.db(), URL), await createWebhook(ctx.db(), URL)];
    const shared = feed({ idleMs: 200 });
    await olderTransactionsEnded(ctx.db(), quiet.userId);
    const stream = await follow(shared, quiet.userId);
    // To open a stream may take as long as somebody else's transaction, a second at most: idle is counted from here on.
    const other = await follow(shared, busy.userId);
    const before = stream.items.length;
    const idle = () => stream.items.slice(before).filter(({ what }) => what === 'idle');
    // What is quiet goes along, so that it can go on from there for an hour.
    const hasGoneAlong = () => (idle().at(-1)?.position ?? 0) > (stream.items[0]?.position ?? 0);
    await waitUntil(
      async () => {
        await trigger(ctx.db(), busy.userId);
        return idle().length >= 3 && hasGoneAlong();
      },
      { message: () => `three times idle, and further; there is ${JSON.stringify(stream.items)}` },
    );
    expect(new Set(stream.said)).toEqual(new Set(['open', 'idle']));
    for (const one of [stream, other]) await one.stop();
  });

  it('takes the changes of a deleted webhook along, and refuses a user’s 101st stream', async () => {
    const { userId, id } = await createWebhook(ctx.db(), URL);
    const shared = feed();
    const stream = await follow(shared, userId);
    await trigger(ctx.db(), userId);
    await stream.waitForChanges(1);
    await asService(ctx.db(), (tx) => tx.query('DELETE FROM webhooks WHERE id = $1::uuid', [id]));
    expect(await count(`hookline.delivery_changes WHERE webhook_id = '${id}'`)).toBe(0);
    const endings: AbortController[] = [];
    const more = () => {
      const ending = new AbortController();
      endings.push(ending);
      return shared.follow({ as: 'user', userId }, { signal: ending.signal });
    };
    for (let n = 0; n < 99; n += 1) await more();
    await expect(more()).rejects.toMatchObject({ code: 'too_many_streams' });
    for (const ending of endings) ending.abort();
    await stream.stop();
    await (await follow(shared, userId)).stop();
  });
});
