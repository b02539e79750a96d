import { diffSchemas } from '../../schema/diff/diff-schemas.js';
import { schemaOf } from '../../schema/table/read-schema.js';
import type { CreateStatements, Databases } from './databases.js';
import { runOnline } from './run-ddl.js';

/** Told of each table when it is as it shall be, or of the one that failed. */
export type OnTable = (table: string, error?: unknown) => Promise<void>;

/**
 * Takes the tables of a database to a schema, whatever they are now: so it goes on where a killed process stopped, and undoes what one did.
 * Throws the server's error for the first statement that fails; what was done before it stays.
 */
export async function takeTo(
  databases: Databases,
  database: string,
  target: CreateStatements,
  onTable: OnTable = async () => undefined,
): Promise<void> {
  const changes = diffSchemas(await databases.schemaOf(database), schemaOf(target));
  const session = await databases.openSession(database);
  try {
    for (const { table, operation, statement } of changes) {
      try {
        await runOnline(session, operation, statement);
      } catch (error) {
        await onTable(table, error);
        throw error;
      }
      await onTable(table);
    }
  } finally {
    await session.close();
  }
}
