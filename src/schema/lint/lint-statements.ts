import type { LintFinding } from '../provider.js';
import type { FileStatement } from '../table/schema.js';
import type { LintOptions } from './lint-options.js';
import { runRules } from './rule.js';
import { parseStatement } from './statement.js';
import { STATEMENT_RULES } from './statement-rules.js';

/**
 * What in the statements of a file PlanetScale refuses, what a deploy request does not carry, and what is dangerous; with the lines of the file, sorted.
 * A statement that no server would take is no finding by that: the branch it is applied to says so.
 */
export function lintStatements(statements: readonly FileStatement[], options: LintOptions): LintFinding[] {
  const parsed = statements.map(parseStatement).filter((statement) => statement !== undefined);
  return runRules(STATEMENT_RULES, parsed, options);
}
