import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { inject } from 'vitest';
import { buildDashboard } from './build.js';

/** A build takes 2 s alone and some 20 s beside two busy test files. */
const LOCK = { stale: 120_000, retries: { retries: 600, factor: 1, minTimeout: 200, maxTimeout: 200 } };

/**
 * Gives the folder of the dashboard as it is built from source, once a run: the first test file that asks builds it, others wait for that. HOOKLINE_TEST_DASHBOARD
 * names one that is built already.
 */
export async function builtDashboard(): Promise<string> {
  const given = process.env['HOOKLINE_TEST_DASHBOARD'];
  if (given) return given;
  const folder = join(inject('runFolder'), 'dashboard');
  const release = await lock(inject('runFolder'), { ...LOCK, lockfilePath: `${folder}.lock` });
  try {
    if (!existsSync(folder)) await buildDashboard(folder);
  } finally {
    await release();
  }
  return folder;
}
