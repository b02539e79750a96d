import type { Database, Queryable } from '../db/database.js';
import { asService } from '../db/roles.js';

const TRY_LOCK = 'SELECT pg_try_advisory_xact_lock(hashtext($1::text)) AS locked';

/** Runs `fn` as the service in one transaction; undefined, and without running it, while another process on this database does what has this `name`. */
export function alone<T>(db: Database, name: string, fn: (tx: Queryable) => Promise<T>): Promise<T | undefined> {
  return asService(db, async (tx) => {
    const { rows } = await tx.query<{ locked: boolean }>(TRY_LOCK, [`hookline.${name}`]);
    return rows[0]?.locked === true ? fn(tx) : undefined;
  });
}
