import { diffSchemas } from '../../schema/diff/diff-schemas.js';
import { withAlgorithm } from '../../schema/providers/mysql/algorithms.js';
import { type Applied, collisionsOf } from '../../schema/providers/mysql/collisions.js';
import { isSameTable } from '../../schema/providers/mysql/snapshot.js';
import type { SqlSession } from '../../schema/sql-session.js';
import { schemaOf } from '../../schema/table/read-schema.js';
import type { SchemaChange } from '../../schema/table/schema.js';
import type { CreateStatements, Databases } from './databases.js';

/** The three schemas of a deploy request. */
export interface ThreeWay {
  /** As both branches parted. */
  readonly base: CreateStatements;
  readonly branch: CreateStatements;
  readonly into: CreateStatements;
}

/** What the branch it goes into becomes, or why it cannot. */
export type Merge = { readonly target: CreateStatements } | { readonly conflict: string };

/**
 * PlanetScale's three-way check: what the branch changed and what happened to the other branch meanwhile have to work in both orders, and to end in the same
 * tables. Equality is that of the mysql provider, so that both providers find the same conflicts.
 */
export async function mergeSchemas(databases: Databases, { base, branch, into }: ThreeWay): Promise<Merge> {
  const [parted, ours, theirs] = [schemaOf(base), schemaOf(branch), schemaOf(into)];
  const apart = ({ table }: SchemaChange): boolean => !isSameTable(ours.get(table), theirs.get(table));
  const ourChanges = diffSchemas(parted, ours).filter(apart);
  const theirChanges = diffSchemas(parted, theirs).filter(apart);
  if (ourChanges.length === 0) return { target: into };
  if (theirChanges.length === 0) return { target: branch };
  const one = await applied(databases, into, ourChanges);
  const other = await applied(databases, branch, theirChanges);
  const conflicts = collisionsOf(parted, ours, theirs, [one, other]).map(({ message }) => message);
  if (conflicts.length > 0 || one.schema === undefined) return { conflict: conflicts.join('\n') };
  return { target: [...one.schema.values()].map(({ createStatement }) => createStatement) };
}

/** Changes made on a scratch database that has these tables. */
function applied(databases: Databases, onto: CreateStatements, changes: readonly SchemaChange[]): Promise<Applied> {
  return databases.withScratch(onto, async (session, database) => {
    for (const { table, statement } of changes) {
      const words = await refusalOf(session, statement);
      if (words !== undefined) return { failed: { table, words } };
    }
    return { schema: await databases.schemaOf(database) };
  });
}

/** Whether every ALTER can be run with ALGORITHM=INSTANT, and there is one; tried on empty tables. */
export async function isInstant(
  databases: Databases,
  into: CreateStatements,
  changes: readonly SchemaChange[],
): Promise<boolean> {
  if (!changes.some(({ operation }) => operation === 'ALTER')) return false;
  return databases.withScratch(into, async (session) => {
    for (const { operation, statement } of changes) {
      const sql = operation === 'ALTER' ? withAlgorithm(statement, 'INSTANT') : statement;
      if ((await refusalOf(session, sql)) !== undefined) return false;
    }
    return true;
  });
}

/** The server's words about a statement that it does not take. */
async function refusalOf(session: SqlSession, statement: string): Promise<string | undefined> {
  try {
    await session.run(statement);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
