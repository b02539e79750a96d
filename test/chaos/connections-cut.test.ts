import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { HooklineProcess } from '../harness/hookline-process.js';
import type { ReceiverServer } from '../harness/receiver-server.js';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.js';
import { waitUntil } from '../harness/wait-until.js';
import { expectFlow } from './bystander.js';
import { failingAtFirst, Scene } from './scene.js';

/** A worker whose connections died in silence notices within this time. */
const NOTICED_WITHIN_MS = 30_000;
/** What it held when its connection broke is free to others: 15 s after its last heartbeat, at another's next one (5 s). */
const FREED_WITHIN_MS = 30_000;

describe('connections cut between a worker and PostgreSQL', () => {
  let scene: Scene;
  let receiver: ReceiverServer;
  let proxy: TcpProxy;
  let users: string[];
  beforeEach(async () => {
    scene = await Scene.open();
    receiver = await scene.receiver(failingAtFirst(30));
    proxy = await startTcpProxy(scene.databaseUrl);
    users = await scene.users(8, receiver.url);
  });
  afterEach(async () => {
    await scene.close();
    await proxy.close();
  });

  /** Lets calls pass, so that claims, calls and results are under way at the moment that comes. */
  async function underLoad(): Promise<void> {
    await scene.trigger(users, 40);
    await receiver.waitFor(receiver.requests.length + 100, NOTICED_WITHIN_MS);
  }

  it('reset, refused or slow: nothing is lost, nobody waits', async () => {
    await Promise.all([scene.startWorker(), scene.startWorker({ databaseUrl: proxy.through(scene.databaseUrl) })]);
    const bystander = await scene.bystander();
    for (let cut = 0; cut < 8; cut += 1) {
      await underLoad();
      // At any moment of a claim or a record.
      await sleep(Math.random() * 100);
      proxy.cut();
    }
    await underLoad();
    await proxy.refuse();
    await sleep(3_000);
    await proxy.pass(100);
    await underLoad();
    await sleep(2_000);
    await proxy.pass();
    await scene.finish(60_000);
    expectFlow(bystander, { mostWithinMs: 5_000, allWithinMs: FREED_WITHIN_MS });
  }, 240_000);

  it('reset before an answer has come: what was claimed or recorded unheard is not lost, and is not recorded twice', async () => {
    await scene.startWorker({ databaseUrl: proxy.through(scene.databaseUrl) });
    const bystander = await scene.bystander();
    for (let cut = 0; cut < 10; cut += 1) {
      await scene.trigger(users, 20);
      await receiver.waitFor(receiver.requests.length + 20, FREED_WITHIN_MS);
      // At any moment, or exactly where a transaction ends.
      await sleep(Math.random() * 100);
      proxy.deafen(cut % 2 === 0 ? 'COMMIT' : '');
      await sleep(200);
      proxy.cut();
    }
    await scene.finish(60_000);
    expectFlow(bystander, { mostWithinMs: 5_000, allWithinMs: FREED_WITHIN_MS });
  }, 240_000);

  it('in silence: others take over, hold no lock against each other, and the worker comes back', async () => {
    const databaseUrl = proxy.through(scene.databaseUrl);
    const [, ...cutOff] = await Promise.all([
      scene.startWorker(),
      scene.startWorker({ databaseUrl }),
      scene.startWorker({ databaseUrl }),
    ]);
    const bystander = await scene.bystander();
    await underLoad();
    proxy.swallow();
    // While the dead connections still look alive, everything else goes on.
    await scene.trigger(users, 40);
    await sleep(5_000);
    await proxy.pass();
    await Promise.all(cutOff.map(untilItBeats));
    await scene.finish(60_000);
    expectFlow(bystander, { mostWithinMs: FREED_WITHIN_MS, allWithinMs: FREED_WITHIN_MS });
  }, 240_000);

  /** Waits until the database knows the worker to be alive now. */
  async function untilItBeats(worker: HooklineProcess): Promise<void> {
    const { rows } = await scene.db.query<{ now: Date }>('SELECT now() AS now');
    await waitUntil(
      async () => {
        const beats = await scene.db.query('SELECT FROM hookline.workers WHERE name LIKE $1 AND heartbeat_at > $2', [
          `%:${worker.pid}`,
          String(rows[0]?.now.toISOString()),
        ]);
        return beats.rowCount > 0;
      },
      {
        message: () => `a heartbeat of the worker\n${worker.output().slice(-2_000)}`,
        timeoutMs: NOTICED_WITHIN_MS,
        intervalMs: 100,
      },
    );
  }
});

describe('connections cut between a worker and a receiver', () => {
  let scene: Scene;
  let receiver: ReceiverServer;
  let proxy: TcpProxy;
  beforeEach(async () => {
    scene = await Scene.open();
    receiver = await scene.receiver([{ delayMs: 30 }]);
    proxy = await startTcpProxy(receiver.url);
  });
  afterEach(async () => {
    await scene.close();
    await proxy.close();
  });

  it('reset, refused, slow or silent: each call is recorded as it ended, and the deliveries get there in the end', async () => {
    const users = await scene.users(8, proxy.through(receiver.url), { timeout_seconds: 1 });
    await Promise.all([scene.startWorker(), scene.startWorker()]);
    const bystander = await scene.bystander();
    const underLoad = async () => {
      await scene.trigger(users, 10);
      await receiver.waitFor(receiver.requests.length + 40, 30_000);
    };
    for (let cut = 0; cut < 4; cut += 1) {
      await underLoad();
      proxy.cut();
    }
    await underLoad();
    await proxy.refuse();
    await sleep(2_000);
    await proxy.pass();
    await underLoad();
    proxy.swallow();
    await sleep(3_000);
    await proxy.pass(200);
    await underLoad();
    await proxy.pass();
    await scene.finish(90_000);
    expectFlow(bystander, { mostWithinMs: 5_000, allWithinMs: 10_000 });
  }, 240_000);
});
