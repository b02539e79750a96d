import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceiverServer } from '../harness/receiver-server.js';
import { type RestartablePostgres, startRestartablePostgres } from '../harness/services/restartable-postgres.js';
import { waitUntil } from '../harness/wait-until.js';
import { expectFlow } from './bystander.js';
import { failingAtFirst, Scene } from './scene.js';

/** From the moment that PostgreSQL answers again. */
const FLOWS_AGAIN_WITHIN_MS = 14_000;
const AWAY_MS = 1_500;

describe('PostgreSQL taken away while workers send and the application triggers', () => {
  let server: RestartablePostgres;
  let scene: Scene;
  let receiver: ReceiverServer;
  beforeAll(async () => {
    server = await startRestartablePostgres();
    scene = await Scene.open(server.address);
    receiver = await scene.receiver(failingAtFirst(40));
  });
  afterAll(async () => {
    await scene.close();
    await server.remove();
  });

  /** Lets hundreds of calls pass, so that claims, calls and results are under way at the moment that comes. */
  async function underLoad(users: readonly string[]): Promise<void> {
    await scene.trigger(users, 60);
    await receiver.waitFor(receiver.requests.length + 150, FLOWS_AGAIN_WITHIN_MS);
  }

  /** Any session that is busy, or else any that a worker has. */
  async function someSession(): Promise<number> {
    const { rows } = await scene.db.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'hookline%' AND pid <> pg_backend_pid()
       ORDER BY state = 'idle', random() LIMIT 1`,
    );
    return rows[0]?.pid ?? 0;
  }

  /** Until then it knows the session, and then no session of before. */
  async function hasRecovered(pid: number): Promise<boolean> {
    const found = scene.db.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid]);
    return found.then(
      ({ rowCount }) => rowCount === 0,
      () => false,
    );
  }

  it('loses nothing, and delivers again soon after it is back', async () => {
    const users = await scene.users(8, receiver.url);
    await Promise.all([scene.startWorker(), scene.startWorker()]);
    const bystander = await scene.bystander(100);
    for (const how of ['immediate', 'fast', 'immediate'] as const) {
      await underLoad(users);
      await server.stop(how);
      await sleep(AWAY_MS);
      await server.start();
    }
    for (let crash = 0; crash < 2; crash += 1) {
      await underLoad(users);
      const pid = await someSession();
      expect(pid).toBeGreaterThan(0);
      server.crash(pid);
      // PostgreSQL refuses everyone while it recovers; the application tries again, as it has to.
      await waitUntil(() => hasRecovered(pid), { message: 'PostgreSQL to recover', timeoutMs: 30_000 });
    }
    await underLoad(users);
    await scene.finish(60_000);
    // What was claimed unheard is free again after 15 s at the latest; as a dead worker's it would be after 20.
    expectFlow(bystander, { mostWithinMs: 5_000, allWithinMs: 19_500 });
  }, 180_000);
});
