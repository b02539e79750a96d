import type { LintFinding } from '../provider.js';

/** The findings in a stable order: by table, column, line, code and message. Those without a table come first. */
export function sortFindings(findings: readonly LintFinding[]): LintFinding[] {
  return [...findings].sort(
    (a, b) =>
      compare(a.table ?? '', b.table ?? '') ||
      compare(a.column ?? '', b.column ?? '') ||
      (a.line ?? 0) - (b.line ?? 0) ||
      compare(a.code, b.code) ||
      compare(a.message, b.message),
  );
}

/** Whether one of the findings is what PlanetScale refuses. */
export function hasErrors(findings: readonly LintFinding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** Findings that were not there before; the line of a file does not count. */
export function without(findings: readonly LintFinding[], before: readonly LintFinding[]): LintFinding[] {
  const known = new Set(before.map(placeOf));
  return findings.filter((finding) => !known.has(placeOf(finding)));
}

function placeOf({ code, table, column, message }: LintFinding): string {
  return JSON.stringify([code, table, column, message]);
}

// By code units, so that the order is the same in every locale.
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
