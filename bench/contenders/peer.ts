import type { Database } from '../../src/db/database.js';
import { startChild } from '../stand/child.js';
import { createMigrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { timed } from '../stand/timed.js';
import { EVENT_TYPE, payloads, registerWebhooks } from '../stand/work.js';
import { type Contender, ENDPOINTS, IN_FLIGHT } from './contender.js';
import type { Caller, PeerSettings } from './usual-delivery.js';

interface Peer {
  readonly name: string;
  /** The library, and the script that runs it. */
  readonly library: 'bullmq' | 'pg-boss' | 'graphile-worker';
  readonly caller: Caller;
}

/** The columns and the indexes of the specification; none of our triggers, counters, roll-ups or other indexes. */
const TABLE = `CREATE TABLE usual_deliveries (LIKE webhook_deliveries INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (id));
CREATE INDEX ON usual_deliveries (webhook_id);
CREATE INDEX ON usual_deliveries (event_type);
CREATE INDEX ON usual_deliveries (status);
CREATE INDEX ON usual_deliveries (created_at);
CREATE INDEX ON usual_deliveries (next_retry_at) WHERE status = 'retrying'`;

// $1 text[] payloads, each for every webhook
const ADD = `INSERT INTO usual_deliveries (webhook_id, user_id, event_type, request_url, request_payload)
SELECT w.id, w.user_id, '${EVENT_TYPE}', w.url, p::jsonb FROM unnest($1::text[]) p, webhooks w RETURNING id`;

/** A job queue that does a delivery the usual way. */
export async function peer(stand: Stand, { name, library, caller }: Peer): Promise<Contender> {
  const { built, postgres, receivers } = stand;
  const { db, url, close } = await createMigrated(postgres, `bench_${name.replaceAll(/[^a-z]/g, '_')}`);
  await registerWebhooks(db, receivers, ENDPOINTS);
  await db.query(TABLE);
  const child = startChild(built.path(`bench/contenders/${library}-process.ts`));
  const redis = library === 'bullmq' ? await stand.redis() : undefined;
  await child.call('open', { url, caller, redis: redis?.url } satisfies PeerSettings);
  const processes = { sender: child.pid, postgres: postgres.pid, redis: redis?.pid, receiver: receivers.pid };
  return {
    name,
    says: `${library}, one job a delivery, ${IN_FLIGHT} at a time: one SELECT, ${caller === 'fetch' ? "Node's fetch" : 'undici request'}, one UPDATE`,
    share: 0.2,
    async run(deliveries) {
      const { rows } = await db.query<{ id: string }>(ADD, [payloads(deliveries / ENDPOINTS)]);
      await child.call(
        'add',
        rows.map(({ id }) => id),
      );
      const measured = await timed(processes, () => child.call('run', deliveries));
      await child.call('rest');
      await allDelivered(db);
      return measured;
    },
    async stop() {
      await child.stop();
      await close();
    },
  };
}

async function allDelivered(db: Database): Promise<void> {
  const { rows } = await db.query<{ bad: number }>(
    "SELECT count(*)::int AS bad FROM usual_deliveries WHERE status <> 'success'",
    [],
  );
  if (rows[0]?.bad !== 0) throw new Error(`${rows[0]?.bad} deliveries of a peer did not succeed`);
}
