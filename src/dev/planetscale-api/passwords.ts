import type { Logger } from 'pino';
import { HooklineError } from '../../errors.js';
import { type PlanetscaleGateway, startPlanetscaleGateway } from '../planetscale-gateway/gateway.js';
import { notFound } from './api-error.js';
import type { Branches } from './branches.js';
import type { Databases } from './databases.js';
import { dropLogin, makeLogin, ROLES, type Role } from './logins.js';
import { newId } from './names.js';
import type { State } from './state.js';
import type { PasswordRow } from './state-tables.js';

const USERNAME_LENGTH = 20;
const PASSWORD_LENGTH = 43;
/** More would overflow the timer, which then fires at once: what has longer is looked at again by then. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface PasswordsOptions {
  readonly databases: Databases;
  readonly state: State;
  readonly branches: Branches;
  /** Runs one change at a time; what expires goes through it. */
  readonly exclusive: <T>(fn: () => Promise<T>) => Promise<T>;
  readonly host: string;
  readonly log: Logger;
}

export interface NewPassword {
  readonly branch: string;
  readonly name: string;
  readonly role: Role;
  /** Seconds; 0 is for ever. */
  readonly ttl: number;
}

/** The passwords of branches: each has a gateway that speaks PlanetScale's protocol, and a user of the server who may do what the role says. */
export interface Passwords {
  /** Starts the gateways of those that are in the state, on their old ports where these are free; drops what has expired. */
  restore(): Promise<void>;
  /** Throws 404 for the branch, 422 while it is not ready. */
  create(password: NewPassword): Promise<PasswordRow>;
  list(branch: string): Promise<PasswordRow[]>;
  /** Throws 404. */
  get(branch: string, id: string): Promise<PasswordRow>;
  /** Ends its gateway and every connection through it. Throws 404. */
  remove(branch: string, id: string): Promise<void>;
  removeAllOf(branch: string): Promise<void>;
  /** Starts the gateways of a branch anew, after safe migrations were turned on or off. */
  restartAllOf(branch: string): Promise<void>;
  gatewayOf(password: PasswordRow): PlanetscaleGateway;
  /** Ends all gateways; the users of the server go too. */
  close(): Promise<void>;
}

export function createPasswords({ databases, state, branches, exclusive, host, log }: PasswordsOptions): Passwords {
  const running = new Map<
    string,
    { readonly gateway: PlanetscaleGateway; readonly timer: NodeJS.Timeout | undefined }
  >();

  async function start(row: PasswordRow): Promise<void> {
    const branch = await branches.get(row.branch);
    const role = ROLES.find((known) => known === row.role) ?? 'reader';
    const mysql = await makeLogin(databases, { name: loginOf(row), role, database: branch.database_name });
    const options = {
      mysql,
      user: row.username,
      password: row.plain_text,
      host,
      safeMigrations: branch.safe_migrations === 1,
      log,
    };
    const gateway = await startPlanetscaleGateway({ ...options, port: row.port }).catch((error: unknown) => {
      if (!(error instanceof HooklineError) || error.code !== 'address_in_use') throw error;
      return startPlanetscaleGateway(options);
    });
    await state.update('passwords', { id: row.id }, { port: Number(new URL(gateway.url).port) });
    running.set(row.id, { gateway, timer: expire(row) });
  }

  function expire(row: PasswordRow): NodeJS.Timeout | undefined {
    const { id, branch, expires_at } = row;
    if (expires_at === null) return undefined;
    const left = Math.min(Date.parse(expires_at) - Date.now(), LONGEST_TIMER_MS);
    const timer = setTimeout(() => {
      const one = running.get(id);
      if (one !== undefined && Date.parse(expires_at) > Date.now()) {
        running.set(id, { ...one, timer: expire(row) });
        return;
      }
      exclusive(() => remove(branch, id)).catch((error: unknown) =>
        log.warn({ err: error }, 'planetscale_api.expiry_failed'),
      );
    }, left);
    timer.unref();
    return timer;
  }

  async function stop(row: PasswordRow): Promise<void> {
    const one = running.get(row.id);
    running.delete(row.id);
    clearTimeout(one?.timer);
    await one?.gateway.close();
    await dropLogin(databases, loginOf(row));
  }

  async function get(branch: string, id: string): Promise<PasswordRow> {
    const row = await state.one('passwords', { branch, id });
    if (row === undefined) throw notFound();
    return row;
  }

  async function remove(branch: string, id: string): Promise<void> {
    const row = await get(branch, id);
    await state.remove('passwords', { id });
    await stop(row);
  }

  return {
    async restore() {
      for (const row of await state.find('passwords')) {
        if (row.expires_at !== null && Date.parse(row.expires_at) <= Date.now()) await remove(row.branch, row.id);
        else await start(row);
      }
    },
    async create({ branch, name, role, ttl }) {
      await branches.getReady(branch);
      const now = Date.now();
      const row: PasswordRow = {
        id: newId(),
        branch,
        name,
        role,
        username: newId(USERNAME_LENGTH),
        plain_text: `pscale_pw_${newId(PASSWORD_LENGTH)}`,
        port: 0,
        ttl_seconds: ttl,
        expires_at: ttl === 0 ? null : new Date(now + ttl * 1000).toISOString(),
        created_at: new Date(now).toISOString(),
      };
      await state.insert('passwords', row);
      try {
        await start(row);
      } catch (error) {
        await state.remove('passwords', { id: row.id });
        await dropLogin(databases, loginOf(row));
        throw error;
      }
      return get(branch, row.id);
    },
    async list(branch) {
      await branches.get(branch);
      return state.find('passwords', { branch });
    },
    get,
    remove,
    async removeAllOf(branch) {
      for (const { id } of await state.find('passwords', { branch })) await remove(branch, id);
    },
    async restartAllOf(branch) {
      for (const row of await state.find('passwords', { branch })) {
        await stop(row);
        await start(row);
      }
    },
    gatewayOf({ id }) {
      const one = running.get(id);
      if (one === undefined) throw notFound();
      return one.gateway;
    },
    async close() {
      for (const row of await state.find('passwords')) await stop(row);
    },
  };
}

/** The user of the server behind a password. */
function loginOf({ id }: PasswordRow): string {
  return `ps_${id}`;
}
