import type { Command } from 'commander';
import { loadConfig } from '../../config.js';
import { migrate, missingRoles } from '../../db/migrate.js';
import { openDatabase } from '../../db/open.js';
import { DATABASE_VARIABLES, EMBEDDED_VARIABLES, environmentHelp } from '../environment-help.js';

/** `hookline migrate`: applies the migrations that the database lacks, as the owner of the schema. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('Apply the migrations that the database lacks. Safe to run from many processes at once.')
    .option('--dry-run', 'only list what would run')
    .addHelpText(
      'after',
      environmentHelp(
        [...DATABASE_VARIABLES, ...EMBEDDED_VARIABLES],
        ['hookline migrate --dry-run', 'HOOKLINE_MIGRATE_DATABASE_URL=postgres://owner@localhost/app hookline migrate'],
      ),
    )
    .action((options: { dryRun?: boolean }) => runMigrations(options.dryRun === true));
}

async function runMigrations(dryRun: boolean): Promise<void> {
  const { migrateDatabaseUrl, databaseUrl, dataDir } = loadConfig(process.env);
  const db = await openDatabase({ databaseUrl: migrateDatabaseUrl ?? databaseUrl, dataDir, poolSize: 1 });
  try {
    const { applied, pending } = await migrate(db, { dryRun, onApply: (name) => console.log(`applied  ${name}`) });
    for (const name of pending) console.log(`pending  ${name}`);
    if (applied.length + pending.length === 0) console.log('The database is up to date.');
    if (dryRun) return;
    const statements = await missingRoles(db);
    if (statements.length === 0) return;
    console.log(
      '\nThis login may not set up all roles. Run as a superuser, or the server cannot log in as hookline_login:',
    );
    for (const statement of statements) console.log(`  ${statement}`);
  } finally {
    await db.close();
  }
}
