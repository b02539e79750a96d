import type { Connection } from 'mysql2/promise';
import { HooklineError } from '../../errors.js';
import type { Change, Clause } from './change.js';
import { rowsOf } from './connection.js';

/** A table as the database has it. */
export interface Table {
  /** By name; `charset` is null where a type has none. */
  readonly columns: ReadonlyMap<string, { readonly type: string; readonly charset: string | null }>;
  /** By name; the columns as `(a, b)`. */
  readonly indexes: ReadonlyMap<string, { readonly columns: string; readonly unique: boolean }>;
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly charset: string | null;
}

interface IndexRow {
  readonly name: string;
  readonly col: string;
  readonly notUnique: number;
}

/** Each with the next larger one; a text may stand in a larger type than it needs. */
const TEXTS = ['tinytext', 'text', 'mediumtext', 'longtext'];
/** Characters of utf8mb4 that a TEXT surely holds. */
const TEXT_CHARACTERS = 16_383;

/** The table of the connection's database; undefined when there is none of that name. */
export async function readTable(connection: Connection, table: string): Promise<Table | undefined> {
  const columns = await rowsOf<ColumnRow>(
    connection,
    `SELECT COLUMN_NAME AS name, COLUMN_TYPE AS type, CHARACTER_SET_NAME AS charset
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?`,
    [table],
  );
  if (columns.length === 0) return undefined;
  const parts = await rowsOf<IndexRow>(
    connection,
    `SELECT INDEX_NAME AS name, COLUMN_NAME AS col, NON_UNIQUE AS notUnique FROM information_schema.STATISTICS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
    [table],
  );
  const indexes = new Map<string, { columns: string; unique: boolean }>();
  for (const { name, col, notUnique } of parts) {
    const before = indexes.get(name)?.columns.slice(1, -1);
    indexes.set(name, {
      columns: `(${before === undefined ? '' : `${before}, `}${col})`,
      unique: Number(notUnique) === 0,
    });
  }
  return { columns: new Map(columns.map(({ name, type, charset }) => [name, { type, charset }])), indexes };
}

/**
 * The clauses of a change that the table lacks. Throws `migration_failed` when it has another column or index under one of the names, and
 * when a table that should be created is there with too few columns; the hint says what would mend it.
 */
export function missingClauses(change: Change, table: Table | undefined): readonly Clause[] {
  if (table === undefined) return change.clauses;
  const missing = change.clauses.filter(
    ({ kind, name }) => !(kind === 'column' ? table.columns : table.indexes).has(name),
  );
  const differing = change.clauses.flatMap((clause) => differenceOf(clause, table));
  // An index that is missing from a table of the user's own only makes look-ups slow.
  const lacking = change.kind === 'create' ? missing.filter(({ kind }) => kind === 'column') : [];
  if (differing.length + lacking.length > 0) throw otherTable(change, lacking, differing);
  return change.kind === 'create' ? [] : missing;
}

interface Difference {
  readonly says: string;
  readonly mend: string;
}

function differenceOf(clause: Clause, table: Table): Difference[] {
  const { kind, name, definition } = clause;
  if (kind === 'index') {
    const index = table.indexes.get(name);
    if (index === undefined || (index.columns === definition && index.unique === clause.unique)) return [];
    const wanted = `${clause.unique ? 'UNIQUE ' : ''}INDEX ${name} ${definition}`;
    return [{ says: `${name} is another index`, mend: `DROP INDEX ${name}, ADD ${wanted}` }];
  }
  const column = table.columns.get(name);
  if (column === undefined) return [];
  if (!holds(column.type, typeIn(definition))) {
    const says = `${name} is ${column.type} and has to be ${typeIn(definition)}`;
    return [{ says, mend: `MODIFY COLUMN ${name} ${definition}` }];
  }
  if (/^(text|varchar)/i.test(definition) && !/CHARACTER SET/.test(definition) && column.charset !== 'utf8mb4') {
    return [{ says: `${name} is in ${column.charset}`, mend: 'CONVERT TO CHARACTER SET utf8mb4' }];
  }
  return [];
}

function otherTable(change: Change, lacking: readonly Clause[], differing: readonly Difference[]): HooklineError {
  const says = [...lacking.map(({ name }) => `${name} is missing`), ...differing.map((difference) => difference.says)];
  const mends = [...lacking.map(({ text }) => `ADD COLUMN ${text}`), ...differing.map(({ mend }) => mend)];
  const message = `Migration ${change.name} does not fit the table ${change.table} of this database: ${says.join('; ')}.`;
  return new HooklineError('migration_failed', message, {
    hint: `Nothing was changed. If this is another table, name another database; else: ALTER TABLE ${change.table} ${[...new Set(mends)].join(', ')};`,
  });
}

/** The type at the beginning of a column's definition, as information_schema spells it. */
function typeIn(definition: string): string {
  return /^\w+(\([^)]*\))?( unsigned)?/i.exec(definition)?.[0].toLowerCase() ?? '';
}

/** Whether a column of type `actual` takes every value of type `wanted`: the same type, or a text that is at least as long. */
function holds(actual: string, wanted: string): boolean {
  // MariaDB and older MySQL tell a display width with integers.
  const type = actual.toLowerCase().replace(/^(\w*int)\(\d+\)/, '$1');
  if (type === wanted) return true;
  // MariaDB's JSON is a longtext.
  if (wanted === 'json') return type === 'longtext';
  const least = /^varchar\((\d+)\)$/.exec(wanted)?.[1];
  if (least === undefined) return TEXTS.includes(wanted) && TEXTS.indexOf(type) > TEXTS.indexOf(wanted);
  const most = /^varchar\((\d+)\)$/.exec(type)?.[1] ?? (TEXTS.indexOf(type) >= 1 ? TEXT_CHARACTERS : 0);
  return Number(most) >= Number(least);
}
