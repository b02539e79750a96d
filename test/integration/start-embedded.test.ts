import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { claim } from '../../src/deliver/claim/claim.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { prepareDatabase } from '../../src/start/prepare-database.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { createWebhook, deliveryWith, silent, startTestWorker, trigger } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';

describe('the embedded database after its process was killed', () => {
  let opened: TestDatabase;
  let receiver: ReceiverServer;
  beforeAll(async () => {
    opened = await openTestDatabase('pglite');
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await opened.drop();
  });

  it('sends at once what the killed worker held', async () => {
    const { db } = opened;
    const webhook = await createWebhook(db, receiver.url);
    const [id = ''] = await trigger(db, webhook.userId);
    const killed = randomUUID();
    await db.query("INSERT INTO hookline.workers (id, name) VALUES ($1::uuid, 'killed')", [killed]);
    const bounds = { deliveries: 10, perWebhook: 10, bytes: 1e6, excluded: { webhooks: [], users: [] } };
    expect(await claim(db, new DatabaseClock(), killed, bounds)).toHaveLength(1);

    await prepareDatabase(db, loadConfig({}), silent);
    const worker = await startTestWorker(db);
    await deliveryWith(db, id, 'success');
    await worker.stop(1_000);
  });
});
