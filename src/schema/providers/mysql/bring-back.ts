import { diffSchemas } from '../../diff/diff-schemas.js';
import { ofTable } from '../../diff/of-table.js';
import type { Schema } from '../../table/schema.js';
import { schemaHash } from '../../table/schema-hash.js';
import { fromSnapshot, toSnapshot } from './snapshot.js';
import type { Work } from './work.js';

/** Notes what the tables of a branch are before a file is applied, so that another command can bring them back when this process is killed. */
export async function noteBefore(work: Work, branch: string, before: Schema | null): Promise<void> {
  await work.run(`UPDATE ${work.state.branches} SET before_apply = ? WHERE name = ?`, [
    before === null ? null : toSnapshot(before),
    branch,
  ]);
}

/** Brings a branch back to what it was before a file that was broken off. The caller holds the branch's lock. */
export async function bringBackBrokenOff(work: Work, branch: string): Promise<void> {
  const [row] = await work.rows<{ before_apply: string | null }>(
    `SELECT before_apply FROM ${work.state.branches} WHERE name = ? AND state = 'ready'`,
    [branch],
  );
  if (row?.before_apply == null) return;
  try {
    const lost = await bringBack(work, work.names.databaseOf(branch), fromSnapshot(row.before_apply));
    if (lost !== undefined) await noteBefore(work, branch, null);
  } catch {
    // The command may be about another branch, or delete this one. Each tries again.
  }
}

/**
 * Makes the tables of a branch's database what they were. Gives what comes back without its data, in words; undefined when the tables are not as they were
 * in spite of it. Throws what the driver throws.
 */
export async function bringBack(work: Work, database: string, before: Schema): Promise<string[] | undefined> {
  const now = await work.schemaIn(database);
  const lost = diffSchemas(before, now).flatMap(({ table, losses }) => ofTable(table, losses));
  for (const change of diffSchemas(now, before)) await work.ddl(database, change.statement);
  return schemaHash(await work.schemaIn(database)) === schemaHash(before) ? lost : undefined;
}
