import type { Queryable } from './database.js';
import { MIGRATIONS } from './migrate.js';
import { type LedgerRow, type Migration, readMigrations } from './migration-files.js';

/** How the ledger of a database and the migrations of this version differ, by names. */
export interface LedgerDifference {
  /** Of this version, and not applied. */
  readonly pending: readonly string[];
  /** Applied, and not of this version: a newer one migrated. */
  readonly unknown: readonly string[];
  /** Applied with another text than this version's. */
  readonly changed: readonly string[];
}

const LEDGER = 'SELECT name, hash FROM hookline.migrations ORDER BY name';

/** Reads the ledger of a migrated database as `service_role` or its owner. `known` are the migrations of this version. Throws what the database throws. */
export async function ledgerDifference(
  db: Queryable,
  known: readonly Migration[] = readMigrations(MIGRATIONS),
): Promise<LedgerDifference> {
  const { rows } = await db.query<LedgerRow>(LEDGER, []);
  const hashes = new Map(known.map(({ name, hash }) => [name, hash]));
  const applied = new Set(rows.map(({ name }) => name));
  const named = (wanted: (row: LedgerRow) => boolean): string[] => rows.filter(wanted).map(({ name }) => name);
  return {
    pending: known.map(({ name }) => name).filter((name) => !applied.has(name)),
    unknown: named(({ name }) => !hashes.has(name)),
    changed: named(({ name, hash }) => hashes.has(name) && hashes.get(name) !== hash),
  };
}
