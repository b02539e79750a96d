import type { ErrorCode } from '../../../errors.js';
import type { LintFinding } from '../../provider.js';

/** A problem that is about the deployment, or about one of its tables. */
export function problem(
  code: string,
  message: string,
  hint: string,
  { table = null, severity = 'error' }: { table?: string | null; severity?: LintFinding['severity'] } = {},
): LintFinding {
  return { code, severity, table, column: null, line: null, message, hint };
}

/** The code of a warning that stays with a request when it is deployed. */
export const NOT_REVERTIBLE = 'NOT_REVERTIBLE';

/** The error that a plan's problem is told as. */
export function errorCodeOf({ code }: LintFinding): ErrorCode {
  if (code === 'SCHEMA_CONFLICT') return 'schema_conflict';
  return code === 'TRIGGER_AFFECTED' ? 'deploy_request_not_deployable' : 'online_ddl_refused';
}

/** The first problems in words, for an error's message. */
export function inWords(problems: readonly LintFinding[]): string {
  return problems.map(({ message }) => message).join(' ');
}
