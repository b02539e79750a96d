import { missingRoles } from '../../db/migrate.js';
import { openPostgres } from '../../db/pg.js';
import { loadSql } from '../../db/sql-file.js';
import { type Finding, finding, orOk, skipped } from '../catalogue.js';
import { type Access, askOne, type Check, reading } from '../context.js';
import { causeOf } from '../told.js';

const ACCESS = loadSql(import.meta.url, '../access.sql');

/** The login that migrates, where it is another one. */
export const owner: Check = {
  area: 'owner',
  needs: 'nothing',
  async run({ config: { migrateDatabaseUrl } }) {
    if (migrateDatabaseUrl === undefined) return [skipped('owner', 'HOOKLINE_MIGRATE_DATABASE_URL is not set.')];
    const db = openPostgres({ connectionString: migrateDatabaseUrl, poolSize: 1 });
    try {
      const access = await askOne<Access>(db, ACCESS);
      const statements = access.schemaExists ? await reading(db, missingRoles) : [];
      const fine = `HOOKLINE_MIGRATE_DATABASE_URL logs in as ${access.login}, who may migrate.`;
      return orOk('owner', findingsOf(access, statements), fine);
    } catch (error) {
      const found = `HOOKLINE_MIGRATE_DATABASE_URL cannot be used: ${causeOf(error)}`;
      return [finding('owner', 'owner.unusable', found, 'Correct it, or leave it out where nothing migrates.')];
    } finally {
      await db.close();
    }
  },
};

function findingsOf(access: Access, statements: readonly string[]): Finding[] {
  if (access.schemaExists && !access.ownsSchema) {
    const what = `HOOKLINE_MIGRATE_DATABASE_URL logs in as ${access.login}, who does not own the schema hookline.`;
    const mend = 'Log in there as the role that migrated first: \\dn in psql names it.';
    return [finding('owner', 'owner.does_not_own', what, mend)];
  }
  if (statements.length === 0) return [];
  const what = `Roles that the migrations could not make or grant: ${statements.length}.`;
  return [finding('owner', 'owner.lacks_roles', what, `As a superuser: ${statements.join(' ')}`)];
}
