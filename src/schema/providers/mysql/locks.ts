import { HooklineError } from '../../../errors.js';
import type { Work } from './work.js';

/**
 * Runs `fn` under an advisory lock of the server; `undefined` when another connection still holds it after `waitSeconds`. The lock also ends with the connection,
 * once the server is done with its last statement: that of a killed process may be held for a moment.
 */
export async function underLock<T>(
  work: Work,
  name: string,
  waitSeconds: number,
  fn: () => Promise<T>,
): Promise<{ readonly result: T } | undefined> {
  const [row] = await work.rows<{ locked: number | null }>('SELECT GET_LOCK(?, ?) AS locked', [name, waitSeconds]);
  // 0 is another's lock; NULL is an error that the server does not tell.
  if (row?.locked == null) throw new HooklineError('database_unavailable', 'The server gives no advisory lock.');
  if (Number(row.locked) !== 1) return undefined;
  try {
    return { result: await fn() };
  } finally {
    // A connection that is lost holds no lock.
    await work.run('DO RELEASE_LOCK(?)', [name]).catch(() => undefined);
  }
}

/** Whether nobody holds the lock. */
export async function isLockFree(work: Work, name: string): Promise<boolean> {
  const [row] = await work.rows<{ free: number | null }>('SELECT IS_FREE_LOCK(?) AS free', [name]);
  return Number(row?.free) === 1;
}
