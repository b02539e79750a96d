import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceiverServer } from '../harness/receiver-server.js';
import { expectFlow } from './bystander.js';
import { failingAtFirst, Scene } from './scene.js';

const USERS = 8;

describe('workers killed with SIGKILL while they send', () => {
  let scene: Scene;
  let receiver: ReceiverServer;
  let users: string[];
  beforeEach(async () => {
    scene = await Scene.open();
    receiver = await scene.receiver(failingAtFirst(40));
    users = await scene.users(USERS, receiver.url);
  });
  afterEach(async () => {
    await scene.close();
  });

  it('lose no delivery when there is but one: after a restart every one ends', async () => {
    await scene.trigger(users, 60);
    for (let kill = 0; kill < 3; kill += 1) {
      const worker = await scene.startWorker();
      await receiver.waitFor(receiver.requests.length + 100, 40_000);
      await scene.kill(worker);
      expect(await scene.unended()).toBeGreaterThan(0);
    }
    await scene.startWorker();
    await scene.finish(60_000);
  }, 300_000);

  it('hold up nobody for longer than their leases when there are others, two at a time', async () => {
    const workers = await Promise.all([scene.startWorker(), scene.startWorker(), scene.startWorker()]);
    const bystander = await scene.bystander();
    for (let round = 0; round < 3; round += 1) {
      await scene.trigger(users, 60);
      await receiver.waitFor(receiver.requests.length + 150, 40_000);
      for (const victim of workers.splice(0, 1 + (round % 2))) {
        await scene.kill(victim);
        workers.push(await scene.startWorker());
      }
    }
    await scene.finish(60_000);
    // What a killed worker held is free 15 s after its last heartbeat, at the next heartbeat of another (5 s).
    expectFlow(bystander, { mostWithinMs: 5_000, allWithinMs: 30_000 });
  }, 300_000);
});
