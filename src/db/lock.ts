import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { HooklineError } from '../errors.js';

/** How long a lock of another machine (a shared volume) may go without its owner touching it. */
const STALE_MS = 15_000;
/** The library's least: for a lock whose owner is known to be dead. */
const DEAD_OWNER_STALE_MS = 2_000;
/** An owner that lives keeps its lock, however long it has not touched it: stopped, asleep with the machine, or busy in WebAssembly. */
const NEVER_STALE_MS = Number.MAX_SAFE_INTEGER;
const STALE_BY_FATE = { dead: DEAD_OWNER_STALE_MS, alive: NEVER_STALE_MS, unknown: STALE_MS };

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string | null;
}

/**
 * Takes the lock of an embedded data folder: two processes on one folder lose rows silently.
 * A lock whose owner died on this machine is taken over; one that lives is refused at once.
 * Gives the function that releases it. Throws `data_dir_locked`, or `invalid_config` when the folder cannot be written.
 */
export async function lockDataDir(dataDir: string, onLost: (error: Error) => void): Promise<() => Promise<void>> {
  makeFolder(dataDir);
  const ownerFile = join(dataDir, 'owner.json');
  for (let waited = 0; ; waited += 250) {
    const owner = readOwner(ownerFile);
    const fate = owner === undefined ? 'unknown' : fateOf(owner);
    try {
      return await oneAtATime(dataDir, () => lock(dataDir, ownerFile, onLost));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (fate === 'alive' || waited >= STALE_MS + 2_000) throw locked(dataDir, owner);
      await sleep(250);
    }
  }
}

/**
 * Of two that find a dead owner's lock the slower would remove what the quicker has just made in its place. So nobody looks but under a lock of its own, which
 * is held for an instant; one that was left behind is stale like any other.
 */
async function oneAtATime<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const release = await lockfile.lock(join(dataDir, 'taking'), {
    realpath: false,
    stale: STALE_MS,
    onCompromised: () => undefined,
  });
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

async function lock(dataDir: string, ownerFile: string, onLost: (error: Error) => void): Promise<() => Promise<void>> {
  const owner = readOwner(ownerFile);
  const release = await lockfile.lock(dataDir, {
    lockfilePath: join(dataDir, 'hookline.lock'),
    stale: STALE_BY_FATE[owner === undefined ? 'unknown' : fateOf(owner)],
    update: DEAD_OWNER_STALE_MS / 2,
    onCompromised: onLost,
  });
  writeFileSync(ownerFile, JSON.stringify(self()));
  return release;
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new HooklineError('invalid_config', `The data folder ${dataDir} cannot be used.`, {
      hint: 'HOOKLINE_DATA_DIR takes a folder that this user may write, or may make.',
      cause: error,
    });
  }
}

function self(): Owner {
  return { pid: process.pid, host: hostname(), startedAt: processStart(process.pid) };
}

function readOwner(file: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function fateOf(owner: Owner): 'alive' | 'dead' | 'unknown' {
  if (owner.host !== hostname()) return 'unknown';
  // This process holds no lock yet, so a record with its id was left by an earlier process (pid 1 of a container that was restarted).
  if (owner.pid === process.pid) return owner.startedAt === processStart(process.pid) ? 'alive' : 'dead';
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'dead' : 'alive';
  }
  return owner.startedAt !== null && owner.startedAt !== processStart(owner.pid) ? 'dead' : 'alive';
}

/**
 * The start time of a process in clock ticks since boot (Linux), since process ids are used again; null where it cannot be read, and for
 * one that has ended and only waits for its parent (a container whose first process does not look after its children).
 */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function locked(dataDir: string, owner: Owner | undefined): HooklineError {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new HooklineError('data_dir_locked', `The data folder ${dataDir} is in use by ${who}.`, {
    hint: 'Stop that process, choose another folder with HOOKLINE_DATA_DIR, or use PostgreSQL with DATABASE_URL for several processes.',
  });
}
