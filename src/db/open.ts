import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { HooklineError } from '../errors.js';
import type { Database } from './database.js';
import { lockDataDir } from './lock.js';
import { openPostgres } from './pg.js';
import { openPglite } from './pglite.js';

/** A segment of the write-ahead log takes 16 MiB, and opening writes one. */
const NEEDED_MIB = 32;

export interface OpenOptions {
  /** postgres://…; absent: the embedded database. */
  readonly databaseUrl?: string | undefined;
  /** The embedded database's folder; it is made when it is not there. */
  readonly dataDir: string;
  readonly poolSize?: number;
  /** Called when the embedded folder's lock was lost: the process must end at once, since another one may write. */
  readonly onLockLost?: (error: Error) => void;
}

/**
 * Opens PostgreSQL by its URL, else the embedded database under its lock. Throws `data_dir_locked`, `invalid_config` for a folder that cannot be used,
 * `database_unavailable` for a disk that is full, and `internal_error` for a database that does not open.
 */
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
    throw await cannotBeOpened(dataDir, error);
  }
}

/** PGlite says little of what keeps it from opening a folder, and nothing of a disk that is full. */
async function cannotBeOpened(dataDir: string, cause: unknown): Promise<HooklineError> {
  const space = await statfs(dataDir).catch(() => undefined);
  const freeMib = space && Math.floor((space.bavail * space.bsize) / 1_048_576);
  if (freeMib !== undefined && freeMib < NEEDED_MIB) {
    const message = `The disk of the data folder ${dataDir} is full: ${freeMib} MiB are left.`;
    return new HooklineError('database_unavailable', message, {
      hint: `Make room there, ${NEEDED_MIB} MiB at least, and start again: what was stored is kept.`,
      cause,
    });
  }
  return new HooklineError('internal_error', `The embedded database in ${dataDir} cannot be opened.`, {
    hint: 'Is the disk sound, and was the folder made by this version or an earlier one? A backup of it can be put in its place.',
    cause,
  });
}
