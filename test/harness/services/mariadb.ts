import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { waitUntil } from '../wait-until.js';
import { onFreePort } from './free-port.js';
import { type Kept, keep } from './keep.js';
import { INIT_FILE, initialise, type MariadbData } from './mariadb-data.js';
import { isNewEnough, type MariadbPrograms, mariadbServer, OLDEST } from './mariadb-programs.js';
import { findOrInstall } from './provision.js';
import type { Service } from './service.js';

const START_TIMEOUT_MS = 60_000;

/** What does not survive a crash of the machine need not; a crash of the server alone (SIGKILL) loses nothing that committed. */
const SETTINGS: Readonly<Record<string, string>> = {
  'bind-address': '127.0.0.1',
  'skip-name-resolve': 'ON',
  'max-connections': '300',
  'max-allowed-packet': '64M',
  'character-set-server': 'utf8mb4',
  'collation-server': 'utf8mb4_unicode_ci',
  // No one's default: whoever leans on the server's time zone where it has to be UTC is found out.
  'default-time-zone': '-03:30',
  'innodb-buffer-pool-size': '128M',
  'innodb-doublewrite': '0',
  'innodb-flush-log-at-trx-commit': '2',
  'innodb-flush-method': 'nosync',
  'innodb-fast-shutdown': '2',
};

export const mariadb: Service<MariadbPrograms> = {
  programs: mariadbServer,
  variable: 'HOOKLINE_TEST_MARIADB_URL',
  async check(address) {
    await withMariadb(address, async (connection) => {
      const [[told]] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
      const version = String(told?.['version']);
      if (!isNewEnough(version))
        throw new Error(`it is ${version}, not MariaDB ${OLDEST.major}.${OLDEST.minor} or newer`);
      await tryRights(connection);
    });
  },
  async start(programs) {
    const server = await startFrom(programs);
    return { address: server.address, stop: () => server.remove() };
  },
};

/** Tests make databases and users of their own. Throws what the server says when it may not be. */
async function tryRights(connection: Connection): Promise<void> {
  const name = `hookline_test_${randomBytes(4).toString('hex')}`;
  try {
    await connection.query(`CREATE DATABASE ${name}`);
    await connection.query(`CREATE USER ${name}`);
    await connection.query(`GRANT ALL ON ${name}.* TO ${name}`);
  } finally {
    await connection.query(`DROP DATABASE IF EXISTS ${name}`).catch(() => undefined);
    await connection.query(`DROP USER IF EXISTS ${name}`).catch(() => undefined);
  }
}

/** A throw-away MariaDB, which can be taken away and brought back on the same port and data. */
export interface MariadbServer {
  /** The administrator's URL, with the password, the same after every start. */
  readonly address: string;
  readonly port: number;
  /** Ends it: in good order, or as in a crash. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  /** Ends it for good and removes its data. */
  remove(): Promise<void>;
}

export interface MariadbOptions {
  /** As PEM; with them it speaks TLS too. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Options of `mariadbd` beside our own, without the dashes. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Starts a MariaDB of a test's own from programs on the machine, on a free port of 127.0.0.1 with a password of its own; also when the
 * environment names one: that one is not ours to stop.
 */
export async function startMariadb(options: MariadbOptions = {}): Promise<MariadbServer> {
  return startFrom(await findOrInstall(mariadbServer), options);
}

function startFrom(programs: MariadbPrograms, options: MariadbOptions = {}): Promise<MariadbServer> {
  const start = async (port: number): Promise<MariadbServer> => {
    const server = serverOn(await initialise(programs, options.tls), port, options);
    try {
      await server.start();
      return server;
    } catch (error) {
      await server.remove();
      throw error;
    }
  };
  return onFreePort(start);
}

function serverOn(data: MariadbData, port: number, { tls, settings }: MariadbOptions): MariadbServer {
  const { command, folder, user, password } = data;
  const all = {
    ...SETTINGS,
    'init-file': join(folder, INIT_FILE),
    datadir: join(folder, 'data'),
    tmpdir: folder,
    port: `${port}`,
    socket: 'server.sock',
    'pid-file': 'server.pid',
    ...(tls && { 'ssl-cert': join(folder, 'cert.pem'), 'ssl-key': join(folder, 'key.pem') }),
    ...settings,
  };
  const args = ['--no-defaults', ...Object.entries(all).map(([name, value]) => `--${name}=${value}`)];
  const address = `mysql://root:${password}@127.0.0.1:${port}/`;
  // One keeper for each start: those of servers that ended stay until the end, since a keeper that leaves removes the data.
  const keepers: Kept[] = [];
  return {
    address,
    port,
    async stop(signal) {
      process.kill(Number(await readFile(join(folder, 'data', 'server.pid'), 'utf8')), signal);
      await waitUntil(() => keepers.at(-1)?.ended(), { message: 'MariaDB to end', timeoutMs: START_TIMEOUT_MS });
    },
    async start() {
      const kept = keep({ command, args, folder, stopSignal: 'SIGTERM', user });
      keepers.push(kept);
      const answers = async () => {
        if (kept.ended()) throw new Error(`MariaDB did not start: ${kept.ended()}\n${await kept.log()}`);
        return withMariadb(address, (connection) => connection.ping()).then(
          () => true,
          () => false,
        );
      };
      await waitUntil(answers, { message: 'MariaDB answers', timeoutMs: START_TIMEOUT_MS, intervalMs: 50 });
    },
    async remove() {
      for (const keeper of keepers.toReversed()) await keeper.stop();
    },
  };
}

/** Asks something on a connection of its own. Throws when MariaDB cannot be reached or refuses the login. */
export async function withMariadb<T>(address: string, fn: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await mysql.createConnection({ uri: address, connectTimeout: 5_000 });
  // A server that goes away ends the connection; without a listener that would end this process.
  connection.on('error', () => undefined);
  try {
    return await fn(connection);
  } finally {
    connection.destroy();
  }
}
