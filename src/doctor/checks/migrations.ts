import { type LedgerDifference, ledgerDifference } from '../../db/ledger.js';
import { type Finding, finding, orOk, skipped } from '../catalogue.js';
import { type Check, type Context, reading, readingAsService } from '../context.js';

const AS_OWNER = 'Run `hookline migrate` as the owner of the schema, or give its URL in HOOKLINE_MIGRATE_DATABASE_URL.';
const EMBEDDED = '`hookline start` migrates the embedded database by itself; so does `hookline migrate`.';

/** That the schema is the one of this version. */
export const migrations: Check = {
  area: 'migrations',
  needs: 'database',
  async run(context) {
    const { access, db } = context;
    const migrating = db.kind === 'pglite' ? EMBEDDED : AS_OWNER;
    if (!access.schemaExists) {
      return [finding('migrations', 'migrations.none', 'The database has not been migrated.', migrating)];
    }
    const difference = await readLedger(context);
    if (difference === undefined) return [skipped('migrations', 'The login may not read the ledger: see login.')];
    const { pending, unknown, changed } = difference;
    const found: Finding[] = [];
    if (pending.length > 0) {
      const what = `The database lacks ${namesOf(pending)}.`;
      found.push(finding('migrations', 'migrations.behind', what, migrating));
    }
    if (unknown.length > 0) {
      const what = `The database holds ${namesOf(unknown)}, which this version does not know: a newer one migrated it.`;
      found.push(
        finding('migrations', 'migrations.ahead', what, 'Run that version, or a later one. This one does not start.'),
      );
    }
    if (changed.length > 0) {
      const what = `Applied with another text than this version has: ${namesOf(changed)}.`;
      const mend = 'Run the version that migrated it, or restore the files; a change to the schema is a new migration.';
      found.push(finding('migrations', 'migrations.changed', what, mend));
    }
    return orOk('migrations', found, 'The schema is the one of this version.');
  },
};

/** As the service, or as the owner, whom halfway through the migrations alone may; undefined where the login is neither. */
async function readLedger({ access, db }: Context): Promise<LedgerDifference | undefined> {
  const isService = !access.missingRoles.includes('service_role');
  if (!access.ownsSchema) return isService ? readingAsService(db, (tx) => ledgerDifference(tx)) : undefined;
  if (isService) {
    const seen = await readingAsService(db, (tx) => ledgerDifference(tx)).catch(() => undefined);
    if (seen !== undefined) return seen;
  }
  return reading(db, (tx) => ledgerDifference(tx));
}

/** The first and the last of a long list. */
function namesOf(names: readonly string[]): string {
  if (names.length <= 3) return names.join(', ');
  return `${names.length} migrations, ${names[0]} to ${names.at(-1)}`;
}
