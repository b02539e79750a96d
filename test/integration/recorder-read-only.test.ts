import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claim } from '../../src/deliver/claim/claim.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { prepare } from '../../src/deliver/prepare/prepare.js';
import { Recorder } from '../../src/deliver/record/recorder.js';
import { RollbackCounter } from '../../src/observe/rollbacks.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { silent } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { addBacklog, addWebhooks, statusesOf } from './backlogs.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase('pglite');
});
afterAll(() => database.drop());

it('results are kept while the server is read-only, as one that was taken over from is, and written whole afterwards', async () => {
  const { db } = database;
  const { ids } = await addWebhooks(db, ['https://a.example/hook']);
  await addBacklog(db, ids, 3);
  const claimed = await claim(db, new DatabaseClock(), randomUUID(), {
    deliveries: 3,
    perWebhook: 3,
    bytes: 1e9,
    excluded: { webhooks: [], users: [] },
  });
  let done = 0;
  const recorder = new Recorder({
    db,
    log: silent,
    rollbacks: new RollbackCounter(),
    mayGather: () => false,
    onDone: () => {
      done += 1;
    },
  });
  await db.query('SET default_transaction_read_only = on');
  for (const delivery of claimed) {
    const outcome = { kind: 'responded', status: 200, headers: {}, body: 'kept', timeMs: 1 } as const;
    recorder.add({ prepared: prepare(delivery, Date.now()), outcome });
  }
  await sleep(200);
  expect(done).toBe(0);
  await db.query('SET default_transaction_read_only = off');
  await waitUntil(() => done === 3, { message: () => `${done} of 3 results written` });
  expect(await statusesOf(db, ids)).toEqual({ success: 3 });
  const { rows } = await db.query('SELECT DISTINCT response_body FROM webhook_deliveries');
  expect(rows).toEqual([{ response_body: 'kept' }]);
});
