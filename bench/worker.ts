import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import type { Database } from '../src/db/database.js';
import { asService, asUser } from '../src/db/roles.js';
import { startWorker } from '../src/deliver/worker.js';
import { createGuardedAgent } from '../src/egress/guarded-agent.js';
import { payload } from './payload.js';

/** Registers one webhook a URL, each of a user of its own, subscribed to video.generated. */
export async function registerWebhooks(db: Database, urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    const { rows } = await db.query<{ id: string }>('INSERT INTO auth.users DEFAULT VALUES RETURNING id', []);
    const claims = { sub: rows[0]?.id ?? '', role: 'authenticated' as const };
    await asUser(db, claims, (tx) =>
      tx.query("SELECT create_webhook('bench', $1, p_event_types := ARRAY['video.generated'])", [url]),
    );
  }
}

/**
 * One worker process on PostgreSQL: `deliveries` wait, then it is started, and the clock stops when all are recorded, with response, counters
 * and roll-up. Gives deliveries per second.
 */
export async function worker(db: Database, urls: readonly string[], deliveries: number): Promise<number> {
  const texts = Array.from({ length: Math.ceil(deliveries / urls.length) }, (_, n) => JSON.stringify(payload(n)));
  await asService(db, (tx) =>
    tx.query("SELECT count(*) FROM unnest($1::text[]) p, trigger_webhook_event('video.generated', p::jsonb)", [texts]),
  );
  await db.query('ANALYZE hookline.queue, webhook_deliveries, webhooks', []);
  const dispatcher = createGuardedAgent({ allowNetworks: ['127.0.0.0/8'] });
  const began = performance.now();
  const running = await startWorker({ db, log: pino({ level: 'silent' }), dispatcher });
  while (await unfinished(db)) await sleep(20);
  const perSecond = (texts.length * urls.length) / ((performance.now() - began) / 1000);
  await running.stop(5_000);
  await dispatcher.close();
  const { rows } = await db.query<{ bad: number }>(
    "SELECT count(*)::int AS bad FROM webhook_deliveries WHERE status <> 'success'",
    [],
  );
  if (rows[0]?.bad !== 0) throw new Error(`${rows[0]?.bad} deliveries did not succeed`);
  return perSecond;
}

async function unfinished(db: Database): Promise<boolean> {
  const { rows } = await db.query<{ left: boolean }>('SELECT EXISTS (SELECT FROM hookline.queue) AS left', []);
  return rows[0]?.left === true;
}
