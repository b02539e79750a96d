import { type Finding, finding, orOk } from '../catalogue.js';
import type { Check, Context } from '../context.js';

/** What the login of DATABASE_URL may do: enough to serve, and no more. */
export const login: Check = {
  area: 'login',
  needs: 'server',
  run: async (context) =>
    orOk(
      'login',
      findingsOf(context),
      `The login ${context.access.login} may take the roles of requests, and owns and bypasses nothing.`,
    ),
};

function findingsOf({ access, config }: Context): Finding[] {
  const { login: name, missingRoles, bypassesPolicies, ownsSchema, inherits } = access;
  const found: Finding[] = [];
  if (missingRoles.length > 0) {
    const what = `The login ${name} may not take these roles, as which requests run: ${missingRoles.join(', ')}.`;
    const mend = `As a superuser: GRANT ${missingRoles.join(', ')} TO ${name}; (the migrations make roles that are missing), or log in as hookline_login.`;
    found.push(finding('login', 'login.lacks_roles', what, mend));
  }
  const instead =
    config.migrateDatabaseUrl === undefined
      ? 'Log in as hookline_login in DATABASE_URL, and give the owner in HOOKLINE_MIGRATE_DATABASE_URL.'
      : 'Log in as hookline_login in DATABASE_URL; the owner is in HOOKLINE_MIGRATE_DATABASE_URL already.';
  if (bypassesPolicies) {
    const what = `The login ${name} is a superuser, or has BYPASSRLS: a mistake of the server's is not held by Row Level Security.`;
    found.push(finding('login', 'login.bypasses_policies', what, instead));
  } else if (ownsSchema) {
    const what = `The login ${name} owns the schema: a mistake of the server's is not held by its policies, and can change its tables.`;
    found.push(finding('login', 'login.owns_schema', what, instead));
  } else if (inherits) {
    const what = `The login ${name} has the rights of service_role without taking the role: a query that forgets to take a user's sees everybody's rows.`;
    // Since PostgreSQL 16 a grant says by itself whether it inherits, whatever the role says.
    const mend = `ALTER ROLE ${name} NOINHERIT; on PostgreSQL 16 and newer also: GRANT anon, authenticated, service_role TO ${name} WITH INHERIT FALSE;`;
    found.push(finding('login', 'login.inherits', what, mend));
  }
  return found;
}
