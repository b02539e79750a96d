import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import lockfile from 'proper-lockfile';
import { inject } from 'vitest';
import { ROOT } from './program.js';

const WAIT_FOR_BUILD = { stale: 120_000, retries: { retries: 1_200, minTimeout: 100, maxTimeout: 100 } };

/**
 * Brings packages/receiver/dist up to date, which is what `@hookline/receiver` is outside of these tests. Nothing is written when it is
 * (1 s), as after `npm ci`; the files of one run take turns.
 */
export async function buildReceiver(): Promise<void> {
  const folder = inject('runFolder');
  const release = await lockfile.lock(folder, { ...WAIT_FOR_BUILD, lockfilePath: join(folder, 'receiver-build.lock') });
  try {
    await promisify(execFile)(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'packages/receiver'], {
      cwd: ROOT,
    });
  } finally {
    await release();
  }
}
