import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceiverServer } from '../harness/receiver-server.js';
import { type RedisServer, startRedis, withRedis } from '../harness/services/redis.js';
import { expectFlow } from './bystander.js';
import { Scene } from './scene.js';

const GOES_ON_WITHIN_MS = 20_000;

describe.each([
  ['that keeps nothing on disk', {}, 20_000],
  ['that keeps its data', { appendonly: 'yes', appendfsync: 'always' }, 8_000],
])('Redis %s, lost while workers send and the application triggers', (_, settings, awayMs) => {
  let redis: RedisServer;
  let scene: Scene;
  let receiver: ReceiverServer;
  beforeAll(async () => {
    redis = await startRedis({ settings });
    scene = await Scene.open();
    receiver = await scene.receiver((_request, index) => ({ delayMs: 30, status: index % 25 === 0 ? 500 : 200 }));
  });
  afterAll(async () => {
    await scene.close();
    await redis.remove();
  });

  const start = () => scene.startWorker({ env: { REDIS_URL: redis.address } });

  /** Lets hundreds of calls pass, so that chunks, calls and results are under way at the moment that comes. */
  async function underLoad(users: readonly string[]): Promise<void> {
    await scene.trigger(users, 8);
    await receiver.waitFor(receiver.requests.length + 100, GOES_ON_WITHIN_MS);
  }

  it('loses nothing, and deliveries go on', async () => {
    const users = await scene.users(30, receiver.url);
    const [first, , third] = await Promise.all([start(), start(), start()]);
    const bystander = await scene.bystander(150);
    await underLoad(users);
    await withRedis(redis.address, (client) => client.flushall());
    await underLoad(users);
    await redis.stop('SIGKILL');
    await underLoad(users);
    await redis.start();
    if (first !== undefined) await scene.kill(first);
    await underLoad(users);
    await redis.stop('SIGTERM');
    const goneAt = performance.now();
    const fourth = await start();
    await underLoad(users);
    if (third !== undefined) await scene.kill(third);
    await underLoad(users);
    await sleep(Math.max(0, awayMs - (performance.now() - goneAt)));
    await redis.start();
    await fourth.waitForOutput('redis.back');
    expect(fourth.output().match(/redis\.away/g)).toHaveLength(1);
    await underLoad(users);
    await withRedis(redis.address, (client) => client.flushall());
    await scene.finish(60_000);
    // A killed worker's deliveries come 15 s after its last heartbeat, found by a heartbeat 5 s later at most.
    expectFlow(bystander, { mostWithinMs: 5_000, allWithinMs: 30_000 });
  }, 240_000);
});
