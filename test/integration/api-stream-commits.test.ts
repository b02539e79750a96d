import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import type { Feed } from '../../src/live/feed.js';
import { type Look, look } from '../../src/live/store.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { createWebhook, trigger } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { deliveryIds, follow, olderTransactionsEnded, openFeed } from './live-helpers.js';

const TRIGGER = "SELECT delivery_id::text AS id FROM trigger_webhook_event('video.generated', '{}', $1::uuid)";

/** An event whose transaction stays open until `commit`. */
async function triggerAndHold(db: Database, userId: string): Promise<{ id: string; commit(): Promise<void> }> {
  let release: () => void = () => undefined;
  let triggered: (id: string) => void = () => undefined;
  const id = new Promise<string>((resolve) => {
    triggered = resolve;
  });
  const ended = db.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(TRIGGER, [userId]);
    triggered(rows[0]?.id ?? '');
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  });
  return {
    id: await id,
    commit() {
      release();
      return ended;
    },
  };
}

describe('live streams beside open transactions', () => {
  let database: TestDatabase;
  let userId: string;
  let feeds: Feed[] = [];
  const db = () => database.db;
  const feed = () => {
    const opened = openFeed(db());
    feeds.push(opened);
    return opened;
  };
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterEach(async () => {
    for (const opened of feeds) await opened.close();
    feeds = [];
  });
  afterAll(() => database.drop());
  const newUser = async () => {
    ({ userId } = await createWebhook(db(), 'http://127.0.0.1:9/never-called'));
  };

  it('tell what commits late when it commits, and hold back nothing for it', async () => {
    await newUser();
    await olderTransactionsEnded(db(), userId);
    const stream = await follow(feed(), userId);
    const held = await triggerAndHold(db(), userId);
    const quick = await trigger(db(), userId);
    expect(deliveryIds(await stream.waitForChanges(1))).toEqual(quick);
    const left = await stream.stop();
    await held.commit();
    const again = await follow(feed(), userId, { after: left });
    expect(deliveryIds(await again.waitForChanges(1))).toEqual([held.id]);
    expect(again.said).not.toContain('gap');
    await again.stop();
  });

  it('tell of a gap when a transaction ends that began before anybody watched', async () => {
    await newUser();
    const held = await triggerAndHold(db(), userId);
    const stream = await follow(feed(), userId);
    const other = await follow(feed(), userId);
    expect(stream.said).toEqual(['open']);
    await held.commit();
    for (const one of [stream, other]) {
      await waitUntil(() => one.said.includes('gap'), { message: () => `a gap; there is ${one.said.join()}` });
    }
    const ids = await trigger(db(), userId);
    expect(deliveryIds(await stream.waitForChanges(1))).toEqual(ids);
    for (const one of [stream, other]) await one.stop();
  });

  it.each(['REPEATABLE READ', 'SERIALIZABLE'])(
    'tell what a %s transaction triggers that began before anybody watched',
    async (level) => {
      await newUser();
      const { stream, made } = await db().transaction(async (tx) => {
        await tx.query(`SET TRANSACTION ISOLATION LEVEL ${level}`, []);
        await tx.query('SELECT FROM webhooks', []);
        const opened = await follow(feed(), userId);
        const { rows } = await tx.query<{ id: string }>(TRIGGER, [userId]);
        return { stream: opened, made: rows.map(({ id }) => id) };
      });
      expect(deliveryIds(await stream.waitForChanges(1))).toEqual(made);
      await stream.stop();
    },
  );

  it('give out positions one process after the other', async () => {
    await newUser();
    const stream = await follow(feed(), userId);
    const others = new Promise<Look[]>((resolve, reject) => {
      db()
        .transaction(async (tx) => {
          await tx.query('UPDATE hookline.stream_state SET last_position = last_position + 1', []);
          await tx.query(
            `INSERT INTO hookline.delivery_changes (position, kind, user_id, webhook_id, event_type, status, delivery)
             SELECT s.last_position, 'created', w.user_id, w.id, 'video.generated', 'pending', '{}' FROM hookline.stream_state s, webhooks w WHERE w.user_id = $1::uuid`,
            [userId],
          );
          await trigger(db(), userId);
          Promise.all([look(db(), 0), look(db(), 0)]).then(resolve, reject);
          const waiting = 'SELECT FROM pg_locks WHERE NOT granted';
          await waitUntil(async () => (await db().query(waiting, [])).rowCount >= 2, { message: 'both to wait' });
        })
        .catch(reject);
    });
    const [one, other] = await others;
    expect(one?.last).toBe(other?.last);
    expect((await stream.waitForChanges(2)).map(({ kind }) => kind)).toEqual(['created', 'created']);
    await stream.stop();
  });

  it('are told how far it goes while something commits before each look', async () => {
    await newUser();
    const stream = await follow(feed(), userId);
    let left = 20;
    const busy: Database = {
      ...db(),
      async atOnce(...statements) {
        if (left > 0) await trigger(db(), userId);
        left -= 1;
        return db().atOnce(...statements);
      },
    };
    await look(busy, 0);
    expect(left).toBeGreaterThan(0);
    await stream.stop();
  });

  it('lose nothing and tell nothing twice while many commit at once, three processes order, and streams break off', async () => {
    await newUser();
    await olderTransactionsEnded(db(), userId);
    const processes = [feed(), feed(), feed()];
    const steady = await follow(processes[0] as Feed, userId);
    let isOver = false;
    const writers = Array.from({ length: 6 }, async (_, writer) => {
      const ids: string[] = [];
      for (let n = 0; n < 25; n += 1) {
        await db().transaction(async (tx) => {
          const { rows } = await tx.query<{ id: string }>(TRIGGER, [userId]);
          ids.push(...rows.map(({ id }) => id));
          await sleep(((n * 7 + writer * 5) % 11) * 2);
        });
      }
      return ids;
    });
    const wanderer = (async () => {
      const seen: string[] = [];
      let after = steady.items[0]?.position;
      for (let round = 0; ; round += 1) {
        const last: boolean = isOver;
        const stream = await follow(processes[round % 3] as Feed, userId, { after });
        if (last) await stream.waitForChanges(150 - seen.length);
        else await sleep(30);
        after = await stream.stop();
        expect(stream.said).not.toContain('gap');
        seen.push(...deliveryIds(stream.changes));
        if (last) return seen;
      }
    })();
    const written = (await Promise.all(writers)).flat();
    isOver = true;
    const sorted = [...written].sort();
    expect(deliveryIds(await steady.waitForChanges(150)).sort()).toEqual(sorted);
    expect((await wanderer).sort()).toEqual(sorted);
    await steady.stop();
  });
});
