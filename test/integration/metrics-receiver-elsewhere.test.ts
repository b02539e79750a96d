import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/db/pg.js';
import { openReceiverStore, type ReceiverStore } from '../../src/receive/receiver-store.js';
import { unfinishedOf } from '../../src/receive/unfinished.js';
import { newPostgresDatabase, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { silent } from '../harness/delivering.js';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { startTestGateway } from '../harness/planetscale-gateway.js';

interface OtherStore {
  readonly url: string;
  /** SQL for a time so many seconds from now. */
  readonly at: (seconds: number) => string;
  run(sql: string): Promise<unknown>;
  drop(): Promise<void>;
}

const inMysql = (seconds: number) => `UTC_TIMESTAMP(3) + INTERVAL ${seconds} SECOND`;
const STORES: Readonly<Record<string, () => Promise<OtherStore>>> = {
  async 'a MySQL database'() {
    const { url, pool, drop } = await newMariadbDatabase();
    return { url, at: inMysql, run: (sql) => pool.query(sql), drop };
  },
  async 'a PlanetScale database'() {
    const gateway = await startTestGateway({ migrated: true });
    const { url, database } = gateway;
    return { url, at: inMysql, run: (sql) => database.pool.query(sql), drop: () => gateway.close() };
  },
  async 'another PostgreSQL database'() {
    const { url, drop } = await newPostgresDatabase();
    const db = openPostgres({ connectionString: url });
    return {
      url,
      at: (seconds) => `now() + interval '${seconds} seconds'`,
      run: (sql) => db.query(sql, []),
      drop: () => db.close().then(drop),
    };
  },
};

describe.each(Object.keys(STORES))('what is unfinished of AI webhooks in %s', (kind) => {
  let own: TestDatabase;
  let other: OtherStore;
  let receiver: ReceiverStore;
  beforeAll(async () => {
    own = await openTestDatabase('postgres');
    other = await (STORES[kind] as () => Promise<OtherStore>)();
    receiver = openReceiverStore(own.db, silent, { receiverUrl: other.url, planetscale: undefined });
  });
  afterAll(async () => {
    await receiver.close();
    await other.drop();
    await own.drop();
  });

  it('is told: how many, and for how long the oldest has been due', async () => {
    const unfinished = unfinishedOf(own.db, receiver.elsewhere);
    const nothing = { pending: 0, overdueSeconds: 0 };
    expect(await unfinished()).toEqual({ callback: nothing, event: nothing });
    const { at, run } = other;
    await run(
      `INSERT INTO ai_content (title, callback_state, callback_next_at, event_state, event_next_at) VALUES
         ('a', 'pending', ${at(-600)}, 'done', NULL), ('b', 'pending', ${at(60)}, 'pending', ${at(60)}), ('c', 'done', ${at(-9_000)}, NULL, NULL)`,
    );
    const { callback, event } = await unfinished();
    expect(callback.pending).toBe(2);
    expect(callback.overdueSeconds).toBeGreaterThanOrEqual(600);
    expect(callback.overdueSeconds).toBeLessThan(900);
    expect(event).toEqual({ pending: 1, overdueSeconds: 0 });
  });
});
