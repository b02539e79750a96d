import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Programs } from './service.js';

const run = promisify(execFile);
/** The first with SKIP LOCKED. */
export const OLDEST = { major: 10, minor: 6 } as const;

const FOLDERS = ['/usr/sbin', '/usr/bin', '/opt/homebrew/opt/mariadb/bin', '/usr/local/opt/mariadb/bin'];

export interface MariadbPrograms {
  readonly server: string;
  /** `mariadb-install-db`, which makes a data folder. */
  readonly installer: string;
}

/** The server and the program that makes its data folder: from PATH, then where packages put them. */
export const mariadbServer: Programs<MariadbPrograms> = {
  name: `MariaDB ${OLDEST.major}.${OLDEST.minor} or newer`,
  // The programs alone: the package `mariadb-server` would also start a service and make a database in /var/lib. The installer calls a
  // program of the client's package.
  debianPackages: ['mariadb-server-core', 'mariadb-client-core'],
  advice: 'Install it (macOS: brew install mariadb; Debian and Ubuntu: sudo apt-get install mariadb-server)',
  async find() {
    const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...FOLDERS];
    const installer =
      (await firstIn(folders, 'mariadb-install-db', canRun)) ?? (await firstIn(folders, 'mysql_install_db', canRun));
    // `mysqld` may be MySQL's own.
    const server = (await firstIn(folders, 'mariadbd', isServer)) ?? (await firstIn(folders, 'mysqld', isServer));
    const called = await firstIn(folders, 'my_print_defaults', canRun);
    return server && installer && called ? { server, installer } : undefined;
  },
};

/** Whether a version as `SELECT VERSION()` or `--version` tells it is a MariaDB that tests can use. */
export function isNewEnough(version: string): boolean {
  const [, major, minor] = /(\d+)\.(\d+)\.\d+\S*-MariaDB/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > OLDEST.major || (Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor);
}

async function firstIn(
  folders: readonly string[],
  name: string,
  fits: (path: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    if (await fits(path)) return path;
  }
  return undefined;
}

async function isServer(path: string): Promise<boolean> {
  if (!(await canRun(path))) return false;
  const told = await run(path, ['--version']).catch(() => undefined);
  return isNewEnough(told?.stdout ?? '');
}

async function canRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
