import type { Constraint, Schema, Table } from '../table/schema.js';
import { essenceOf } from '../table/schema-hash.js';
import { isMark, partsOf, piecesOf, quoted } from '../table/sql-pieces.js';
import { diffColumns } from './diff-columns.js';
import { diffConstraints, dropOf } from './diff-constraints.js';
import { diffKeys } from './diff-keys.js';
import { diffOptions, diffPartitioning } from './diff-options.js';

/** What has to be done to one table, before it is known in which order. */
export interface TableChange {
  readonly table: string;
  readonly operation: 'CREATE' | 'ALTER' | 'DROP';
  /** Constraints that go and come, and so the order of tables; any may be left to a statement of its own. */
  readonly drops: readonly Constraint[];
  readonly adds: readonly Constraint[];
  /** Those of its drops that cannot be in one statement with the rest. */
  readonly first: readonly Constraint[];
  /** The same of its adds. */
  readonly last: readonly Constraint[];
  readonly losses: readonly string[];
  /** The statement, doing only these of its drops and adds; undefined when nothing is left to do. */
  statement(drops: readonly Constraint[], adds: readonly Constraint[]): string | undefined;
}

/** What becomes of a table, by its name; undefined where nothing does. */
export function changeOf(from: Schema, to: Schema, table: string): TableChange | undefined {
  const [before, after] = [from.get(table), to.get(table)];
  if (before && after) return alter(from, to, before, after);
  if (after) return create(after);
  return before && drop(before);
}

function create(table: Table): TableChange {
  const { constraints: adds, name } = table;
  return {
    table: name,
    operation: 'CREATE',
    drops: [],
    adds,
    first: [],
    last: [],
    losses: [],
    statement: (_, now) =>
      createWithout(
        table.createStatement,
        adds.filter((constraint) => !now.includes(constraint)),
      ),
  };
}

function createWithout(statement: string, left: readonly Constraint[]): string {
  if (left.length === 0) return statement;
  const pieces = piecesOf(statement);
  const open = pieces.find((piece) => isMark(piece, '('));
  const close = pieces.find((piece) => piece.depth === 0 && isMark(piece, ')'));
  const lines = partsOf(statement.slice(open?.end, close?.start));
  const kept = lines.filter((line) => !left.some(({ definition }) => definition === line));
  return `${statement.slice(0, open?.end)}\n  ${kept.join(',\n  ')}\n${statement.slice(close?.start)}`;
}

function drop({ name, constraints }: Table): TableChange {
  return {
    table: name,
    operation: 'DROP',
    drops: constraints,
    adds: [],
    first: [],
    last: [],
    losses: [`table ${name}`],
    statement: () => `DROP TABLE ${quoted(name)}`,
  };
}

function alter(from: Schema, to: Schema, before: Table, after: Table): TableChange | undefined {
  const columns = diffColumns(before, after);
  const keys = diffKeys(before, after, columns.remade);
  const { drops, adds } = diffConstraints(from, to, after.name, columns.remade);
  if (essenceOf(before) === essenceOf(after) && drops.length + adds.length === 0) return undefined;
  const options = diffOptions(before, after);
  const partitioning = diffPartitioning(before, after);
  return {
    table: after.name,
    operation: 'ALTER',
    drops,
    adds,
    first: drops.filter((constraint) => hasToGoFirst(constraint, adds, before, after)),
    last: adds.filter((constraint) => hasToGoLast(constraint, before, after)),
    losses: columns.losses,
    statement(dropped, added) {
      const clauses = [
        ...dropped.map(dropOf),
        ...keys.drops,
        ...columns.drops,
        ...columns.changes,
        ...keys.adds,
        ...added.map(({ definition }) => `ADD ${definition}`),
        ...options,
      ];
      const rest = partitioning === '' ? '' : ` ${partitioning}`;
      return clauses.length === 0 && rest === ''
        ? undefined
        : `ALTER TABLE ${quoted(after.name)}${clauses.length > 0 ? ` ${clauses.join(', ')}` : ''}${rest}`;
    },
  };
}

/**
 * A server does not take a foreign key's name away and give it again in one statement, nor a foreign key away together with the engine or the partitions.
 * One that a table has to itself is checked against the table as it was before the statement.
 */
function hasToGoFirst(dropped: Constraint, adds: readonly Constraint[], before: Table, after: Table): boolean {
  return (
    hasToGoLast(dropped, before, after) ||
    (dropped.kind === 'foreign_key' && adds.some((added) => isSameName(added, dropped)))
  );
}

function hasToGoLast({ kind, references }: Constraint, before: Table, after: Table): boolean {
  const isStoredAnew = before.engine !== after.engine || before.partitioning !== after.partitioning;
  return kind === 'foreign_key' && (isStoredAnew || references === after.name);
}

export function isSameName(one: Constraint, other: Constraint): boolean {
  return one.name.toLowerCase() === other.name.toLowerCase();
}
