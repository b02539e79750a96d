import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Programs } from './service.js';

const run = promisify(execFile);
export const OLDEST_MAJOR = 14;

/** Folders that hold one folder a version; `bin` is where its programs are. */
const VERSION_FOLDERS = [
  { folder: '/usr/lib/postgresql', version: /^\d+$/, bin: 'bin' },
  { folder: '/opt/homebrew/opt', version: /^postgresql(@\d+)?$/, bin: 'bin' },
  { folder: '/usr/local/opt', version: /^postgresql(@\d+)?$/, bin: 'bin' },
  { folder: '/Applications/Postgres.app/Contents/Versions', version: /^\d+$/, bin: 'bin' },
];

/** The server's programs: a folder with `initdb` and `postgres`, newest first after what is on PATH. */
export const postgresServer: Programs<{ readonly bin: string }> = {
  name: `PostgreSQL ${OLDEST_MAJOR} or newer`,
  debianPackages: ['postgresql'],
  advice: 'Install it (macOS: brew install postgresql@17; Debian and Ubuntu: sudo apt-get install postgresql)',
  async find() {
    for (const bin of await folders()) {
      const postgres = await executable(join(bin, 'postgres'));
      if (!postgres || !(await executable(join(bin, 'initdb'))) || (await major(postgres)) < OLDEST_MAJOR) continue;
      return { bin };
    }
    return undefined;
  },
};

/** The path of `psql`, for tests that run SQL as a person does. */
export const psqlProgram: Programs<string> = {
  name: 'psql',
  debianPackages: ['postgresql-client'],
  advice:
    "Install PostgreSQL's client (macOS: brew install libpq; Debian and Ubuntu: sudo apt-get install postgresql-client)",
  async find() {
    for (const bin of await folders()) {
      const psql = await executable(join(bin, 'psql'));
      if (psql) return psql;
    }
    return undefined;
  },
};

async function folders(): Promise<string[]> {
  const found = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  for (const { folder, version, bin } of VERSION_FOLDERS) {
    const versions = (await readdir(folder).catch(() => [])).filter((name) => version.test(name));
    const newestFirst = versions.sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    found.push(...newestFirst.map((name) => join(folder, name, bin)));
  }
  found.push('/opt/homebrew/opt/libpq/bin', '/usr/local/opt/libpq/bin');
  return found;
}

async function executable(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

async function major(postgres: string): Promise<number> {
  const { stdout } = await run(postgres, ['--version']);
  return Number(/(\d+)/.exec(stdout)?.[1] ?? 0);
}
