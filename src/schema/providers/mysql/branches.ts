import { HooklineError } from '../../../errors.js';
import { checkBranchName } from '../../branch-name.js';
import type { Branch } from '../../provider.js';
import type { Schema } from '../../table/schema.js';
import { type BranchRow, makeDatabase, makeRoom, removeBranch, setState } from './branch-database.js';
import { bringBackBrokenOff } from './bring-back.js';
import { isLockFree, underLock } from './locks.js';
import { lockName, PRODUCTION } from './names.js';
import { makeTables } from './scratch.js';
import { toSnapshot } from './snapshot.js';
import type { Work } from './work.js';

/** How long a command waits for another one on the same branch. */
const BRANCH_WAIT_SECONDS = 10;

/**
 * Makes a branch's database with the tables of its parent. What a process leaves that is killed meanwhile is made anew by the next.
 * Throws `invalid_branch_name`, `branch_exists`, `branch_not_found`, `branch_in_use`.
 */
export async function createBranch(work: Work, { name, from }: { name: string; from: string }): Promise<Branch> {
  checkBranchName(name);
  const database = work.names.databaseOf(name);
  return alone(work, name, async () => {
    const before = await rowOf(work, name);
    if (before?.state === 'ready') {
      throw new HooklineError('branch_exists', `There is a branch ${name}, made at ${before.created_at}.`, {
        hint: 'Take another name, or delete the branch.',
      });
    }
    const parent = from === PRODUCTION ? undefined : await readyBranch(work, from);
    const schema = await work.schemaIn(work.names.databaseOf(parent?.name ?? PRODUCTION));
    await makeRoom(work, before, database);
    const created: BranchRow = {
      name,
      parent: from,
      state: 'ready',
      base_schema: toSnapshot(schema),
      created_at: (await work.time()).toISOString(),
    };
    await work.run(`DELETE FROM ${work.state.branches} WHERE name = ?`, [name]);
    await work.run(
      `INSERT INTO ${work.state.branches} (name, parent, state, base_schema, created_at) VALUES (?, ?, 'creating', ?, ?)`,
      [name, from, created.base_schema, created.created_at],
    );
    await makeDatabase(work, database);
    await setState(work, name, 'filling');
    await makeTables(work, database, schema);
    await setState(work, name, 'ready');
    return toBranch(created);
  });
}

/** Production, then the others by name. */
export async function listBranches(work: Work): Promise<Branch[]> {
  const rows = await work.rows<BranchRow>(`SELECT * FROM ${work.state.branches} ORDER BY name`);
  const [since] = await work.rows<{ at: number | string | null }>(
    'SELECT UNIX_TIMESTAMP(MIN(CREATE_TIME)) AS at FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?',
    [work.names.state],
  );
  const production: Branch = {
    name: PRODUCTION,
    parentBranch: null,
    production: true,
    ready: true,
    safeMigrations: true,
    createdAt: new Date(Number(since?.at ?? 0) * 1000).toISOString(),
    url: null,
  };
  return [production, ...rows.map(toBranch)];
}

/** Drops a branch's database. Throws `branch_protected`, `branch_not_found`, `branch_in_use`. */
export async function deleteBranch(work: Work, name: string): Promise<void> {
  if (name === PRODUCTION) {
    throw new HooklineError('branch_protected', 'The production branch cannot be deleted.', {
      hint: 'hookline schema branch list names the development branches.',
    });
  }
  await alone(work, name, async () => {
    const row = await rowOf(work, name);
    if (row === undefined) throw noSuchBranch(name);
    const [open] = await work.rows<{ number: number }>(
      `SELECT number FROM ${work.state.requests} WHERE open_branch = ?`,
      [name],
    );
    if (open !== undefined) {
      throw new HooklineError('branch_in_use', `Deploy request #${open.number} of the branch ${name} is open.`, {
        hint: `Deploy or close it first: hookline schema deploy-request close ${open.number}`,
      });
    }
    await removeBranch(work, row);
  });
}

/** Whether a branch is there for work: its row. Throws `branch_not_found`, also for one whose making was broken off. */
export async function readyBranch(work: Work, name: string): Promise<BranchRow> {
  const row = await rowOf(work, name);
  if (row === undefined) throw noSuchBranch(name);
  if (row.state === 'ready') return row;
  const doing = row.state === 'deleting' ? 'deleted' : 'made';
  if (!(await isLockFree(work, branchLock(work, name)))) {
    throw new HooklineError('branch_not_found', `The branch ${name} is being ${doing} by another process.`, {
      hint: 'Wait for it to end.',
    });
  }
  throw new HooklineError('branch_not_found', `The branch ${name} was being ${doing} when that was broken off.`, {
    hint: 'Create it again, which makes it anew, or delete it.',
  });
}

/** The database of production or of a branch that is there. Throws `branch_not_found`. */
export async function databaseOfBranch(work: Work, name: string): Promise<string> {
  if (name !== PRODUCTION) await readyBranch(work, name);
  return work.names.databaseOf(name);
}

/** The tables of production or of a branch that is there. Throws `branch_not_found`. */
export async function branchSchema(work: Work, name: string): Promise<Schema> {
  return work.schemaIn(await databaseOfBranch(work, name));
}

/** Brings back the branches whose file was broken off, where no command is at work on them. */
export async function bringBackAll(work: Work): Promise<void> {
  const rows = await work.rows<{ name: string }>(
    `SELECT name FROM ${work.state.branches} WHERE before_apply IS NOT NULL`,
  );
  for (const { name } of rows) await underLock(work, branchLock(work, name), 0, () => bringBackBrokenOff(work, name));
}

/** One command at a time on a branch. Throws `branch_in_use` when another one takes longer than ten seconds. */
export async function alone<T>(work: Work, branch: string, fn: () => Promise<T>): Promise<T> {
  const held = await underLock(work, branchLock(work, branch), BRANCH_WAIT_SECONDS, async () => {
    await bringBackBrokenOff(work, branch);
    return fn();
  });
  if (held !== undefined) return held.result;
  throw new HooklineError('branch_in_use', `Another command is at work on the branch ${branch}.`, {
    hint: 'Wait for it to end, and try again.',
  });
}

async function rowOf(work: Work, name: string): Promise<BranchRow | undefined> {
  const [row] = await work.rows<BranchRow>(`SELECT * FROM ${work.state.branches} WHERE name = ?`, [name]);
  return row;
}

function branchLock(work: Work, name: string): string {
  return lockName('branch', work.names.databaseOf(name));
}

function noSuchBranch(name: string): HooklineError {
  return new HooklineError('branch_not_found', `There is no branch ${JSON.stringify(name.slice(0, 80))}.`, {
    hint: 'hookline schema branch list names them.',
  });
}

function toBranch(row: BranchRow): Branch {
  return {
    name: row.name,
    parentBranch: row.parent,
    production: false,
    ready: row.state === 'ready',
    safeMigrations: false,
    createdAt: row.created_at,
    url: null,
  };
}
