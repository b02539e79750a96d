import type { SqlSession } from '../sql-session.js';
import { parseTable } from './parse-table.js';
import type { Schema } from './schema.js';
import { quoted } from './sql-pieces.js';

/** Vitess's own tables, which come and go while it changes a schema. */
const OF_VITESS = /^_vt_|^_[0-9a-f]{8}_[0-9a-f]{4}_.*_(?:gho|ghc|del|vrepl)$/i;

/**
 * The base tables of the session's database.
 * Throws `schema_unreadable`, and what the session throws.
 */
export async function readSchema(session: SqlSession): Promise<Schema> {
  const tables = await session.rows<Record<string, string>>('SHOW FULL TABLES');
  const statements: string[] = [];
  for (const row of tables) {
    const [name = ''] = Object.values(row);
    if (row['Table_type'] === 'VIEW' || OF_VITESS.test(name)) continue;
    const [made] = await session.rows<Record<string, string>>(`SHOW CREATE TABLE ${quoted(name)}`);
    statements.push(made?.['Create Table'] ?? '');
  }
  return schemaOf(statements);
}

/** A schema from the SHOW CREATE TABLE of each table. Throws `schema_unreadable`. */
export function schemaOf(createStatements: readonly string[]): Schema {
  const tables = createStatements.map(parseTable);
  tables.sort((one, other) => (one.name < other.name ? -1 : 1));
  return new Map(tables.map((table) => [table.name, table]));
}
