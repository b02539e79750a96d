import type { Database } from '../../../src/db/database.js';
import { addPeople, type People } from './people.js';
import { type Content, seedContent } from './seed-content.js';
import { type Deliveries, seedDeliveries } from './seed-deliveries.js';
import { seedEventTypes } from './seed-event-types.js';
import { seedWebhooks, type Webhooks } from './seed-webhooks.js';

export interface Seed {
  readonly people: People;
  readonly webhooks: Webhooks;
  readonly deliveries: Deliveries;
  readonly content: Content;
}

/** Fills a migrated database, opened as its owner, with what every page of the dashboard has something to show of. Takes about a second. */
export async function seed(db: Database, urlOf: (path: string) => string): Promise<Seed> {
  await seedEventTypes(db);
  const people = await addPeople(db);
  const webhooks = await seedWebhooks(db, people, urlOf);
  const deliveries = await seedDeliveries(db, webhooks);
  await db.query(REPLAYS, [webhooks.good, webhooks.failing]);
  const content = await seedContent(db, people, webhooks);
  return { people, webhooks, deliveries, content };
}

// $1 webhook whose replay is through, $2 webhook whose replay was cancelled.
const REPLAYS = `
  INSERT INTO hookline.replays (webhook_id, user_id, state, status_filter, since, until, rate_per_second, total, created, created_at, started_at, ended_at, cursor_at)
  SELECT w.id, w.user_id, r.state, r.filter, now() - interval '2 days', now() - interval '1 day', 10, r.total, r.created,
         now() - interval '5 hours', now() - interval '5 hours', now() - interval '4 hours', now() - interval '1 day'
  FROM (VALUES ($1::uuid, 'completed', 'all', 120, 120), ($2::uuid, 'cancelled', 'failed', 40, 17)) r (webhook_id, state, filter, total, created)
  JOIN webhooks w ON w.id = r.webhook_id`;
