import type { LintFinding } from '../../provider.js';
import type { ApiDeployment, ApiLintError, ApiOperation } from './shapes.js';

/** A finding of PlanetScale's linter. */
export function findingOf(error: ApiLintError): LintFinding {
  return {
    code: error.lint_error,
    severity: 'error',
    table: error.table_name || null,
    column: error.column_name || null,
    line: null,
    message: error.error_description || `PlanetScale's linter says ${error.lint_error}`,
    hint: error.docs_url ? `See ${error.docs_url}` : 'PlanetScale deploys no schema with this error.',
  };
}

/** PlanetScale's code for a schema that does not fit the branch it goes into is none: it has words alone. */
export const CONFLICT = 'SCHEMA_CONFLICT';
const DEPLOY_ERROR = 'DEPLOY_ERROR';

/** All that stands in the way of a deployment, or that it failed of. */
export function problemsOf(
  deployment: ApiDeployment | null | undefined,
  operations: readonly ApiOperation[] = [],
): LintFinding[] {
  const lint = (deployment?.lint_errors ?? []).map(findingOf);
  const conflicts = deployment?.deploy_check_errors
    ? [plain(CONFLICT, null, deployment.deploy_check_errors, CONFLICT_HINT)]
    : [];
  const failed = operations.flatMap((operation) =>
    operation.deploy_errors
      ? [plain(DEPLOY_ERROR, operation.table_name || null, operation.deploy_errors, FAILED_HINT)]
      : [],
  );
  return [...lint, ...conflicts, ...failed];
}

const CONFLICT_HINT = 'Make a branch anew from the branch it goes into, and apply the change there.';
const FAILED_HINT = 'Mend the change on the branch, and make a deploy request anew.';

function plain(code: string, table: string | null, message: string, hint: string): LintFinding {
  return { code, severity: 'error', table, column: null, line: null, message, hint };
}

/** Problems as one text, for a message. */
export function inWords(problems: readonly LintFinding[]): string {
  return problems
    .map(({ code, table, message }) => `${table === null ? '' : `${table}: `}${message} (${code})`)
    .join('; ');
}
