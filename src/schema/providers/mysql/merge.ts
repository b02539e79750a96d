import { diffSchemas } from '../../diff/diff-schemas.js';
import type { LintFinding } from '../../provider.js';
import type { Schema, SchemaChange } from '../../table/schema.js';
import { type Applied, collisionsOf } from './collisions.js';
import { withScratch } from './scratch.js';
import { isConnectionLost, wordsOf } from './server-errors.js';
import { isSameTable } from './snapshot.js';
import type { Work } from './work.js';

export type Merge = { readonly merged: Schema } | { readonly conflicts: readonly [LintFinding, ...LintFinding[]] };

/**
 * The changes of a branch since its base, brought onto what production has become since. Both diffs are run in both orders: both orders have to work, and to end
 * in the same tables but for the order of columns; else the conflicts.
 */
export async function mergeSchemas(work: Work, base: Schema, branch: Schema, production: Schema): Promise<Merge> {
  const apart = (change: SchemaChange): boolean => !isSameTable(branch.get(change.table), production.get(change.table));
  const ours = diffSchemas(base, branch).filter(apart);
  const theirs = diffSchemas(base, production).filter(apart);
  if (ours.length === 0) return { merged: production };
  if (theirs.length === 0) return { merged: branch };
  const oursOnTheirs = await applied(work, production, ours);
  const theirsOnOurs = await applied(work, branch, theirs);
  const conflicts = collisionsOf(base, branch, production, [oursOnTheirs, theirsOnOurs]);
  const [first, ...others] = conflicts;
  if (first !== undefined) return { conflicts: [first, ...others] };
  if (oursOnTheirs.schema === undefined) throw new Error('A failed change is a conflict.');
  return { merged: oursOnTheirs.schema };
}

function applied(work: Work, onto: Schema, changes: readonly SchemaChange[]): Promise<Applied> {
  return withScratch(work, onto, async (scratch) => {
    for (const { table, statement } of changes) {
      try {
        await work.ddl(scratch, statement);
      } catch (error) {
        if (isConnectionLost(error)) throw error;
        return { failed: { table, words: wordsOf(error, scratch) } };
      }
    }
    return { schema: await work.schemaIn(scratch) };
  });
}
