import { HooklineError } from '../../../errors.js';
import { schemaOf } from '../../table/read-schema.js';
import type { Schema, Table } from '../../table/schema.js';
import { schemaHash } from '../../table/schema-hash.js';

/** A schema as the state database keeps it. */
export function toSnapshot(schema: Schema): string {
  return JSON.stringify([...schema.values()].map((table) => table.createStatement));
}

/** Throws `schema_unreadable` when it is no snapshot: somebody has written to the state database. */
export function fromSnapshot(text: string): Schema {
  let statements: unknown;
  try {
    statements = JSON.parse(text);
  } catch {
    statements = undefined;
  }
  if (Array.isArray(statements) && statements.every((one) => typeof one === 'string')) return schemaOf(statements);
  throw new HooklineError('schema_unreadable', 'A snapshot of a schema in the state database is damaged.', {
    hint: 'The database <database>__hookline is not to be written by hand. Make the branch or the deploy request anew.',
  });
}

/** Whether two tables, or their absences, are the same; their next AUTO_INCREMENT does not count. */
export function isSameTable(one: Table | undefined, other: Table | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return hashOf(one) === hashOf(other);
}

/** The tables, of these names alone. */
export function tablesOf(schema: Schema, names: Iterable<string>): Schema {
  const wanted = new Set(names);
  return new Map([...schema].filter(([name]) => wanted.has(name)));
}

/** The names of the tables that are not the same in both. */
export function differingTables(one: Schema, other: Schema): string[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => !isSameTable(one.get(name), other.get(name))).toSorted();
}

function hashOf(table: Table): string {
  return schemaHash(new Map([[table.name, table]]));
}
