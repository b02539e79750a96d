import { randomBytes } from 'node:crypto';
import { HooklineError } from '../../../errors.js';
import type { SqlSession } from '../../sql-session.js';
import { branchPath, orNoBranch } from './branch-routes.js';
import { isLost, PlanetscaleError } from './http/api-error.js';
import type { Api } from './http/client.js';
import { pause } from './http/time-limit.js';
import { type ApiPassword, ListedPasswordShape, PasswordShape } from './shapes.js';
import { type DriverFetch, type Login, openSql } from './sql.js';
import { ownStatementRefused } from './sql-words.js';

export type PasswordRole = 'reader' | 'readwriter' | 'admin';

/** A password of its own for one command. */
export interface Password {
  readonly login: Login;
  readonly sql: SqlSession;
  /** Deletes it. Never throws: one that cannot be deleted ends by itself within the hour. */
  remove(): Promise<void>;
}

export interface PasswordOptions {
  readonly api: Api;
  /** An API over http: is a stand-in, and the database's host speaks http: then, too. */
  readonly overHttp: boolean;
  readonly fetch: DriverFetch;
  readonly pollMs: number;
}

const TTL_SECONDS = 3_600;
const TRIES = 3;
/** How long a new password may take until PlanetScale's edge knows it. */
const WORKS_WITHIN_MS = 15_000;

/**
 * Makes a password for a branch, and waits until it works.
 * Throws `branch_not_found`, `database_refused` when it does not come to work, `database_unavailable`, and the API's errors.
 */
export async function makePassword(options: PasswordOptions, branch: string, role: PasswordRole): Promise<Password> {
  const { api, fetch } = options;
  const made = await create(options, branch, role);
  const login = loginOf(made, options.overHttp);
  const sql = openSql(login, fetch);
  const remove = (): Promise<void> => drop(api, branch, made.id);
  try {
    await untilItWorks(sql, options.pollMs);
  } catch (error) {
    await remove();
    throw error;
  }
  return { login, sql, remove };
}

/** A password is shown once: when that answer is lost, it is deleted, and another one is made. */
async function create({ api, pollMs }: PasswordOptions, branch: string, role: PasswordRole): Promise<ApiPassword> {
  const path = `${branchPath(branch)}/passwords`;
  for (let tries = 1; ; tries++) {
    const name = `hookline-${randomBytes(6).toString('hex')}`;
    try {
      const body = { name, role, ttl: TTL_SECONDS };
      return await orNoBranch(api, branch, api.send('POST', path, PasswordShape, { body }));
    } catch (error) {
      if (!isLost(error)) throw error;
      await dropByName(api, branch, name);
      if (tries >= TRIES || !(error instanceof PlanetscaleError) || error.code !== 'planetscale_unavailable') {
        throw error;
      }
      await pause(pollMs);
    }
  }
}

async function dropByName(api: Api, branch: string, name: string): Promise<void> {
  try {
    const listed = await api.list(`${branchPath(branch)}/passwords`, ListedPasswordShape);
    for (const password of listed) if (password.name === name) await drop(api, branch, password.id);
  } catch {
    // It ends by itself within the hour; the lost answer is what is told.
  }
}

async function drop(api: Api, branch: string, id: string | number): Promise<void> {
  try {
    await api.delete(`${branchPath(branch)}/passwords/${encodeURIComponent(id)}`);
  } catch {
    // It ends by itself within the hour, and the command's own outcome is what is told.
  }
}

function loginOf({ access_host_url: host, username, plain_text: password }: ApiPassword, overHttp: boolean): Login {
  return overHttp ? { url: `http://${username}:${password}@${host}` } : { host, username, password };
}

async function untilItWorks(sql: SqlSession, pollMs: number): Promise<void> {
  const end = performance.now() + WORKS_WITHIN_MS;
  for (;;) {
    try {
      await sql.rows('SELECT 1');
      return;
    } catch (error) {
      const passing =
        error instanceof HooklineError && (error.code === 'database_refused' || error.code === 'database_unavailable');
      if (!passing || performance.now() + pollMs > end) throw ownStatementRefused(error);
      await pause(pollMs);
    }
  }
}
