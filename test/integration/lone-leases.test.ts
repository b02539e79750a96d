import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { claim } from '../../src/deliver/claim/claim.js';
import { giveBack } from '../../src/deliver/claim/give-back.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { prepare } from '../../src/deliver/prepare/prepare.js';
import { record } from '../../src/deliver/record/record.js';
import type { Claimed } from '../../src/deliver/stages.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { addBacklog, addWebhooks } from './backlogs.js';

const CAP = 16;

// PGlite has one connection: nothing there happens at the same time.
describe('what a lone worker leased beyond the caps', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(() => database.drop());
  afterEach(async () => {
    await database.db.query('TRUNCATE webhooks CASCADE');
    await database.db.query('DELETE FROM hookline.workers');
    await database.db.query('DELETE FROM hookline.leases');
  });

  async function signOn(): Promise<string> {
    const id = randomUUID();
    await database.db.query("INSERT INTO hookline.workers (id, name) VALUES ($1::uuid, 'test')", [id]);
    return id;
  }

  const claimAs = (worker: string, webhooks: readonly string[] = []): Promise<Claimed[]> =>
    claim(database.db, new DatabaseClock(), worker, {
      deliveries: 500,
      perWebhook: 64,
      bytes: 1e9,
      excluded: { webhooks, users: [] },
    });

  /** A worker that is alone and has leased 64 deliveries of a webhook, of which more wait. */
  async function ahead(): Promise<{ webhook: string; worker: string; claimed: Claimed[] }> {
    const { ids } = await addWebhooks(database.db, ['https://a.example/hook']);
    await addBacklog(database.db, ids, 200);
    const worker = await signOn();
    const claimed = await claimAs(worker);
    expect(claimed).toHaveLength(64);
    return { webhook: ids[0] ?? '', worker, claimed };
  }

  it('counts as soon as another comes', async () => {
    await ahead();
    expect(await claimAs(await signOn())).toEqual([]);
  });

  it('counts though somebody has the rows locked when the other comes, and after that', async () => {
    await ahead();
    const other = await signOn();
    const undo = new Error('rolled back on purpose');
    const locking = database.db.transaction(async (tx) => {
      await tx.query('SELECT FROM hookline.queue WHERE lease_id IS NOT NULL FOR UPDATE');
      expect(await claimAs(other)).toEqual([]);
      throw undo;
    });
    await expect(locking).rejects.toBe(undo);
    expect(await claimAs(other)).toEqual([]);
    const { rows } = await database.db.query(
      'SELECT FROM hookline.queue WHERE lease_id IS NOT NULL AND NOT is_counted',
    );
    expect(rows).toEqual([]);
  });

  it('counts for one claim while another is counting it', async () => {
    const { webhook, worker } = await ahead();
    const other = await signOn();
    const third = await signOn();
    // All of the first worker's claims leave the webhook out: it has enough of it, and does not wait for the others' claims of that user.
    const taken = await Promise.all([claimAs(worker, [webhook]), claimAs(other), claimAs(third)]);
    expect(taken.flat()).toEqual([]);
  });

  it('is forgotten once nothing is held under it, and not before', async () => {
    const { claimed } = await ahead();
    const outcome = { kind: 'responded', status: 200, headers: {}, body: '', timeMs: 1 } as const;
    const recordAll = (deliveries: readonly Claimed[]) =>
      record(
        database.db,
        deliveries.map((delivery) => ({ prepared: prepare(delivery, Date.now()), outcome })),
      );
    const forget = async () => {
      await database.db.query('SELECT hookline.forget_leases($1::uuid[])', [[claimed[0]?.leaseId ?? '']]);
      return (await database.db.query('SELECT FROM hookline.leases')).rowCount;
    };
    await recordAll(claimed.slice(1));
    expect(await forget()).toBe(1);
    await recordAll(claimed.slice(0, 1));
    expect(await forget()).toBe(0);
  });

  it('leaves room again as its results come in', async () => {
    const { claimed } = await ahead();
    const other = await signOn();
    expect(await claimAs(other)).toEqual([]);
    const outcome = { kind: 'responded', status: 200, headers: {}, body: '', timeMs: 1 } as const;
    await record(
      database.db,
      claimed.slice(0, 64 - CAP + 3).map((delivery) => ({ prepared: prepare(delivery, Date.now()), outcome })),
    );
    expect(await claimAs(other)).toHaveLength(3);
  });

  it('holds up its keys when the webhook asks for order meanwhile', async () => {
    const { webhook, worker, claimed } = await ahead();
    await database.db.query('UPDATE webhooks SET is_ordered = true WHERE id = $1::uuid', [webhook]);
    // The first in order is ready again, as after a retry's pause.
    await giveBack(database.db, claimed.toSorted((a, b) => a.position - b.position).slice(0, 1));
    expect(await claimAs(worker)).toEqual([]);
  });
});
