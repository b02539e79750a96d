import type { Logger } from 'pino';
import { errnoOf } from '../../schema/providers/mysql/server-errors.js';
import { ApiError, notFound, unprocessable } from './api-error.js';
import type { Databases } from './databases.js';
import { branchDatabase, isBranchName, newId } from './names.js';
import type { State } from './state.js';
import type { BranchRow } from './state-tables.js';

export const PRODUCTION = 'main';
const DUPLICATE_KEY = 1062;

export interface BranchesOptions {
  readonly databases: Databases;
  readonly state: State;
  /** How long a new branch takes to be ready. */
  readonly branchMs: number;
  readonly log: Logger;
}

export interface Branches {
  /** Makes the row of production, and the tables of branches that a killed process left half made. */
  restore(): Promise<void>;
  /** Throws 422 for a name that cannot be used or is taken, 404 for the parent. */
  create(branch: { readonly name: string; readonly parent: string }): Promise<BranchRow>;
  list(): Promise<BranchRow[]>;
  /** Throws 404. */
  get(name: string): Promise<BranchRow>;
  /** As `get`; throws 422 while it is not ready. */
  getReady(name: string): Promise<BranchRow>;
  /** Takes its row and its database away. */
  drop(branch: BranchRow): Promise<void>;
  /** Drops the databases of all branches but production. */
  dropAll(): Promise<void>;
}

export function isReady({ ready_at }: BranchRow): boolean {
  return ready_at !== null && Date.parse(ready_at) <= Date.now();
}

/** Branches as databases cloned from their parent's tables, without its rows. */
export function createBranches({ databases, state, branchMs, log }: BranchesOptions): Branches {
  async function makeTables({ name, database_name, base }: BranchRow): Promise<void> {
    await databases.create(database_name, JSON.parse(base));
    const ready_at = new Date(Date.now() + branchMs).toISOString();
    await state.update('branches', { name }, { ready_at });
    log.info({ branch: name }, 'planetscale_api.branch_made');
  }

  async function get(name: string): Promise<BranchRow> {
    const row = await state.one('branches', { name });
    if (row === undefined) throw notFound();
    return row;
  }

  async function getReady(name: string): Promise<BranchRow> {
    const row = await get(name);
    if (!isReady(row)) throw unprocessable('Branch is not ready');
    return row;
  }

  return {
    async restore() {
      if ((await state.one('branches', { name: PRODUCTION })) === undefined) {
        const row = newRow(PRODUCTION, databases.production, null, '[]');
        await state.insert('branches', { ...row, production: 1, safe_migrations: 1, ready_at: row.created_at });
      }
      for (const row of await state.find('branches', { ready_at: null })) await makeTables(row);
    },
    async create({ name, parent }) {
      if (!isBranchName(name)) {
        throw unprocessable('Name can only contain lowercase letters, numbers, hyphens and underscores');
      }
      const from = await getReady(parent);
      const base = JSON.stringify(await databases.createStatements(from.database_name));
      const row = newRow(name, branchDatabase(databases.production, name), parent, base);
      try {
        await state.insert('branches', row);
      } catch (error) {
        throw errnoOf(error) === DUPLICATE_KEY ? unprocessable('Name has already been taken') : error;
      }
      try {
        await makeTables(row);
      } catch (error) {
        log.error({ err: error, branch: name }, 'planetscale_api.branch_failed');
        await state.remove('branches', { name });
        await databases.drop(row.database_name);
        throw new ApiError(500, 'internal_server_error', 'Internal Server Error');
      }
      return get(name);
    },
    list: () => state.find('branches'),
    get,
    getReady,
    async drop({ name, database_name }) {
      await databases.drop(database_name);
      await state.remove('branches', { name });
    },
    async dropAll() {
      for (const row of await state.find('branches', { production: 0 })) await databases.drop(row.database_name);
    },
  };
}

function newRow(name: string, database_name: string, parent_branch: string | null, base: string): BranchRow {
  const created_at = new Date().toISOString();
  return {
    name,
    id: newId(),
    database_name,
    parent_branch,
    production: 0,
    safe_migrations: 0,
    base,
    created_at,
    updated_at: created_at,
    ready_at: null,
  };
}
