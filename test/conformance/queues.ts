import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { DatabaseClock } from '../../src/deliver/database-clock.js';
import { BullmqQueue } from '../../src/deliver/queue/bullmq/bullmq.js';
import { PostgresQueue } from '../../src/deliver/queue/postgres.js';
import type { DeliveryQueue } from '../../src/deliver/queue/queue.js';
import { silent } from '../harness/delivering.js';

export interface TestQueue extends DeliveryQueue {
  readonly workerId: string;
}

type Make = (db: Database, workerId: string) => DeliveryQueue;

/** Every kind of queue, as a worker would have it. */
export const QUEUES: Readonly<Record<string, Make>> = {
  postgres: (db, workerId) => new PostgresQueue(db, new DatabaseClock(), workerId),
  bullmq: (db, workerId) =>
    new BullmqQueue({ db, clock: new DatabaseClock(), log: silent, workerId, redisUrl: inject('redisUrl') }),
};

/** Signs workers on, each with a started queue. */
export async function startQueues(make: Make, db: Database, count: number): Promise<TestQueue[]> {
  const queues: TestQueue[] = [];
  for (let n = 0; n < count; n += 1) {
    const workerId = randomUUID();
    await db.query("INSERT INTO hookline.workers (id, name, is_idle) VALUES ($1::uuid, 'test', true)", [workerId]);
    const queue = make(db, workerId);
    await queue.start();
    queues.push(Object.assign(queue, { workerId }));
  }
  return queues;
}
