import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { type HooklineProcess, startHooklineProcess } from '../harness/hookline-process.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { createReplay, made, putMany, watch, watchUntil } from '../integration/replay-helpers.js';

const ORIGINALS = 1_500;
const KILLS = 3;
/** In a second: it goes on while this process may stand still, and is not to be completed before the last kill. */
const RATE = 150;

describe('workers killed with SIGKILL in the middle of a bulk replay', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let db: Database;
  let receiver: ReceiverServer;
  const workers: HooklineProcess[] = [];
  beforeAll(async () => {
    database = await newPostgresDatabase();
    db = openPostgres({ connectionString: database.url });
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    await receiver.close();
    await db.close();
    await database.drop();
  });

  function startWorker(): HooklineProcess {
    const worker = startHooklineProcess(['worker'], {
      DATABASE_URL: database.url,
      HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
    });
    workers.push(worker);
    return worker;
  }

  it('leave it to the others and to those who come: each original is replayed once, in order, and arrives', async () => {
    const webhook = await createWebhook(db, receiver.url);
    await putMany(db, webhook, 'failed', ORIGINALS);
    const [id, total] = await createReplay(db, webhook, { rate: RATE });
    expect(total).toBe(ORIGINALS);

    const running = [startWorker(), startWorker()];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = await watch(db, webhook, id);
      const further = (before?.created ?? 0) + 100;
      expect(await watchUntil(db, webhook, id, ({ created }) => created >= further)).toMatchObject({
        state: 'running',
      });
      // At the last kill there is nobody left to go on.
      for (const worker of running.splice(0, kill === KILLS - 1 ? 2 : 1))
        expect(await worker.end('SIGKILL')).toBe('SIGKILL');
      running.push(startWorker());
    }
    await waitUntil(async () => (await watch(db, webhook, id))?.state === 'completed', {
      message: 'the replay to be completed',
      timeoutMs: 60_000,
      intervalMs: 200,
    });

    const rows = await made(db, id);
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: ORIGINALS }, (_, index) => index + 1));
    expect(new Set(rows.map(({ replay_of: original }) => original)).size).toBe(ORIGINALS);
    await waitUntil(async () => (await made(db, id)).every(({ status }) => status === 'success'), {
      message: 'all replays to be delivered',
      timeoutMs: 60_000,
      intervalMs: 500,
    });
    const arrived = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
    expect(arrived).toEqual(new Set(rows.map(({ replay_of: original }) => original)));
  }, 180_000);
});
