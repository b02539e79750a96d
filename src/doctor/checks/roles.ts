import { loadSql } from '../../db/sql-file.js';
import { type Finding, finding, orOk } from '../catalogue.js';
import { askOne, type Check } from '../context.js';

const ROLES = loadSql(import.meta.url, './roles.sql');

/** That Row Level Security, which keeps tenants apart, holds whom it is meant for. */
export const roles: Check = {
  area: 'roles',
  needs: 'schema',
  async run({ db }) {
    const held = await askOne<{ readonly roles: readonly string[]; readonly tables: readonly string[] }>(db, ROLES);
    const found: Finding[] = [];
    if (held.roles.length > 0) {
      const what = `Row Level Security does not hold ${held.roles.join(' and ')}: tenants may see each other's rows.`;
      const mend = `ALTER ROLE … NOSUPERUSER NOBYPASSRLS; and REVOKE service_role, and the owner of the schema, from ${held.roles.join(' and ')}.`;
      found.push(finding('roles', 'roles.bypass_policies', what, mend));
    }
    if (held.tables.length > 0) {
      const what = `Row Level Security is off, or not forced, for ${held.tables.join(', ')}.`;
      const mend =
        'As the owner, for each: ALTER TABLE … ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; pg_dump needs no exception (docs/operations.md, Backups).';
      found.push(finding('roles', 'roles.policies_off', what, mend));
    }
    return orOk('roles', found, 'Row Level Security is on, and forced, for every table.');
  },
};
