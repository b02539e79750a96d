import { type Command, Option } from 'commander';
import type { MigrateResult } from '../../db/migrate.js';
import { DATABASE_VARIABLES, EMBEDDED_VARIABLES, environmentHelp, RECEIVER_VARIABLES } from '../environment-help.js';

/** `hookline migrate`: applies the migrations that the database lacks, as the owner of the schema. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('Apply the migrations that the database lacks. Safe to run from many processes at once.')
    .addOption(
      new Option(
        '--target <database>',
        "postgres: Hookline's own database; mysql: the receiver's store on MySQL, MariaDB or PlanetScale",
      )
        .choices(['postgres', 'mysql'])
        .default('postgres'),
    )
    .option('--dry-run', 'only list what would run')
    .addHelpText(
      'after',
      environmentHelp(
        [...DATABASE_VARIABLES, ...EMBEDDED_VARIABLES, ...RECEIVER_VARIABLES],
        [
          'hookline migrate --dry-run',
          'HOOKLINE_MIGRATE_DATABASE_URL=postgres://owner@localhost/app hookline migrate',
          'HOOKLINE_RECEIVER_URL=mysql://owner:password@localhost/app hookline migrate --target mysql',
        ],
      ),
    )
    .action(({ target, dryRun = false }: { target: 'postgres' | 'mysql'; dryRun?: boolean }) =>
      target === 'mysql' ? runMysqlMigrations(dryRun) : runMigrations(dryRun),
    );
}

const onApply = (name: string): void => console.log(`applied  ${name}`);

function tellRest({ applied, pending }: MigrateResult): void {
  for (const name of pending) console.log(`pending  ${name}`);
  if (applied.length + pending.length === 0) console.log('The database is up to date.');
}

async function runMigrations(dryRun: boolean): Promise<void> {
  const { loadConfig } = await import('../../config.js');
  const { migrate, missingRoles } = await import('../../db/migrate.js');
  const { openDatabase } = await import('../../db/open.js');
  const { toOwnerError } = await import('../../db/sql-errors.js');
  const { migrateDatabaseUrl, databaseUrl, dataDir } = loadConfig(process.env);
  const db = await openDatabase({ databaseUrl: migrateDatabaseUrl ?? databaseUrl, dataDir, poolSize: 1 });
  try {
    tellRest(await migrate(db, { dryRun, onApply }));
    if (dryRun) return;
    const statements = await missingRoles(db);
    if (statements.length === 0) return;
    console.log(
      '\nThis login may not set up all roles. Run as a superuser, or the server cannot log in as hookline_login:',
    );
    for (const statement of statements) console.log(`  ${statement}`);
  } catch (error) {
    throw migrateDatabaseUrl === undefined ? error : toOwnerError(error);
  } finally {
    await db.close();
  }
}

async function runMysqlMigrations(dryRun: boolean): Promise<void> {
  const { loadConfig } = await import('../../config.js');
  const { migrateMysql } = await import('../../db/mysql/migrate.js');
  const { mysqlTargetOf } = await import('../../db/mysql/target.js');
  tellRest(await migrateMysql(mysqlTargetOf(loadConfig(process.env)), { dryRun, onApply }));
}
