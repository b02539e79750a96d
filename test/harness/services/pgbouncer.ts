import { execFile } from 'node:child_process';
import { chown, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from '../wait-until.js';
import { onFreePort } from './free-port.js';
import { keep } from './keep.js';
import { ask } from './postgres-cluster.js';
import { findOrInstall } from './provision.js';
import type { Programs } from './service.js';
import { unprivilegedUser } from './unprivileged-user.js';

const run = promisify(execFile);
const START_TIMEOUT_MS = 30_000;

const pgbouncer: Programs<string> = {
  name: 'PgBouncer',
  debianPackages: ['pgbouncer'],
  advice: 'Install it (macOS: brew install pgbouncer; Debian and Ubuntu: sudo apt-get install pgbouncer)',
  async find() {
    for (const command of ['pgbouncer', '/usr/sbin/pgbouncer', '/opt/homebrew/bin/pgbouncer']) {
      const found = await run(command, ['--version']).catch(() => undefined);
      if (found?.stdout.startsWith('PgBouncer')) return command;
    }
    return undefined;
  },
};

/** A pooler of a test's own in front of a server. */
export interface Pooler {
  /** The URL of the target, through the pooler. */
  readonly address: string;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/** Starts PgBouncer from programs on the machine, on a free port of 127.0.0.1, in front of the server of `target`, with the login of that URL. */
export function startPgbouncer(target: string, poolMode: 'session' | 'transaction'): Promise<Pooler> {
  return onFreePort((port) => startOn(port, target, poolMode));
}

async function startOn(port: number, target: string, poolMode: 'session' | 'transaction'): Promise<Pooler> {
  const command = await findOrInstall(pgbouncer);
  const { hostname, port: targetPort, username, password } = new URL(target);
  const user = await unprivilegedUser(['postgres', 'nobody']);
  const folder = await mkdtemp(join(tmpdir(), 'hookline-pgbouncer-'));
  const files = { 'pgbouncer.ini': '', 'users.txt': `"${username}" "${decodeURIComponent(password)}"\n` };
  files['pgbouncer.ini'] = [
    '[databases]',
    `* = host=${hostname} port=${targetPort}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${join(folder, 'users.txt')}`,
    `pool_mode = ${poolMode}`,
    '',
  ].join('\n');
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    if (user) await chown(join(folder, name), user.uid, user.gid);
  }
  if (user) await chown(folder, user.uid, user.gid);

  const kept = keep({ command, args: [join(folder, 'pgbouncer.ini')], folder, stopSignal: 'SIGTERM', user });
  const address = Object.assign(new URL(target), { port: String(port) }).href;
  const answers = async () => {
    if (kept.ended()) throw new Error(`PgBouncer ended: ${kept.ended()}\n${await kept.log()}`);
    return ask(address, 'SELECT 1').then(
      () => true,
      () => false,
    );
  };
  try {
    await waitUntil(answers, { message: 'PgBouncer answers', timeoutMs: START_TIMEOUT_MS, intervalMs: 50 });
  } catch (error) {
    const log = await kept.log();
    await kept.stop();
    throw new Error(`PgBouncer did not start:\n${log}`, { cause: error });
  }
  return { address, stop: () => kept.stop() };
}
