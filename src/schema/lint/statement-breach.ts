import type { Breach } from './rule.js';
import type { Statement } from './statement.js';

/** The table that a statement is about. */
export function subject({ tables }: Statement): string | null {
  return tables[0]?.name ?? null;
}

/** A breach by a whole statement. */
export function breachOf(statement: Statement, message: string, detail?: string): Breach {
  return { table: subject(statement), line: statement.line, message, ...(detail === undefined ? {} : { detail }) };
}
