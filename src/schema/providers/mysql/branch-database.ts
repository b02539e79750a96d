import { HooklineError } from '../../../errors.js';
import { quoted } from '../../table/sql-pieces.js';
import type { Work } from './work.js';

export interface BranchRow {
  readonly name: string;
  readonly parent: string;
  /** creating: its database is not known to be ours yet; filling: its tables are being made. */
  readonly state: 'creating' | 'filling' | 'ready' | 'deleting';
  readonly base_schema: string;
  readonly created_at: string;
}

/** Drops a branch with its database. The caller holds the branch's lock. */
export async function removeBranch(work: Work, { name, state }: BranchRow): Promise<void> {
  const database = work.names.databaseOf(name);
  // A database that was not known to be ours when its making was broken off is dropped only without tables.
  const ours = state !== 'creating' || (await isEmpty(work, database));
  await setState(work, name, ours ? 'deleting' : state);
  if (ours) await work.run(`DROP DATABASE IF EXISTS ${quoted(database)}`);
  await work.run(`DELETE FROM ${work.state.branches} WHERE name = ?`, [name]);
}

/** Removes a branch that was there before. Throws `branch_exists` for a database that is no branch of ours. */
export async function makeRoom(work: Work, before: BranchRow | undefined, database: string): Promise<void> {
  if (before !== undefined) await removeBranch(work, before);
  if (!(await exists(work, database))) return;
  throw new HooklineError('branch_exists', `There is a database ${database}, and it is no branch of Hookline's.`, {
    hint: 'It was left as it is. Take another name for the branch, or drop the database by hand if nobody needs it.',
  });
}

/** Makes it with the character set of production. */
export async function makeDatabase(work: Work, database: string): Promise<void> {
  const [like] = await work.rows<{ charset: string; collation: string }>(
    `SELECT DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation
     FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?`,
    [work.names.production],
  );
  const defaults = like === undefined ? '' : ` CHARACTER SET ${like.charset} COLLATE ${like.collation}`;
  await work.run(`CREATE DATABASE ${quoted(database)}${defaults}`);
}

export async function setState(work: Work, name: string, state: BranchRow['state']): Promise<void> {
  await work.run(`UPDATE ${work.state.branches} SET state = ? WHERE name = ?`, [state, name]);
}

async function exists(work: Work, database: string): Promise<boolean> {
  const found = await work.rows('SELECT 1 AS one FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?', [database]);
  return found.length > 0;
}

async function isEmpty(work: Work, database: string): Promise<boolean> {
  const found = await work.rows('SELECT 1 AS one FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? LIMIT 1', [
    database,
  ]);
  return found.length === 0;
}
