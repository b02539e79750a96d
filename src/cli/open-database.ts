import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { HooklineError } from '../errors.js';

/** Opens the database that is there, with one connection, and makes none. Throws `invalid_config` where there is no embedded one, and what opening throws. */
export async function openGivenDatabase({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Database> {
  if (databaseUrl === undefined && !existsSync(join(dataDir, 'pglite'))) {
    throw new HooklineError('invalid_config', `There is no embedded database in ${dataDir}.`, {
      hint: 'Set DATABASE_URL for PostgreSQL, or HOOKLINE_DATA_DIR to the folder of the embedded database.',
    });
  }
  const { openDatabase } = await import('../db/open.js');
  return openDatabase({ databaseUrl, dataDir, poolSize: 1 });
}
