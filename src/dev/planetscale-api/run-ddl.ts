import { setTimeout as sleep } from 'node:timers/promises';
import { withAlgorithm } from '../../schema/providers/mysql/algorithms.js';
import { isAlgorithmRefused, isLocked } from '../../schema/providers/mysql/server-errors.js';
import type { SqlSession } from '../../schema/sql-session.js';

/** Without blocking first. */
const ONLINE = ['INSTANT', 'NOCOPY', 'INPLACE'] as const;
const RETRY_AFTER_MS = 200;
const GIVE_UP_AFTER_MS = 120_000;

/**
 * Runs one statement on production. It waits for transactions that use the table at most a second at a time, since whoever writes then waits behind it.
 * Throws the server's error.
 */
export async function runOnline(session: SqlSession, operation: string, statement: string): Promise<void> {
  await session.run('SET SESSION lock_wait_timeout = 1');
  for (const algorithm of operation === 'ALTER' ? ONLINE : []) {
    try {
      return await runPatiently(session, withAlgorithm(statement, algorithm));
    } catch (error) {
      if (!isAlgorithmRefused(error)) throw error;
    }
  }
  // PlanetScale copies such a table in the background; here its writers wait.
  await runPatiently(session, statement);
}

async function runPatiently(session: SqlSession, statement: string): Promise<void> {
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    try {
      await session.run(statement);
      return;
    } catch (error) {
      if (!isLocked(error) || Date.now() > deadline) throw error;
      await sleep(RETRY_AFTER_MS);
    }
  }
}
