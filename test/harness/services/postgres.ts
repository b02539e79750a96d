import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { waitUntil } from '../wait-until.js';
import { freePort } from './free-port.js';
import { type Kept, keep } from './keep.js';
import { OLDEST_MAJOR, postgresServer } from './postgres-programs.js';
import type { RunningService, Service } from './service.js';
import { type User, unprivilegedUser } from './unprivileged-user.js';

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;
const PORT_TRIES = 5;

/** What survives a crash of the machine: nothing that tests write has to. A benchmark asks for `durable`, PostgreSQL's defaults. */
const DURABILITY = {
  none: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' },
  durable: {},
} as const;

export const postgres: Service<{ readonly bin: string }> = {
  programs: postgresServer,
  variable: 'HOOKLINE_TEST_POSTGRES_URL',
  async check(address) {
    const [role] = await ask<{ can: boolean; version: number }>(
      address,
      `SELECT rolsuper OR (rolcreatedb AND rolcreaterole) AS can, current_setting('server_version_num')::int AS version
       FROM pg_roles WHERE rolname = current_user`,
    );
    if (!role?.can) throw new Error('its role must be a superuser, or have CREATEDB and CREATEROLE');
    if (role.version < OLDEST_MAJOR * 10_000) throw new Error(`it is older than PostgreSQL ${OLDEST_MAJOR}`);
  },
  start: ({ bin }) => startPostgres(bin),
};

/**
 * Starts a throw-away server from the programs in `bin`: on a free port of 127.0.0.1, with a data folder and a password of its own.
 * Throws with the end of the server's log when it does not start.
 */
export async function startPostgres(
  bin: string,
  options: { readonly durability?: keyof typeof DURABILITY } = {},
): Promise<RunningService> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startOnce(bin, DURABILITY[options.durability ?? 'none']);
    } catch (error) {
      const portTaken = error instanceof Error && error.message.includes('could not bind');
      if (!portTaken || tries === PORT_TRIES) throw error;
    }
  }
}

async function startOnce(bin: string, durability: Readonly<Record<string, string>>): Promise<RunningService> {
  const user = await unprivilegedUser(['postgres', 'nobody']);
  const folder = await mkdtemp(join(tmpdir(), 'hookline-postgres-'));
  const password = randomBytes(16).toString('hex');
  try {
    await initialise(bin, folder, password, user);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    ...durability,
  };
  const kept = keep({
    command: join(bin, 'postgres'),
    args: [
      '-D',
      join(folder, 'data'),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    folder,
    stopSignal: 'SIGINT',
    user,
  });
  const address = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  try {
    await untilItAnswers(address, kept);
  } catch (error) {
    const log = await kept.log();
    await kept.stop();
    throw new Error(`PostgreSQL did not start from ${bin}: ${kept.ended() ?? ''}\n${log}`, { cause: error });
  }
  return { address, stop: () => kept.stop() };
}

async function initialise(bin: string, folder: string, password: string, user: User | undefined): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) {
    await chown(folder, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const args = ['-D', join(folder, 'data'), '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  await run(join(bin, 'initdb'), [...args, '--encoding=UTF8', '--locale=C', '--no-sync'], { cwd: folder, ...user });
}

async function untilItAnswers(address: string, kept: Kept): Promise<void> {
  const answers = async () => {
    if (kept.ended()) throw new Error('The server ended.');
    return ask(address, 'SELECT 1').then(
      () => true,
      () => false,
    );
  };
  await waitUntil(answers, { message: 'PostgreSQL answers', timeoutMs: START_TIMEOUT_MS, intervalMs: 50 });
}

async function ask<Row extends object>(address: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 5_000 });
  // A server that is still starting ends the connection; without a listener that would end this process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
