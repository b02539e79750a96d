import { join } from 'node:path';
import type { Database } from './database.js';
import { lockDataDir } from './lock.js';
import { openPostgres } from './pg.js';
import { openPglite } from './pglite.js';

export interface OpenOptions {
  /** postgres://…; absent: the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** The embedded database's folder; it is made when it is not there. */
  readonly dataDir: string;
  readonly poolSize?: number;
  /** Called when the embedded folder's lock was lost: the process must end at once, since another one may write. */
  readonly onLockLost?: (error: Error) => void;
}

/** Opens PostgreSQL by its URL, else the embedded database under its lock. Throws `data_dir_locked`. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const { databaseUrl, dataDir, poolSize } = options;
  if (databaseUrl !== undefined) {
    return openPostgres({ connectionString: databaseUrl, ...(poolSize === undefined ? {} : { poolSize }) });
  }
  const onLost =
    options.onLockLost ??
    ((error) => {
      throw error;
    });
  const release = await lockDataDir(dataDir, onLost);
  try {
    const db = await openPglite({ dataDir: join(dataDir, 'pglite') });
    let closed: Promise<void> | undefined;
    return {
      ...db,
      close() {
        closed ??= db.close().finally(release);
        return closed;
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}
