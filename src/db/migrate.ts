import { HooklineError } from '../errors.js';
import type { Database, Queryable } from './database.js';
import { type LedgerRow, type Migration, readMigrations, unapplied } from './migration-files.js';
import { isHeldUp, LET_THEM_END, LOCK_WITHIN, patiently } from './patiently.js';
import { loadSql } from './sql-file.js';

export const MIGRATIONS = new URL('../../migrations/postgres/', import.meta.url);

export interface MigrateOptions {
  /** Only tell what would run. */
  readonly dryRun?: boolean;
  readonly folder?: URL;
  /** Called after each migration has committed. */
  readonly onApply?: (name: string) => void;
}

export interface MigrateResult {
  /** Names of the migrations that this call applied, in order. */
  readonly applied: string[];
  /** Names of those still to run: all of them after a dry run, else none. */
  readonly pending: string[];
}

const MISSING_ROLES = loadSql(import.meta.url, './missing-roles.sql');

// Any fixed number does, so long as nothing else in the database uses it: "hookline" in ASCII, cut to 63 bits.
const LOCK = "SELECT pg_advisory_xact_lock(x'686f6f6b6c696e65'::bigint)";
const LEDGER = `CREATE SCHEMA IF NOT EXISTS hookline;
CREATE TABLE IF NOT EXISTS hookline.migrations (
  name text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`;

/**
 * Applies the numbered plain-SQL migrations that the database lacks, each in a transaction of its own under one advisory lock, so that any
 * number of processes may call it at once, and workers of the version before may run beside it. Must run as the role that shall own the schema.
 * Throws `migration_changed`, `migration_missing`, `migration_failed`.
 */
export async function migrate(db: Database, options: MigrateOptions = {}): Promise<MigrateResult> {
  const known = readMigrations(options.folder ?? MIGRATIONS);
  if (options.dryRun) return { applied: [], pending: namesOf(await pendingOf(db, known)) };

  const applied: string[] = [];
  for (;;) {
    const name = await patiently(() => db.transaction((tx) => applyNext(tx, known)));
    if (name === undefined) return { applied, pending: [] };
    applied.push(name);
    options.onApply?.(name);
  }
}

/** The names of the migrations that the database lacks; reads only. Throws as `migrate` does. */
export async function pendingMigrations(db: Queryable, folder: URL = MIGRATIONS): Promise<string[]> {
  return namesOf(await pendingOf(db, readMigrations(folder)));
}

/**
 * The statements that a superuser still has to run, because the owner may not: roles that the migrations could not make or grant.
 * For a migrated database.
 */
export async function missingRoles(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ statement: string }>(MISSING_ROLES, []);
  return rows.map((row) => row.statement);
}

async function applyNext(tx: Queryable, known: readonly Migration[]): Promise<string | undefined> {
  await tx.query(LOCK);
  if (!(await ledgerExists(tx))) await tx.query(LEDGER);
  const [next] = await pendingOf(tx, known);
  if (next === undefined) return undefined;
  try {
    await tx.query(`SET LOCAL client_min_messages = warning; ${LOCK_WITHIN};\n${next.text}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HooklineError('migration_failed', `Migration ${next.name} failed and was rolled back: ${reason}`, {
      cause: error,
      hint:
        hintOf(error) ??
        'Nothing of it was kept. Mend the cause and run `hookline migrate` again as the owner of the schema.',
    });
  }
  await tx.query('INSERT INTO hookline.migrations (name, hash) VALUES ($1, $2)', [next.name, next.hash]);
  return next.name;
}

/** What the migration itself says to do. */
function hintOf(error: unknown): string | undefined {
  if (isHeldUp(error)) return `Nothing of it was kept. ${LET_THEM_END} Let it end, and run \`hookline migrate\` again.`;
  return error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
}

async function ledgerExists(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ there: boolean }>(
    "SELECT to_regclass('hookline.migrations') IS NOT NULL AS there",
    [],
  );
  return rows[0]?.there === true;
}

async function pendingOf(db: Queryable, known: readonly Migration[]): Promise<Migration[]> {
  if (!(await ledgerExists(db))) return [...known];
  const { rows } = await db.query<LedgerRow>('SELECT name, hash FROM hookline.migrations ORDER BY name', []);
  return unapplied(known, rows);
}

function namesOf(migrations: readonly Migration[]): string[] {
  return migrations.map((migration) => migration.name);
}
