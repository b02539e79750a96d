import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { migrate, pendingMigrations } from '../db/migrate.js';
import { openPostgres } from '../db/pg.js';
import { asService } from '../db/roles.js';
import { TAKES_NO_WRITES, toOwnerError } from '../db/sql-errors.js';
import { loadSql } from '../db/sql-file.js';
import { HooklineError } from '../errors.js';

const LOGIN_RIGHTS = loadSql(import.meta.url, './login-rights.sql');

const IS_READ_ONLY =
  'SELECT current_setting(\'transaction_read_only\') = \'on\' AS "readOnly", pg_is_in_recovery() AS "isStandby"';

interface LoginRights {
  readonly login: string;
  readonly bypasses_policies: boolean;
  readonly owns_schema: boolean;
  readonly schema_exists: boolean;
  readonly may_serve: boolean;
}

/**
 * Brings the schema up to date, or checks that it is. The embedded database migrates itself; on PostgreSQL the owner's login does:
 * `migrateDatabaseUrl`, else `databaseUrl` when that is an owner. Warns when the process runs with an owner's rights, against which
 * Row Level Security is no guard. Throws `not_migrated`, `invalid_config`, `database_unavailable` for one that takes no writes, and what `migrate` throws.
 */
export async function prepareDatabase(db: Database, config: Config, log: Logger): Promise<void> {
  const onApply = (migration: string): void => log.info({ migration }, 'migration.applied');
  if (db.kind === 'pglite') {
    await migrate(db, { onApply });
    // The folder's lock is ours, so whoever is still written down as a worker was killed: what it held need not wait for 15 s.
    await db.query("UPDATE hookline.workers SET heartbeat_at = '-infinity'", []);
    return;
  }
  if (config.migrateDatabaseUrl !== undefined) await migrateAs(config.migrateDatabaseUrl, onApply);
  await checkWritable(db);
  const rights = await loginRights(db);
  if (rights.owns_schema) await migrate(db, { onApply });
  await checkMigrated(db);
  if (rights.bypasses_policies || rights.owns_schema) {
    log.warn(
      { login: rights.login },
      'database.login_is_owner: DATABASE_URL logs in as an owner or a superuser, whom Row Level Security does not hold. ' +
        'Use hookline_login there, and give the owner in HOOKLINE_MIGRATE_DATABASE_URL.',
    );
  }
}

/** Whether this login can serve: the schema is there, it may take the roles, and no migration is missing. Throws `not_migrated`, `invalid_config`. */
export async function checkMigrated(db: Database): Promise<void> {
  const rights = await loginRights(db);
  if (!rights.schema_exists) throw notMigrated('The database has not been migrated.');
  if (!rights.may_serve) {
    throw new HooklineError(
      'invalid_config',
      `The login ${rights.login} may not take the roles that requests run as.`,
      {
        hint: `As a superuser: GRANT anon, authenticated, service_role TO ${rights.login}; or log in as hookline_login.`,
      },
    );
  }
  const pending = await asService(db, (tx) => pendingMigrations(tx));
  if (pending.length > 0) throw notMigrated(`The database lacks these migrations: ${pending.join(', ')}.`);
}

/** What cannot write can neither take webhooks nor deliver. Throws `database_unavailable` with what to do. */
async function checkWritable(db: Database): Promise<void> {
  const { rows } = await db.query<{ readOnly: boolean; isStandby: boolean }>(IS_READ_ONLY, []);
  const [is] = rows;
  if (is?.readOnly !== true) return;
  const hint = is.isStandby
    ? 'DATABASE_URL leads to a standby: give the primary there, or promote this server.'
    : 'default_transaction_read_only is on for the server, the database or the login: find out why, often a full disk, then RESET it.';
  throw new HooklineError('database_unavailable', TAKES_NO_WRITES, { hint });
}

/** Throws what `migrate` throws, with hints that name the variable of this login. */
async function migrateAs(connectionString: string, onApply: (migration: string) => void): Promise<void> {
  const owner = openPostgres({ connectionString, poolSize: 1 });
  try {
    await migrate(owner, { onApply });
  } catch (error) {
    throw toOwnerError(error);
  } finally {
    await owner.close();
  }
}

async function loginRights(db: Database): Promise<LoginRights> {
  const { rows } = await db.query<LoginRights>(LOGIN_RIGHTS, []);
  const [rights] = rows;
  if (rights === undefined) throw new HooklineError('internal_error');
  return rights;
}

function notMigrated(message: string): HooklineError {
  return new HooklineError('not_migrated', message, {
    hint: 'Run `hookline migrate` as the owner of the schema, or give its URL in HOOKLINE_MIGRATE_DATABASE_URL.',
  });
}
