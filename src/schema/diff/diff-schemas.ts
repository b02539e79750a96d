import type { Constraint, Schema, SchemaChange } from '../table/schema.js';
import { quoted } from '../table/sql-pieces.js';
import { dropOf } from './diff-constraints.js';
import { orderChanges, type PlacedChange } from './order-changes.js';
import { changeOf } from './table-change.js';

/**
 * What takes one schema to another: one statement a table (two where a server needs a foreign key to go before another table's change), in an order in
 * which they can run. None when they are the same. The reverse diff is `diffSchemas(to, from)`.
 */
export function diffSchemas(from: Schema, to: Schema): SchemaChange[] {
  const names = [...new Set([...from.keys(), ...to.keys()])];
  const placed = orderChanges(names.flatMap((name) => changeOf(from, to, name) ?? []));
  return [
    ...placed.flatMap(({ change, early }) => constraintsChange(change.table, [...early].map(dropOf))),
    ...placed.flatMap(mainChange),
    ...placed.flatMap(({ change, late }) => constraintsChange(change.table, [...late].map(addOf))),
  ];
}

function mainChange({ change, early, late }: PlacedChange): SchemaChange[] {
  const { table, operation, losses, drops, adds } = change;
  const statement = change.statement(
    drops.filter((constraint) => !early.has(constraint)),
    adds.filter((constraint) => !late.has(constraint)),
  );
  return statement === undefined ? [] : [{ table, operation, statement, canDropData: losses.length > 0, losses }];
}

function constraintsChange(table: string, clauses: readonly string[]): SchemaChange[] {
  if (clauses.length === 0) return [];
  const statement = `ALTER TABLE ${quoted(table)} ${clauses.join(', ')}`;
  return [{ table, operation: 'ALTER', statement, canDropData: false, losses: [] }];
}

function addOf({ definition }: Constraint): string {
  return `ADD ${definition}`;
}
