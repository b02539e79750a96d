import type { LintFinding } from '../provider.js';
import { sortFindings } from './findings.js';
import type { LintOptions } from './lint-options.js';

/** One place that breaks a rule. */
export interface Breach {
  readonly message: string;
  readonly table: string | null;
  readonly column?: string;
  readonly line?: number;
  /** What the hint needs to know beside the table and the column. */
  readonly detail?: string;
}

/** A rule over a schema, a statement or a change. A new one is one entry of a table of rules. */
export interface Rule<Subject> {
  /** PlanetScale's identifier where it has one. */
  readonly code: string;
  readonly severity: LintFinding['severity'];
  /** Whether the rule is looked at; always when it does not say. */
  readonly applies?: (options: LintOptions) => boolean;
  readonly check: (subject: Subject, options: LintOptions) => Iterable<Breach>;
  /** What to write instead. */
  readonly hint: (breach: Breach) => string;
}

/** The findings of all rules over all subjects, sorted. */
export function runRules<Subject>(
  rules: readonly Rule<Subject>[],
  subjects: readonly Subject[],
  options: LintOptions,
): LintFinding[] {
  const findings: LintFinding[] = [];
  for (const rule of rules.filter(({ applies }) => applies?.(options) ?? true)) {
    for (const subject of subjects) {
      for (const breach of rule.check(subject, options)) findings.push(toFinding(rule, breach));
    }
  }
  return sortFindings(findings);
}

function toFinding<Subject>({ code, severity, hint }: Rule<Subject>, breach: Breach): LintFinding {
  const { table, column = null, line = null, message } = breach;
  return { code, severity, table, column, line, message, hint: hint(breach) };
}
