import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.js';
import type { Database } from '../db/database.js';
import { openDatabase } from '../db/open.js';
import { toHooklineError } from '../db/sql-errors.js';
import { loadSql } from '../db/sql-file.js';
import { type Finding, finding } from './catalogue.js';
import { type Access, askOne } from './context.js';
import { causeOf } from './told.js';

const ACCESS = loadSql(import.meta.url, './access.sql');
/** Checks run side by side. */
const POOL_SIZE = 4;

export type Opened =
  | { readonly db: Database; readonly access: Access; readonly trouble?: undefined }
  | { readonly trouble: Finding };

/** Opens the database and asks what its login may do; what is in the way is a finding. Makes no data folder where none is. */
export async function openForDoctor(config: Config): Promise<Opened> {
  const { databaseUrl, dataDir } = config;
  if (databaseUrl === undefined && !existsSync(join(dataDir, 'pglite'))) {
    const found = `DATABASE_URL is not set, and there is no embedded database in ${dataDir}.`;
    const mend = 'Set DATABASE_URL for PostgreSQL, or HOOKLINE_DATA_DIR to the folder of the embedded database.';
    return { trouble: finding('database', 'database.absent', found, mend) };
  }
  let db: Database | undefined;
  try {
    db = await openDatabase({ databaseUrl, dataDir, poolSize: POOL_SIZE });
    return { db, access: await askOne<Access>(db, ACCESS) };
  } catch (error) {
    await db?.close().catch(() => undefined);
    return { trouble: troubleOf(error, config) };
  }
}

function troubleOf(error: unknown, { databaseUrl, port }: Config): Finding {
  const { code, message, hint } = toHooklineError(error);
  if (code === 'data_dir_locked') {
    const mend = `It runs, then: GET /readyz (http://127.0.0.1:${port}/readyz, unless PORT says otherwise) tells how it is. To look into it with doctor, stop it first.`;
    return finding('database', 'database.locked', `${message} The embedded database is of one process.`, mend);
  }
  if (code === 'database_refused') {
    const mend = hint ?? 'Correct DATABASE_URL.';
    return finding(
      'database',
      'database.refused',
      `PostgreSQL refused the login, or a right: ${causeOf(error)}.`,
      mend,
    );
  }
  if (databaseUrl === undefined) {
    const mend = hint ?? 'Look at the disk and at the rights of the folder; a backup of it can be put in its place.';
    return finding('database', 'database.unreachable', message, mend);
  }
  const mend = 'Is it running, reachable from here, and are host and port of DATABASE_URL right?';
  return finding('database', 'database.unreachable', `PostgreSQL gives no answer: ${causeOf(error)}.`, mend);
}
