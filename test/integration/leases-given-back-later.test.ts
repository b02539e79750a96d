import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { claim } from '../../src/deliver/claim/claim.js';
import { giveBack } from '../../src/deliver/claim/give-back.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.js';
import { waitUntil } from '../harness/wait-until.js';
import { addBacklog, addWebhooks } from './backlogs.js';

let db: Database;
let cut: Database;
let proxy: TcpProxy;
let drop: () => Promise<void>;
beforeAll(async () => {
  const fresh = await newPostgresDatabase();
  drop = fresh.drop;
  db = openPostgres({ connectionString: fresh.url, poolSize: 2 });
  proxy = await startTcpProxy(fresh.url);
  cut = openPostgres({ connectionString: proxy.through(fresh.url), poolSize: 2 });
});
afterAll(async () => {
  await Promise.all([cut.close(), db.close()]);
  await proxy.close();
  await drop();
});

it('leases that could not be given back, the database being away, are given back when it is there again', async () => {
  const { ids } = await addWebhooks(db, ['https://a.example/hook']);
  await addBacklog(db, ids, 5);
  const bounds = { deliveries: 10, perWebhook: 10, bytes: 1e9, excluded: { webhooks: [], users: [] } };
  const claimed = await claim(cut, new DatabaseClock(), randomUUID(), bounds);
  expect(claimed).toHaveLength(5);
  await proxy.refuse();
  await expect(giveBack(cut, claimed)).rejects.toThrow();
  const held = 'SELECT FROM hookline.queue WHERE lease_id IS NOT NULL';
  expect((await db.query(held)).rowCount).toBe(5);
  await proxy.pass();
  // Long before the leases end.
  await waitUntil(async () => (await db.query(held)).rowCount === 0, { message: 'leases given back' });
});
