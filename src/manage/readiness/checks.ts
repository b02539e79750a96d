import type { Database } from '../../db/database.js';
import { ledgerDifference } from '../../db/ledger.js';
import { MIGRATIONS } from '../../db/migrate.js';
import { type Migration, readMigrations } from '../../db/migration-files.js';
import { asService, asServiceAtOnce } from '../../db/roles.js';
import { TAKES_NO_WRITES } from '../../db/sql-errors.js';
import { loadSql } from '../../db/sql-file.js';
import { type CheckResult, OK } from './probe.js';

const WORKER = loadSql(import.meta.url, './worker.sql');
const QUEUE = loadSql(import.meta.url, './queue.sql');
const IS_READ_ONLY = "SELECT current_setting('transaction_read_only') = 'on' AS \"isReadOnly\"";
/** As a queue that stands still for a user who waits for a webhook; a busy system is done within seconds. */
const BEHIND_AFTER_S = 300;

/** That the database answers, and takes writes. Throws what the database throws. */
export async function checkDatabase(db: Database): Promise<CheckResult> {
  const { rows } = await db.query<{ isReadOnly: boolean }>(IS_READ_ONLY, []);
  if (rows[0]?.isReadOnly !== true) return OK;
  return {
    status: 'failed',
    detail: TAKES_NO_WRITES,
    hint: 'DATABASE_URL leads to a standby, or default_transaction_read_only is on: hookline doctor says which.',
  };
}

let known: readonly Migration[] | undefined;

/**
 * That the schema is one that this version works with. What a newer version has added does not keep this one from its work, so that two versions may run side by
 * side while a new one is rolled out. Throws what the database throws.
 */
export async function checkMigrations(db: Database): Promise<CheckResult> {
  const files = known ?? readMigrations(MIGRATIONS);
  known = files;
  const { pending, unknown, changed } = await asService(db, (tx) => ledgerDifference(tx, files), 'read');
  if (pending.length > 0) {
    const detail = `The database lacks these migrations: ${pending.join(', ')}.`;
    return { status: 'failed', detail, hint: 'Run `hookline migrate` as the owner of the schema.' };
  }
  if (unknown.length > 0) {
    const detail = 'The database was migrated by a newer version.';
    return { status: 'degraded', detail, hint: 'Run that version here too.' };
  }
  if (changed.length === 0) return OK;
  const detail = `These migrations were applied with another text: ${changed.join(', ')}.`;
  return { status: 'degraded', detail, hint: 'Run the version that migrated the database.' };
}

/**
 * That workers live. The process's own worker, when it has one, is part of it; those of other processes are not, and their absence is told alone.
 * Throws what the database throws.
 */
export async function checkWorker(db: Database, own: string | undefined): Promise<CheckResult> {
  const [result] = await asServiceAtOnce<{ isAnyAlive: boolean; isOwnAlive: boolean }>(db, [WORKER, [own ?? null]]);
  const seen = result?.rows[0];
  if (own !== undefined) {
    if (seen?.isOwnAlive) return OK;
    const detail = 'The worker of this process has not beaten within 15 seconds.';
    return { status: 'failed', detail, hint: 'Its log says what keeps it from the database.' };
  }
  if (seen?.isAnyAlive) return OK;
  return { status: 'degraded', detail: 'No worker lives: deliveries wait.', hint: 'Start `hookline worker`.' };
}

/** That deliveries do not wait for long. Throws what the database throws. */
export async function checkQueue(db: Database): Promise<CheckResult> {
  const [result] = await asServiceAtOnce<{ isBehind: boolean }>(db, [QUEUE, [BEHIND_AFTER_S]]);
  if (result?.rows[0]?.isBehind !== true) return OK;
  const detail = `Deliveries that nothing holds back have waited for more than ${BEHIND_AFTER_S / 60} minutes.`;
  return { status: 'degraded', detail, hint: 'hookline doctor says more.' };
}
