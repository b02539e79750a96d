import type { Database } from '../../src/db/database.js';
import { dropPartitions, makePartitions } from '../../src/maintain/partitions.js';
import { silent } from '../harness/delivering.js';

const forever = new AbortController().signal;

export async function make(db: Database): Promise<string[]> {
  return (await makePartitions(db, silent, forever)).map(({ name }) => name);
}

export async function drop(db: Database): Promise<string[]> {
  return (await dropPartitions(db, silent, forever)).map(({ name }) => name);
}

interface PartitionRow {
  readonly name: string;
  readonly starts: Date;
  readonly ends: Date;
}

/** Those of a table, `webhook_deliveries` or `webhook_delivery_attempts`, without the default partition. */
export async function partitionsOf(db: Database, table: string): Promise<PartitionRow[]> {
  const { rows } = await db.query<PartitionRow>(
    `SELECT replace(p.partition::text, 'hookline.', '') AS name, nullif(p.starts, '-infinity') AS starts, p.ends
     FROM hookline.partitions() p WHERE p.parent::text LIKE '%' || $1 AND NOT p.is_default ORDER BY p.starts`,
    [table],
  );
  return rows;
}

/** Has partitions that ended 101 and 94 days ago, `…_earliest` and `…_old`, beside the first one, of an empty table. */
export async function putOldPartitions(db: Database): Promise<void> {
  await db.query(`DO $$
    DECLARE
      first record;
      bound timestamptz := now() - interval '101 days';
    BEGIN
      FOR first IN
        SELECT DISTINCT ON (p.parent) p.parent, p.ends, p.partition::text AS name FROM hookline.partitions() p WHERE NOT p.is_default ORDER BY p.parent, p.ends
      LOOP
        EXECUTE format('DROP TABLE %s', first.name);
        EXECUTE format('CREATE TABLE %s_earliest PARTITION OF %s FOR VALUES FROM (''1970-01-01'') TO (%L)', first.name, first.parent, bound);
        EXECUTE format('CREATE TABLE %s_old PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', first.name, first.parent, bound, bound + interval '7 days');
        EXECUTE format('CREATE TABLE %s PARTITION OF %s FOR VALUES FROM (%L) TO (%L)', first.name, first.parent, bound + interval '7 days', first.ends);
      END LOOP;
    END $$`);
}

/** Tells earlier attempts when their deliveries were made, as the functions that write them do; the helper of retention does not. */
export async function dateAttempts(db: Database): Promise<void> {
  await db.query(
    'UPDATE hookline.webhook_delivery_attempts a SET delivery_created_at = d.created_at FROM webhook_deliveries d WHERE d.id = a.delivery_id',
  );
}
