/**
 * Which access of a service token a route needs, by PlanetScale's documentation. Patterns are matched against method and path below the database; the first that
 * fits counts.
 */
const ACCESSES: readonly (readonly [RegExp, string])[] = [
  [/^POST \/branches$/, 'create_branch and read_branch'],
  [/^DELETE \/branches\/[^/]+$/, 'delete_branch'],
  [
    /^DELETE \/branches\/[^/]+\/passwords\//,
    'delete_branch_password (delete_production_branch_password for the production branch)',
  ],
  [/ \/branches\/[^/]+\/passwords/, 'connect_branch (connect_production_branch for the production branch)'],
  [/ \/branches/, 'read_branch'],
  [/^POST \/deploy-requests\/\d+\/reviews/, 'approve_deploy_request'],
  [/^(POST|PATCH) \/deploy-requests/, 'create_deploy_request and read_deploy_request'],
  [/ \/deploy-requests/, 'read_deploy_request'],
];

/** The access for a request, in words. */
export function accessFor(method: string, path: string): string {
  const route = `${method} ${path.split('?')[0]}`;
  return ACCESSES.find(([pattern]) => pattern.test(route))?.[1] ?? 'read_database';
}
