import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Queryable } from '../../src/db/database.js';
import type { HooklineProcess } from '../harness/hookline-process.js';
import type { ReceiverServer } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';
import { failingAtFirst, Scene } from './scene.js';

const FOR_MS = 12_000;
const OTHERS = 4;

describe('others that lock webhooks and deliveries in the wrong order', () => {
  let scene: Scene;
  let receiver: ReceiverServer;
  let workers: HooklineProcess[];
  beforeEach(async () => {
    scene = await Scene.open();
    const { rows } = await scene.db.query<{ name: string }>('SELECT current_database() AS name');
    await scene.db.query(`ALTER DATABASE ${rows[0]?.name} SET deadlock_timeout = '20ms'`);
    receiver = await scene.receiver(failingAtFirst(0));
    workers = await Promise.all([scene.startWorker(), scene.startWorker()]);
  });
  afterEach(async () => {
    await scene.close();
  });

  it("cost some of the workers' transactions, and no result", async () => {
    const users = await scene.users(6, receiver.url);
    const began = performance.now();
    // On a machine so busy that no worker has been a victim yet, for longer.
    const goesOn = () => {
      const forMs = performance.now() - began;
      return forMs < FOR_MS || (forMs < 3 * FOR_MS && !workers.some((worker) => worker.output().includes('40P01')));
    };
    const errors = new Map<string, number>();

    async function repeat(action: (tx: Queryable, ids: string[]) => Promise<unknown>): Promise<void> {
      while (goesOn()) {
        await scene.db
          .transaction(async (tx) => {
            const { rows } = await tx.query<{ id: string }>('SELECT id FROM webhooks ORDER BY random() LIMIT 2');
            await action(
              tx,
              rows.map(({ id }) => id),
            );
          })
          .catch((error: { code?: string }) => {
            const code = error.code ?? String(error);
            errors.set(code, (errors.get(code) ?? 0) + 1);
          });
        await sleep(5);
      }
    }
    const touchWebhook = (tx: Queryable, id: string | undefined) =>
      tx.query("UPDATE webhooks SET description = 'touched' WHERE id = $1::uuid", [id ?? null]);
    const touchDeliveries = (tx: Queryable, id: string | undefined) =>
      tx.query(
        `UPDATE webhook_deliveries SET metadata = '{"touched": true}' WHERE id IN (
           SELECT d.id FROM webhook_deliveries d WHERE d.webhook_id = $1::uuid AND d.status IN ('pending', 'retrying')
           ORDER BY random() LIMIT 20)`,
        [id ?? null],
      );

    await Promise.all([
      (async () => {
        while (goesOn()) {
          if ((await scene.unended()) < 300) await scene.trigger(users, 20);
          await sleep(20);
        }
      })(),
      ...Array.from({ length: OTHERS }, () =>
        repeat(async (tx, [one, other]) => {
          await touchWebhook(tx, one);
          await sleep(10);
          await touchWebhook(tx, other);
        }),
      ),
      ...Array.from({ length: OTHERS }, () =>
        repeat(async (tx, [one]) => {
          await touchDeliveries(tx, one);
          await sleep(10);
          await touchWebhook(tx, one);
        }),
      ),
    ]);
    // Counted, and told with the heartbeat.
    const rollbacks = () => scene.db.query<{ n: number }>('SELECT sum(rollbacks)::int AS n FROM hookline.workers');
    await waitUntil(async () => ((await rollbacks()).rows[0]?.n ?? 0) > 0, {
      message: 'rollbacks to be counted',
      timeoutMs: 30_000,
    });
    await scene.finish(60_000);

    expect([...errors.keys()]).toEqual(['40P01']);
    const logs = workers.map((worker) => worker.output()).join('\n');
    expect(logs, 'a deadlock in a worker').toContain('40P01');
  }, 150_000);
});
