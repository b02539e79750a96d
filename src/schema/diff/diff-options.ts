import type { Table } from '../table/schema.js';
import { optionsOf, writeOption } from '../table/table-options.js';

/** What an option has to be set to in order to be gone, where that is not the word DEFAULT. */
const GONE: Readonly<Record<string, string>> = {
  AUTOEXTEND_SIZE: '0',
  AVG_ROW_LENGTH: '0',
  CHECKSUM: '0',
  COMMENT: "''",
  COMPRESSION: "''",
  CONNECTION: "''",
  DELAY_KEY_WRITE: '0',
  ENCRYPTION: "'N'",
  ENGINE_ATTRIBUTE: "''",
  KEY_BLOCK_SIZE: '0',
  MAX_ROWS: '0',
  MIN_ROWS: '0',
  SECONDARY_ENGINE: 'NULL',
  SECONDARY_ENGINE_ATTRIBUTE: "''",
  TABLESPACE: '`innodb_file_per_table`',
  UNION: '()',
};

/** The clauses that give one table the engine, the default character set and the options of another. */
export function diffOptions(from: Table, to: Table): string[] {
  const clauses: string[] = [];
  if (from.engine !== to.engine) clauses.push(`ENGINE=${to.engine}`);
  if (from.charset !== to.charset || from.collation !== to.collation) {
    // For columns that are added later by hand; those that are there keep their own.
    clauses.push(`DEFAULT CHARACTER SET ${to.charset}${to.collation === null ? '' : ` COLLATE ${to.collation}`}`);
  }
  const [before, after] = [from, to].map(({ options }) => new Map(optionsOf(options).map((it) => [it.name, it.value])));
  for (const [name, value] of after ?? []) {
    if (before?.get(name) !== value) clauses.push(writeOption({ name, value }));
  }
  for (const name of before?.keys() ?? []) {
    if (!after?.has(name)) clauses.push(writeOption({ name, value: GONE[name] ?? 'DEFAULT' }));
  }
  return clauses;
}

/** What stands behind the clauses, without a comma, to partition the table as the other is. */
export function diffPartitioning(from: Table, to: Table): string {
  if (from.partitioning === to.partitioning) return '';
  return to.partitioning === null ? 'REMOVE PARTITIONING' : to.partitioning;
}
