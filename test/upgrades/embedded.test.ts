import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { migrate } from '../../src/db/migrate.js';
import { checkInvariants } from '../chaos/invariants.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { startTestWorker } from '../harness/delivering.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { addTheRest, makeTenants, trigger } from './fill.js';
import { keep } from './kept.js';
import { installRelease } from './old-release.js';
import { RELEASES } from './releases.js';

// One process has the embedded database to itself: no worker of before runs beside its migration.
describe('the embedded database of the first release', () => {
  let opened: TestDatabase;
  let receiver: ReceiverServer;
  beforeEach(async () => {
    opened = await openTestDatabase('pglite', { migrated: false });
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await receiver.close();
    await opened.drop();
  });

  it('keeps its data when it is migrated, and what waited is delivered', { timeout: 120_000 }, async () => {
    const { db } = opened;
    const release = await installRelease(RELEASES[0]?.name ?? '', inject('runFolder'));
    await migrate(db, { folder: release.migrations });
    const tenants = await makeTenants(db, receiver.url);
    await addTheRest(db, tenants);
    const triggered = await trigger(db, tenants.steady, 6);
    const before = await keep(db);
    await migrate(db);
    expect(await keep(db)).toMatchObject(before);
    const worker = await startTestWorker(db);
    // And that of the stored AI webhook.
    await receiver.waitFor(triggered.length + 1, 30_000);
    const isRecorded = async () =>
      (await db.query("SELECT id FROM webhook_deliveries WHERE status IN ('pending', 'retrying')")).rows.length === 0;
    await waitUntil(isRecorded, { message: 'all results to be recorded', timeoutMs: 30_000 });
    await worker.stop(5_000);
    await checkInvariants(db, { triggered, requests: receiver.requests });
  });
});
