import { execFile } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import lockfile from 'proper-lockfile';
import type { Database } from '../../src/db/database.js';
import { migrate } from '../../src/db/migrate.js';
import { openPglite } from '../../src/db/pglite.js';

// The first one migrates while the others wait. PGlite's start blocks its process for seconds, in which a lock cannot be kept fresh.
const WAIT_FOR_TEMPLATE = { stale: 120_000, retries: { retries: 1_200, minTimeout: 100, maxTimeout: 100 } };

/**
 * Makes an embedded database in memory, a copy of one that was made once a run: empty or migrated. Measured on two busy cores: loading an uncompressed dump 0.6 s
 * (compressed a third more), a fresh start 2 to 3 s and the migrations on top.
 */
export async function createPgliteDatabase(
  runFolder: string,
  { migrated = true }: { readonly migrated?: boolean } = {},
): Promise<Database> {
  return openPglite({ loadDataDir: await openAsBlob(await dumpFile(runFolder, migrated)) });
}

/** Puts such a database into the data folder of a Hookline that is started later, in place of its first start from nothing, with all migrations. */
export async function fillDataDir(
  runFolder: string,
  dataDir: string,
  { migrated = true }: { readonly migrated?: boolean } = {},
): Promise<void> {
  const file = await dumpFile(runFolder, migrated);
  const folder = join(dataDir, 'pglite');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await mkdir(folder);
  // 0.1 s; PGlite, which would start for it, takes 1.0. Names in the dump begin with a slash, which tar takes off.
  await promisify(execFile)('tar', ['-xf', file, '-C', folder]);
}

async function dumpFile(runFolder: string, migrated: boolean): Promise<string> {
  const file = join(runFolder, `pglite-${migrated ? 'migrated' : 'empty'}.tar`);
  if (!(await exists(file))) await makeOnce(runFolder, file, migrated);
  return file;
}

async function makeOnce(runFolder: string, file: string, migrated: boolean): Promise<void> {
  const release = await lockfile.lock(runFolder, WAIT_FOR_TEMPLATE);
  try {
    if (!(await exists(file))) await dumpInto(file, migrated);
  } finally {
    await release();
  }
}

async function dumpInto(file: string, migrated: boolean): Promise<void> {
  const db = await openPglite();
  try {
    if (migrated) await migrate(db);
    // The dump is of a running server: what is not in its files yet, every copy would read from the log again when it starts.
    await db.query('CHECKPOINT', []);
    const dump = await db.pglite.dumpDataDir('none');
    await writeFile(`${file}.half`, new Uint8Array(await dump.arrayBuffer()));
  } finally {
    await db.close();
  }
  await rename(`${file}.half`, file);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
