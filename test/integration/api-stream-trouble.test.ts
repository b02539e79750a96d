import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database, Statement } from '../../src/db/database.js';
import type { LiveItem, Whose } from '../../src/live/change.js';
import type { Feed } from '../../src/live/feed.js';
import { forget } from '../../src/live/store.js';
import { createUser, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { createWebhook, trigger } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { deliveryIds, follow, olderTransactionsEnded, openFeed } from './live-helpers.js';

const URL = 'http://127.0.0.1:9/never-called';
/** Parts of the feed's statements that tell them apart. */
const LOOK = 'removed_position::float8 AS removed';
const WATCH = 'INSERT INTO hookline.stream_watchers';
const FORGET = 'DELETE FROM hookline.delivery_changes';

describe('the feed of live streams, when something goes wrong', () => {
  let database: TestDatabase;
  const feeds: Feed[] = [];
  const db = () => database.db;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const opened of feeds.splice(0)) await opened.close();
  });
  afterAll(() => database.drop());
  const feed = (changes: Partial<Database> = {}) => {
    const opened = openFeed({ ...db(), ...changes });
    feeds.push(opened);
    return opened;
  };
  /** Has `then` done after each run of a statement that is told by its text. */
  const doing = (part: string, then: () => Promise<void>): Pick<Database, 'atOnce'> => ({
    async atOnce<Row>(...statements: readonly Statement[]) {
      const results = await db().atOnce<Row>(...statements);
      if (statements.some(([text]) => text.includes(part))) await then();
      return results;
    },
  });
  const makeOld = () =>
    db().query("UPDATE hookline.delivery_changes SET changed_at = now() - interval '61 minutes'", []);
  const left = async () => (await db().query('SELECT FROM hookline.delivery_changes', [])).rowCount;

  it('listens later where it could not listen at first, and stops when it is closed', async () => {
    const [stop, refuse] = [vi.fn(async () => undefined), vi.fn(() => Promise.reject(new Error('not now')))];
    const listen = vi.fn<Database['listen']>(async () => stop).mockImplementationOnce(refuse);
    const opened = feed({ listen });
    await follow(opened, await createUser(db()));
    await waitUntil(() => refuse.mock.calls.length === 1, { message: 'the first try' });
    await follow(opened, await createUser(db()));
    await waitUntil(() => listen.mock.calls.length === 2, { message: 'another try' });
    await follow(opened, await createUser(db()));
    expect(listen).toHaveBeenCalledTimes(2);
    expect(stop).not.toHaveBeenCalled();
    await opened.close();
    expect(stop).toHaveBeenCalledOnce();
    const signal = AbortSignal.abort();
    await expect(opened.follow({ as: 'service', userId: null }, { signal })).rejects.toMatchObject({
      code: 'shutting_down',
    });
  });

  it('looks for a stream that opened while it was removing what is old', async () => {
    // The first removal is due at once.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    let goOn = (): void => undefined;
    const isLetOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let removals = 0;
    const removing = doing(FORGET, async () => {
      removals += 1;
      await isLetOn;
    });
    // NOTIFY would wake it anyway.
    const opened = feed({ ...removing, listen: async () => async () => undefined });
    opened.start();
    await waitUntil(() => removals === 1, { message: 'it to remove' });
    const { userId } = await createWebhook(db(), URL);
    const stream = await follow(opened, userId);
    goOn();
    const ids = await trigger(db(), userId);
    expect(deliveryIds(await stream.waitForChanges(1))).toEqual(ids);
    await stream.stop();
  });

  it('removes also without streams what an earlier process left, however much', async () => {
    const { userId, id } = await createWebhook(db(), URL);
    await db().query(
      `INSERT INTO hookline.delivery_changes (kind, user_id, webhook_id, event_type, status, delivery)
       SELECT 'created', $1::uuid, $2::uuid, 'video.generated', 'pending', '{}' FROM generate_series(1, 5001)`,
      [userId, id],
    );
    await makeOld();
    vi.spyOn(Math, 'random').mockReturnValue(0);
    feed().start();
    await waitUntil(async () => (await left()) === 0, { message: 'nothing to be left' });
  });

  it('goes on when a look fails, and when a page cannot be read', async () => {
    const { userId } = await createWebhook(db(), URL);
    let failures = 0;
    const failOnce = async (times: number) => {
      if (failures >= times) return;
      failures += 1;
      throw new Error('connection lost');
    };
    let mayLook = true;
    const stream = await follow(
      feed({
        ...doing(LOOK, async () => (mayLook ? undefined : failOnce(1))),
        transaction: async (fn) => {
          await failOnce(2);
          return db().transaction(fn);
        },
      }),
      userId,
    );
    mayLook = false;
    await waitUntil(() => failures === 1, { message: 'a look to fail' });
    const ids = await trigger(db(), userId);
    expect(deliveryIds(await stream.waitForChanges(1))).toEqual(ids);
    expect(failures).toBe(2);
    await stream.stop();
  });

  it('opens a stream after one that could not be opened', async () => {
    const { userId } = await createWebhook(db(), URL);
    // For all, not once: the feed keeps its streams watched by the same statement, which may come first.
    let fails = true;
    const opened = feed(
      doing(WATCH, async () => {
        if (fails) throw new Error('connection lost');
      }),
    );
    const whose: Whose = { as: 'user', userId };
    const ending = new AbortController();
    await expect(opened.follow(whose, { signal: ending.signal })).rejects.toThrow('connection lost');
    fails = false;
    await (await follow(opened, userId)).stop();
    ending.abort();
  });

  it('counts no stream that had ended before it began, and bounds none of the service', async () => {
    const userId = await createUser(db());
    const opened = feed();
    const ended = AbortSignal.abort();
    for (let n = 0; n < 100; n += 1) await opened.follow({ as: 'user', userId }, { signal: ended });
    await (await follow(opened, userId)).stop();
    const ending = new AbortController();
    for (let n = 0; n < 101; n += 1) await opened.follow({ as: 'service', userId }, { signal: ending.signal });
    ending.abort();
  });

  it('goes on after the last id also in a process that has looked at what came since', async () => {
    const [one, other] = [await createWebhook(db(), URL), await createWebhook(db(), URL)];
    const opened = feed();
    const stream = await follow(opened, one.userId);
    await trigger(db(), one.userId);
    await stream.waitForChanges(1);
    const at = await stream.stop();
    const keeping = await follow(opened, other.userId);
    const missed = await trigger(db(), one.userId);
    await trigger(db(), other.userId);
    await keeping.waitForChanges(1);
    const again = await follow(opened, one.userId, { after: at });
    expect(deliveryIds(await again.waitForChanges(1))).toEqual(missed);
    for (const each of [again, keeping]) await each.stop();
  });

  it('tells a reader of a gap who is so slow that changes are removed meanwhile, once', async () => {
    const { userId } = await createWebhook(db(), URL);
    await olderTransactionsEnded(db(), userId);
    const opened = feed();
    const ending = new AbortController();
    const slow = await opened.follow({ as: 'user', userId }, { signal: ending.signal });
    const next = async (): Promise<LiveItem | undefined> => (await slow.next()).value ?? undefined;
    expect(await next()).toMatchObject({ what: 'open' });
    const quick = await follow(opened, userId);
    await trigger(db(), userId);
    await quick.waitForChanges(1);
    await makeOld();
    await forget(db());
    const ids = await trigger(db(), userId);
    await quick.waitForChanges(2);
    const last = quick.changes.at(-1)?.position;
    expect(await next()).toEqual({ what: 'gap', position: last });
    const later = await trigger(db(), userId);
    const told = await next();
    expect(told?.what === 'changes' && deliveryIds(told.changes)).toEqual(later);
    expect(deliveryIds(quick.changes)).toEqual(expect.arrayContaining(ids));
    ending.abort();
    await quick.stop();
  });
});
