import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { waitUntil } from '../wait-until.js';
import { type Kept, keep } from './keep.js';
import { type User, unprivilegedUser } from './unprivileged-user.js';

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;

/** A data folder that a server can run on, with the programs that made it. */
export interface Cluster {
  readonly bin: string;
  /** Holds `data` and the server's log; whoever keeps a server on it removes it. */
  readonly folder: string;
  readonly password: string;
  readonly user: User | undefined;
}

/** Makes a data folder with a password of its own, by the programs in `bin`. Throws what initdb says. */
export async function initialise(bin: string): Promise<Cluster> {
  const user = await unprivilegedUser(['postgres', 'nobody']);
  const folder = await mkdtemp(join(tmpdir(), 'hookline-postgres-'));
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(folder, 'password');
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (user) {
      await chown(folder, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    // A run makes some 7,400 connections; by scram each takes 3 ms of a processor longer.
    const args = ['-D', join(folder, 'data'), '-U', 'postgres', `--pwfile=${passwordFile}`, '--auth=md5'];
    await run(join(bin, 'initdb'), [...args, '--encoding=UTF8', '--locale=C', '--no-sync'], { cwd: folder, ...user });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return { bin, folder, password, user };
}

/** An owner's URL of a server on the cluster that listens on `port`. */
export function addressOf(cluster: Cluster, port: number): string {
  return `postgres://postgres:${cluster.password}@127.0.0.1:${port}/postgres`;
}

/** Runs a server on the cluster and waits until it answers. Throws with the end of its log, and removes the folder, when it does not. */
export async function serve(cluster: Cluster, port: number, settings: Readonly<Record<string, string>>): Promise<Kept> {
  const all = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    ...settings,
  };
  const kept = keep({
    command: join(cluster.bin, 'postgres'),
    args: [
      '-D',
      join(cluster.folder, 'data'),
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    folder: cluster.folder,
    stopSignal: 'SIGINT',
    user: cluster.user,
  });
  try {
    await untilItAnswers(addressOf(cluster, port), kept);
  } catch (error) {
    const log = await kept.log();
    await kept.stop();
    throw new Error(`PostgreSQL did not start from ${cluster.bin}: ${kept.ended() ?? ''}\n${log}`, { cause: error });
  }
  return kept;
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

/** Asks one thing on a connection of its own. */
export async function ask<Row extends object>(address: string, text: string): Promise<Row[]> {
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
