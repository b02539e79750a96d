import { createHash } from 'node:crypto';
import type { Schema, Table } from './schema.js';
import { optionsOf } from './table-options.js';

/**
 * SHA-256 of a schema, as 64 hex digits: the same for the same tables, whatever their next AUTO_INCREMENT, and in whatever order their keys and
 * constraints stand.
 */
export function schemaHash(schema: Schema): string {
  const tables = [...schema.values()].map(essenceOf).sort();
  return createHash('sha256').update(JSON.stringify(tables)).digest('hex');
}

/** All that makes a table what it is, as text: two tables with the same text are the same. */
export function essenceOf(table: Table): string {
  return JSON.stringify([
    table.name,
    table.columns.map(({ name, definition }) => [name, definition]),
    table.keys.map(({ definition }) => definition).sort(),
    table.constraints.map(({ definition }) => definition).sort(),
    table.engine,
    table.charset,
    table.collation,
    optionsOf(table.options).map(({ name, value }) => [name, value]),
    table.partitioning,
  ]);
}
