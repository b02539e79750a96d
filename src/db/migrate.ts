import { setTimeout as sleep } from 'node:timers/promises';
import { HooklineError } from '../errors.js';
import type { Database, Queryable } from './database.js';
import { type LedgerRow, type Migration, readMigrations, unapplied } from './migration-files.js';
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
 * Whoever comes after a statement that waits for a whole table waits behind it: so it gives up soon, before PostgreSQL looks for a deadlock (after a second by default),
 * whose victim might be a worker, and the migration is begun anew.
 */
const LOCK_WITHIN = '900ms';
const PAUSE_MS = 500;
/** Four minutes of waiting come to it at most. */
const MOST_TRIES = 160;
/** A lock that was not to be had in time, and a deadlock. */
const HELD_UP = /^(55P03|40P01)$/;
const LET_THEM_END =
  "Nothing of it was kept. Some other transaction holds a lock for long: SELECT pid, usename, xact_start, query FROM pg_stat_activity WHERE state <> 'idle' ORDER BY xact_start; names it. Let it end, and run `hookline migrate` again.";

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
    const name = await applyPatiently(db, known);
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

async function applyPatiently(db: Database, known: readonly Migration[]): Promise<string | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction((tx) => applyNext(tx, known));
    } catch (error) {
      if (tries === MOST_TRIES || !(error instanceof HooklineError) || !isHeldUp(error.cause)) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

async function applyNext(tx: Queryable, known: readonly Migration[]): Promise<string | undefined> {
  await tx.query(LOCK);
  if (!(await ledgerExists(tx))) await tx.query(LEDGER);
  const [next] = await pendingOf(tx, known);
  if (next === undefined) return undefined;
  try {
    await tx.query(`SET LOCAL client_min_messages = warning; SET LOCAL lock_timeout = '${LOCK_WITHIN}';\n${next.text}`);
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

function isHeldUp(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && HELD_UP.test(error.code);
}

/** What the migration itself says to do. */
function hintOf(error: unknown): string | undefined {
  if (isHeldUp(error)) return LET_THEM_END;
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
