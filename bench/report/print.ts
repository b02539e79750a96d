import type { Report } from './report.js';
import { boundOf, isMet, type Row, type Section, type Target } from './section.js';

/** Prints a report for a person. */
export function print({ machine, at, sections }: Report): void {
  for (const section of sections) printSection(section);
  console.info(`\n${at}`);
  console.table(machine);
}

function printSection({ title, says, rows, targets }: Section): void {
  console.info(`\n${title}\n${says}`);
  // What a row does is too long for a column.
  for (const row of rows) if (row['does'] !== undefined) console.info(`- ${Object.values(row)[0]}: ${row['does']}`);
  console.table(rows.map(({ does: _, ...row }): Row => row));
  for (const target of targets) console.info(`${isMet(target) ? 'met   ' : 'MISSED'} ${told(target)}`);
}

/** A target in words. */
function told(target: Target): string {
  const { what, value, unit = '' } = target;
  return `${what}: ${`${value} ${unit}`.trim()} (${boundOf(target)})`;
}
