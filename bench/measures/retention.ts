import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/db/database.js';
import { partitionDeliveries } from '../../src/db/partition/deliveries.js';
import { dropPartitions } from '../../src/maintain/partitions.js';
import { removeExpired, total } from '../../src/maintain/retention.js';
import { silent } from '../../test/harness/delivering.js';
import { quantile, rounded } from '../numbers.js';
import type { Row, Section } from '../report/section.js';
import type { Sizes } from '../sizes.js';
import { clock } from '../stand/clock.js';
import { createMigrated, type Migrated } from '../stand/postgres.js';
import type { Stand } from '../stand/stand.js';
import { payloads, registerWebhooks, TRIGGER_ONE } from '../stand/work.js';
import { startWorkerProcess } from '../stand/worker.js';
import { putExpired } from './expired.js';

const BATCH = 500;
const PACE_MS = 5;
const QUIET_MS = 10_000;
/** An event that is slower than this would not have been told apart from one that failed. */
const EVENT_BOUND_MS = 60_000;

const WAYS = {
  rows: 'deliveries and attempts by rows',
  attempts: 'deliveries by rows, attempts by partition',
  partitions: 'both by partition',
} as const;
type Way = keyof typeof WAYS;

/** Deliveries past their age, with an attempt each, removed in batches of rows and by dropping partitions, while a worker delivers. */
export async function retention(stand: Stand, { expired }: Sizes): Promise<Section> {
  const rows: Row[] = [];
  for (const way of Object.keys(WAYS) as Way[]) rows.push(...(await remove(stand, expired, way)));
  return {
    name: 'retention',
    title: `Retention of ${expired} deliveries`,
    says:
      `${expired} deliveries that succeeded at their second attempt, all past their age, are removed as the worker's maintenance does it: by batches of ${BATCH} rows with a pause ` +
      'as long as each batch, or by dropping their partition and that of their attempts. Beside it one client triggers an event every ' +
      `${PACE_MS} ms, which one worker delivers; how long each trigger took is told, and the same without retention. bytes of log: of the write-ahead log, with those of the events. ` +
      'size after: of the two tables with their indexes; rows that are removed leave their space to later ones.',
    rows,
    targets: [],
  };
}

async function remove(stand: Stand, expired: number, way: Way): Promise<Row[]> {
  const migrated = await createMigrated(stand.postgres, `bench_retention_${way}`);
  const { db, url, close } = migrated;
  try {
    if (way === 'partitions') await partitionDeliveries(db);
    // Attempts of what is kept less long than the rest go with their deliveries.
    if (way === 'rows') await db.query("UPDATE hookline.settings SET failed_retention = '200 days'", []);
    const [user = ''] = await registerWebhooks(db, stand.receivers, 1);
    await putExpired(db, expired);
    await db.query('VACUUM ANALYZE', []);
    await db.query('CHECKPOINT', []);
    const worker = await startWorkerProcess(stand.built, { url });
    const before = await sizeOf(db);
    const quiet = way === 'rows' ? [await beside('nothing', migrated, user, () => sleep(QUIET_MS))] : [];
    const row = await beside(WAYS[way], migrated, user, () => asMaintained(db));
    const [left] = (
      await db.query<{ left: number }>(
        "SELECT count(*)::int AS left FROM webhook_deliveries WHERE created_at < now() - interval '90 days'",
        [],
      )
    ).rows;
    if (left?.left !== 0) throw new Error(`${left?.left} deliveries were left`);
    await worker.stop();
    return [...quiet, { ...row, 'MB before': before, 'MB after': await sizeOf(db) }];
  } finally {
    await close();
  }
}

/** What `work` takes, and how long triggers take meanwhile. */
async function beside(what: string, { db }: Migrated, user: string, work: () => Promise<unknown>): Promise<Row> {
  const [from] = (await db.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn', [])).rows;
  const [text = ''] = payloads(1);
  const took: number[] = [];
  let isOver = false;
  const triggering = (async () => {
    while (!isOver) {
      const began = clock();
      await db.query(TRIGGER_ONE, [text, user]);
      took.push(Math.min(clock() - began, EVENT_BOUND_MS));
      await sleep(PACE_MS);
    }
  })();
  const began = clock();
  await work();
  const ms = clock() - began;
  isOver = true;
  await triggering;
  const [wal] = (
    await db.query<{ bytes: number }>(
      'SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), $1::pg_lsn)::float8 AS bytes',
      [from?.lsn ?? ''],
    )
  ).rows;
  return {
    beside: what,
    seconds: rounded(ms / 1_000, 1),
    'MB of log': rounded((wal?.bytes ?? 0) / 2 ** 20, 1),
    triggers: took.length,
    'p50 ms': rounded(quantile(took, 0.5), 1),
    'p99 ms': rounded(quantile(took, 0.99), 1),
    'longest ms': rounded(Math.max(...took), 1),
  };
}

/** As the loop of src/maintain/retention.ts, and the drop of its next look. */
async function asMaintained(db: Database): Promise<void> {
  await byPartitions(db);
  for (let removed = 1; removed > 0; ) {
    const began = clock();
    removed = total(await removeExpired(db, BATCH));
    await sleep(clock() - began);
  }
  await byPartitions(db);
}

async function byPartitions(db: Database): Promise<void> {
  const never = new AbortController().signal;
  while ((await dropPartitions(db, silent, never)).length > 0);
}

async function sizeOf(db: Database): Promise<number> {
  const { rows } = await db.query<{ bytes: number }>(
    `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 AS bytes FROM pg_class c
     WHERE c.relkind = 'r' AND c.relname ~ '^webhook_deliver(ies|y_attempts)'`,
    [],
  );
  return rounded((rows[0]?.bytes ?? 0) / 2 ** 20, 0);
}
