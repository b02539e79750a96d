import { columnsOfForeignKey } from '../table/parse-key.js';
import type { Column, Constraint, Schema, Table } from '../table/schema.js';
import { piecesOf, quoted, unquoted } from '../table/sql-pieces.js';
import { generationOf } from './generation.js';

/** The constraints of a table that go and that come; one that is in both is dropped and made anew. */
export interface ConstraintsDiff {
  readonly drops: readonly Constraint[];
  readonly adds: readonly Constraint[];
}

/** What becomes of the constraints of a table that both schemas have. */
export function diffConstraints(from: Schema, to: Schema, name: string, remade: ReadonlySet<string>): ConstraintsDiff {
  const [before, after] = [from.get(name), to.get(name)];
  if (!before || !after) return { drops: before?.constraints ?? [], adds: after?.constraints ?? [] };
  const definitions = [before, after].map(
    ({ constraints }) => new Set(constraints.map(({ definition }) => definition)),
  );
  const isKept = (constraint: Constraint) =>
    definitions.every((there) => there.has(constraint.definition)) &&
    (constraint.kind === 'check'
      ? !namesAny(constraint.definition, remade)
      : !isInTheWay(constraint, { from, to }, before, after));
  return {
    drops: before.constraints.filter((constraint) => !isKept(constraint)),
    adds: after.constraints.filter((constraint) => !isKept(constraint)),
  };
}

/** The clause that drops a constraint. */
export function dropOf({ name, kind }: Constraint): string {
  // MariaDB has no DROP CHECK; MySQL has DROP CONSTRAINT since 8.0.19.
  return `DROP ${kind === 'foreign_key' ? 'FOREIGN KEY' : 'CONSTRAINT'} ${quoted(name)}`;
}

/** Whether some SQL holds one of the names, given in lower case. */
function namesAny(sql: string, names: ReadonlySet<string>): boolean {
  return (
    names.size > 0 && piecesOf(sql).some(({ kind, text }) => kind === 'name' && names.has(unquoted(text).toLowerCase()))
  );
}

/** Servers refuse to change the type of a column while a foreign key has it on either side, and the engine of a table that has foreign keys. */
function isInTheWay(key: Constraint, { from, to }: { from: Schema; to: Schema }, before: Table, after: Table): boolean {
  if (before.engine !== after.engine || before.partitioning !== after.partitioning) return true;
  const { own, referenced } = columnsOfForeignKey(key.definition);
  const [parentBefore, parentAfter] = [from, to].map((schema) => schema.get(key.references ?? ''));
  const pairs: [Column | undefined, Column | undefined][] = [
    ...own.map((name): [Column | undefined, Column | undefined] => [columnOf(before, name), columnOf(after, name)]),
    ...referenced.map((name): [Column | undefined, Column | undefined] => [
      columnOf(parentBefore, name),
      columnOf(parentAfter, name),
    ]),
  ];
  return (
    parentBefore?.engine !== parentAfter?.engine ||
    parentBefore?.partitioning !== parentAfter?.partitioning ||
    pairs.some(([old, now]) => old && now && essenceFor(old) !== essenceFor(now))
  );
}

function columnOf(table: Table | undefined, name: string): Column | undefined {
  return table?.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}

/** What a foreign key needs of a column. */
function essenceFor({ type, nullable, charset, collation, definition }: Column): string {
  return [type, nullable, charset, collation, generationOf(definition)].join();
}
