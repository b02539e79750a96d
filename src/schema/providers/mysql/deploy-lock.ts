import { HooklineError } from '../../../errors.js';
import { underLock } from './locks.js';
import { lockName } from './names.js';
import { type RequestRow, requestRow, updateRequest } from './request-rows.js';
import type { Work } from './work.js';

/** A killed process's last statement may hold the lock for the second that it waits for a table. */
const LOCK_WAIT_SECONDS = 3;

export function deployLock(work: Pick<Work, 'names'>): string {
  return lockName('deploy', work.names.production);
}

/** One deployment of the database at a time. Throws `deploy_request_not_found`, and `deploy_in_progress`, which tells of whom. */
export async function whileDeploying<T>(work: Work, number: number, fn: (row: RequestRow) => Promise<T>): Promise<T> {
  await requestRow(work, number);
  const held = await underLock(work, deployLock(work), LOCK_WAIT_SECONDS, async () => {
    const row = await requestRow(work, number);
    // Whoever had the lock before may have been killed.
    await work.run(`UPDATE ${work.state.requests} SET runner = NULL, runner_since = NULL WHERE runner IS NOT NULL`);
    await updateRequest(work, number, { runner: work.actor, runner_since: (await work.time()).toISOString() });
    try {
      return await fn(row);
    } finally {
      // With the connection gone the next holder of the lock does it.
      await updateRequest(work, number, { runner: null, runner_since: null }).catch(() => undefined);
    }
  });
  if (held !== undefined) return held.result;
  throw await inProgress(work);
}

async function inProgress(work: Work): Promise<HooklineError> {
  const [running] = await work.rows<Pick<RequestRow, 'number' | 'branch' | 'runner' | 'runner_since'>>(
    `SELECT number, branch, runner, runner_since FROM ${work.state.requests} WHERE runner IS NOT NULL LIMIT 1`,
  );
  const who =
    running === undefined
      ? 'Another process is deploying to this database.'
      : `Deploy request #${running.number} of the branch ${running.branch} has been at work since ${running.runner_since}, run by ${running.runner}.`;
  return new HooklineError('deploy_in_progress', who, {
    hint: 'Wait for it to end: one deployment runs at a time.',
  });
}
