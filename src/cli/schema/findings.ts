import { HooklineError } from '../../errors.js';
import type { LintFinding } from '../../schema/provider.js';
import { type Cell, tableOf } from '../table.js';

/** `schema_lint_failed`, with what was found: errors in JSON carry it. */
export class LintError extends HooklineError {
  readonly lint: readonly LintFinding[];

  constructor(message: string, hint: string, lint: readonly LintFinding[]) {
    super('schema_lint_failed', message, { hint });
    this.lint = lint;
  }
}

export function errorsOf(findings: readonly LintFinding[]): LintFinding[] {
  return findings.filter(({ severity }) => severity === 'error');
}

/** Errors before warnings, in the order that they have. */
export function errorsFirst(findings: readonly LintFinding[]): LintFinding[] {
  return [...errorsOf(findings), ...findings.filter(({ severity }) => severity !== 'error')];
}

/** Hookline's findings, and those of the provider that say nothing of the kind: for the same rule both have PlanetScale's identifier. */
export function merged(own: readonly LintFinding[], theirs: readonly LintFinding[]): LintFinding[] {
  const said = (their: LintFinding): boolean =>
    own.some(
      ({ code, table, column }) =>
        code === their.code &&
        table === their.table &&
        (column === null || their.column === null || column === their.column),
    );
  return [...own, ...theirs.filter((their) => !said(their))];
}

export function findingsTable(findings: readonly LintFinding[]): string {
  const rows = findings.map((finding): Cell[] => [
    finding.severity,
    finding.code,
    whereOf(finding),
    `${finding.message}\n${finding.hint}`,
  ]);
  return tableOf(['severity', 'code', 'where', 'what, and what instead'], rows);
}

/** `2 errors, 1 warning`; `nothing` without any. */
export function counted(findings: readonly LintFinding[]): string {
  const errors = errorsOf(findings).length;
  const warnings = findings.length - errors;
  const parts = [
    ...(errors > 0 ? [`${errors} ${errors === 1 ? 'error' : 'errors'}`] : []),
    ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`] : []),
  ];
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

function whereOf({ table, column, line }: LintFinding): string | null {
  const name = [table, column].filter((part) => part !== null).join('.');
  return [...(line === null ? [] : [`line ${line}`]), ...(name === '' ? [] : [name])].join(', ') || null;
}
