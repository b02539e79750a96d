import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { dropForgottenMariadbDatabases, dropMariadbDatabasesOf } from './mariadb-catalogue.js';
import { dropDatabasesOf, dropForgottenDatabases } from './postgres-databases.js';
import { buildProgram, PROGRAM_PREFIX, ROOT } from './program.js';
import { mariadb } from './services/mariadb.js';
import { postgres } from './services/postgres.js';
import { provisionAll } from './services/provision.js';
import { redis } from './services/redis.js';

const FOLDER_PREFIX = 'hookline-run-';
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

declare module 'vitest' {
  interface ProvidedContext {
    /** An owner's URL of the PostgreSQL server of this run. */
    readonly postgresUrl: string;
    /** The URL of the Redis of this run; what stands in it is named by the database that it is for. */
    readonly redisUrl: string;
    /** An administrator's URL of the MariaDB server of this run, without a database. Its time zone is no one's default. */
    readonly mariadbUrl: string;
    /** Names this run: lower-case letters and digits, for names of databases. */
    readonly runId: string;
    /** A folder for what the test files of one run share; removed at its end. */
    readonly runFolder: string;
    /** What `node` runs of hookline's command line. */
    readonly program: string;
  }
}

/** Starts what the tests speak to, before any of them, and gives back the function that ends it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const runId = Date.now().toString(36) + randomBytes(3).toString('hex');
  const [server, redisServer, mariadbServer] = await provisionAll([postgres, redis, mariadb]);
  const program = await buildProgram(runId);
  const runFolder = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  await removeForgottenFolders(tmpdir(), FOLDER_PREFIX);
  await removeForgottenFolders(ROOT, PROGRAM_PREFIX);
  await dropForgottenDatabases(server.address);
  await dropForgottenMariadbDatabases(mariadbServer.address);

  project.provide('postgresUrl', server.address);
  project.provide('redisUrl', redisServer.address);
  project.provide('mariadbUrl', mariadbServer.address);
  project.provide('runId', runId);
  project.provide('runFolder', runFolder);
  project.provide('program', program.main);

  return async () => {
    await rm(runFolder, { recursive: true, force: true });
    await program.remove();
    try {
      await dropDatabasesOf(server.address, runId);
      await dropMariadbDatabasesOf(mariadbServer.address, runId);
    } finally {
      await Promise.all([mariadbServer.stop(), redisServer.stop(), server.stop()]);
    }
  };
}

/** Removes what runs left behind that were killed more than a day ago. */
async function removeForgottenFolders(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const folder = join(parent, name);
    const made = await stat(folder).catch(() => undefined);
    // Another user's folder in a shared /tmp is theirs to remove.
    if (made && made.uid === process.getuid?.() && Date.now() - made.mtimeMs > FORGOTTEN_AFTER_MS) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
