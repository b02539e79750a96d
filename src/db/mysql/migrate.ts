import { createHash } from 'node:crypto';
import type { Connection } from 'mysql2/promise';
import { HooklineError } from '../../errors.js';
import type { MigrateOptions, MigrateResult } from '../migrate.js';
import { type LedgerRow, readMigrations, unapplied } from '../migration-files.js';
import { type Change, statementFor, toChange } from './change.js';
import { type MysqlTarget, rowsOf, withMysql } from './connection.js';
import { isDirectDdlDisabled, toMysqlError } from './errors.js';
import { missingClauses, readTable } from './table.js';

export const MYSQL_MIGRATIONS = new URL('../../../migrations/mysql/', import.meta.url);

const LEDGER = 'hookline_migrations';
const CREATE_LEDGER = `CREATE TABLE IF NOT EXISTS ${LEDGER} (
  name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)`;

/** A statement may rewrite a large table, and another process may be about it. */
const DDL_TIMEOUT_MS = 24 * 3_600_000;
/** One wait for the lock; shorter than the 20 to 30 s after which PlanetScale ends a statement. */
const LOCK_WAIT_SECONDS = 10;

/**
 * Applies to a MySQL, MariaDB or PlanetScale database what it lacks of the numbered migrations, under one advisory lock, so that any number
 * of processes may call it at once. `ai_content` is kept when it is there, and columns and indexes that it has are left alone. MySQL commits
 * each DDL statement by itself, so a process may die between a statement and its row in the ledger: what the schema holds is looked at
 * before each, and then only the row is written. That is also what is left to do after a deploy request.
 * `applied` and `pending` name the migrations that had, or have, something to change.
 * Throws `migration_changed`, `migration_missing`, `migration_failed`, `direct_ddl_disabled`, `invalid_config`, `database_refused`,
 * `database_unavailable`.
 */
export async function migrateMysql(target: MysqlTarget, options: MigrateOptions = {}): Promise<MigrateResult> {
  const known = readMigrations(options.folder ?? MYSQL_MIGRATIONS).map(toChange);
  return withMysql(target, async (connection) => {
    if (options.dryRun) return { applied: [], pending: await pendingIn(connection, known) };
    await lock(connection);
    const applied: string[] = [];
    for (const change of await unrecorded(connection, known)) {
      if (!(await apply(connection, change))) continue;
      applied.push(change.name);
      options.onApply?.(change.name);
    }
    return { applied, pending: [] };
  });
}

async function pendingIn(connection: Connection, known: readonly Change[]): Promise<string[]> {
  const pending: string[] = [];
  for (const change of await unrecorded(connection, known)) {
    if ((await statementLeft(connection, change)) !== undefined) pending.push(change.name);
  }
  return pending;
}

/** What is still to run of a change; undefined when the schema holds all of it. */
async function statementLeft(connection: Connection, change: Change): Promise<string | undefined> {
  const missing = missingClauses(change, await readTable(connection, change.table));
  return missing.length === 0 ? undefined : statementFor(change, missing);
}

/** Brings the schema and the ledger up to the change; tells whether the schema needed it. */
async function apply(connection: Connection, change: Change): Promise<boolean> {
  const statement = await statementLeft(connection, change);
  const recordable = await ensureLedger(connection, statement !== undefined);
  if (statement !== undefined) await runDdl(connection, change.name, statement);
  if (recordable) {
    await connection.query(`INSERT INTO ${LEDGER} (name, hash) VALUES (?, ?)`, [change.name, change.hash]);
  }
  return statement !== undefined;
}

/** Makes the ledger; gives false when it may not be made but is not `needed` either, because a deploy request brought the schema. */
async function ensureLedger(connection: Connection, needed: boolean): Promise<boolean> {
  // Vitess refuses every DDL statement under safe migrations, also one that would do nothing.
  if (await readTable(connection, LEDGER)) return true;
  try {
    await runDdl(connection, LEDGER, CREATE_LEDGER);
    return true;
  } catch (error) {
    if (!needed && error instanceof HooklineError && error.code === 'direct_ddl_disabled') return false;
    throw error;
  }
}

async function runDdl(connection: Connection, name: string, statement: string): Promise<void> {
  try {
    await connection.query({ sql: statement, timeout: DDL_TIMEOUT_MS });
  } catch (error) {
    if (isDirectDdlDisabled(error)) {
      throw new HooklineError('direct_ddl_disabled', undefined, {
        hint:
          'Nothing was changed. Make a branch (`hookline schema branch create <branch>`), bring migrations/mysql/*.sql into it ' +
          '(`hookline schema apply <file> --branch <branch>`), and deploy it (`hookline schema deploy-request create --branch <branch>`). By ' +
          "PlanetScale's own tool: `pscale branch create <database> <branch> --wait`, `hookline migrate --target mysql` with its URL, " +
          '`pscale deploy-request create <database> <branch>`.',
        cause: error,
      });
    }
    const known = toMysqlError(error);
    if (known.code !== 'internal_error') throw known;
    const reason = error instanceof Error ? error.message : String(error);
    throw new HooklineError('migration_failed', `Migration ${name} failed: ${reason}`, {
      hint: 'Nothing of its statement was kept. Mend the cause and run `hookline migrate --target mysql` again.',
      cause: error,
    });
  }
}

async function unrecorded(connection: Connection, known: readonly Change[]): Promise<Change[]> {
  const hasLedger = (await readTable(connection, LEDGER)) !== undefined;
  const rows = hasLedger ? await rowsOf<LedgerRow>(connection, `SELECT name, hash FROM ${LEDGER} ORDER BY name`) : [];
  return unapplied(known, rows);
}

/** Ends with the connection. A lock of MySQL belongs to the whole server, so its name tells the database. */
async function lock(connection: Connection): Promise<void> {
  const [here] = await rowsOf<{ name: string }>(connection, 'SELECT DATABASE() AS name');
  const database = createHash('sha256')
    .update(here?.name ?? '')
    .digest('hex')
    .slice(0, 32);
  const ask = `SELECT GET_LOCK('hookline.migrate.${database}', ${LOCK_WAIT_SECONDS}) AS locked`;
  const deadline = performance.now() + DDL_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const [row] = await rowsOf<{ locked: number | string | null }>(connection, ask);
    if (Number(row?.locked) === 1) return;
    // 0 is another's lock; NULL is an error that the server does not tell.
    if (row?.locked == null) throw new HooklineError('database_unavailable', 'The server gives no advisory lock.');
  }
  throw new HooklineError('database_unavailable', 'Another process has been migrating this database for a day.', {
    hint: 'End it, and run `hookline migrate --target mysql` again.',
  });
}
