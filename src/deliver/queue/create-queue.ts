import type { Logger } from 'pino';
import type { Database } from '../../db/database.js';
import type { WebhookSecrets } from '../claim/secrets.js';
import type { DatabaseClock } from '../database-clock.js';
import { PostgresQueue } from './postgres.js';
import type { DeliveryQueue } from './queue.js';

export interface QueueOptions {
  readonly db: Database;
  readonly clock: DatabaseClock;
  readonly log: Logger;
  readonly workerId: string;
  /** None: PostgreSQL alone. */
  readonly redisUrl: string | undefined;
  readonly secrets: WebhookSecrets;
}

/** Makes the queue that a worker takes its deliveries from; it is not started. */
export async function createQueue({ redisUrl, ...options }: QueueOptions): Promise<DeliveryQueue> {
  const { db, clock, workerId, secrets } = options;
  if (redisUrl === undefined) return new PostgresQueue(db, clock, workerId, secrets);
  // Loaded where it is used: BullMQ takes 0.2 s of a processor to load.
  const { BullmqQueue } = await import('./bullmq/bullmq.js');
  return new BullmqQueue({ ...options, redisUrl });
}
