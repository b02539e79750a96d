import { setTimeout as sleep } from 'node:timers/promises';
import { HooklineError } from '../../../errors.js';
import type { Waiting } from '../../provider.js';
import { type Algorithm, AlgorithmRefused, onlineAlgorithms, runChange } from './algorithms.js';
import { standings } from './progress.js';
import { type OperationRow, operationRows, type Phase, type RequestRow } from './request-rows.js';
import { isConnectionLost, isLocked, wordsOf } from './server-errors.js';
import type { Work } from './work.js';

/** A statement failed on production; those before it stand. */
export class OperationFailed extends Error {
  override readonly name = 'OperationFailed';
  readonly reason: HooklineError;

  constructor(
    readonly operation: OperationRow,
    error: unknown,
  ) {
    super(wordsOf(error), { cause: error });
    this.reason = error instanceof HooklineError ? error : failure(operation, error);
  }
}

/**
 * Runs the operations of a phase that production does not show yet, one after another, each marked before and after.
 * Throws `OperationFailed`; `schema_conflict` when others changed one of the tables; `schema_timeout` between two operations; what a lost connection throws.
 */
export async function runOperations(work: Work, row: RequestRow, phase: Phase, waiting?: Waiting): Promise<void> {
  const operations = await operationRows(work, row.number, phase);
  const stand = await standings(work, operations);
  const drifted = operations.find((_operation, at) => stand[at] === 'drifted');
  if (drifted !== undefined) throw driftedSince(row, drifted, phase);
  const stop = stopperOf(waiting);
  for (const [at, operation] of operations.entries()) {
    if (stand[at] === 'applied') {
      await mark(work, row, phase, operation, 'complete');
      continue;
    }
    stop(`${at} of ${operations.length} operations were applied`);
    waiting?.onProgress?.(`${at + 1} of ${operations.length}: ${operation.operation} ${operation.table_name}`);
    await mark(work, row, phase, operation, 'in_progress');
    try {
      const algorithms = await algorithmsFor(work, row, operation);
      const algorithm = await runChange(work, work.names.production, operation, algorithms, (statement) =>
        whenFree(work, operation.table_name, () => work.ddl(work.names.production, statement), waiting),
      );
      await mark(work, row, phase, operation, 'complete', { algorithm });
    } catch (error) {
      // What became of the statement is seen by the next command, in the table.
      if (isConnectionLost(error) || isStop(error)) throw error;
      await mark(work, row, phase, operation, 'error', { error: wordsOf(error) });
      throw new OperationFailed(operation, error);
    }
  }
}

/**
 * Runs a statement that needs a table to itself for an instant. While a transaction holds the table everybody else queues behind the statement, so it waits for one
 * second at a time and lets them pass in between.
 * Throws `deploy_failed` when the table was held for `tableWaitMs`, `schema_timeout` when the caller has had enough before.
 */
export async function whenFree(work: Work, table: string, run: () => Promise<void>, waiting?: Waiting): Promise<void> {
  const end = performance.now() + work.tableWaitMs;
  await work.run('SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1');
  try {
    for (;;) {
      try {
        return await run();
      } catch (error) {
        if (!isLocked(error)) throw error;
        if (waiting?.signal?.aborted) throw stopped(`a transaction held the table ${table}`);
        if (performance.now() > end) throw await heldFor(work, table, error);
        waiting?.onProgress?.(`waits for ${table}, which a transaction holds`);
        await sleep(300 + Math.random() * 400);
      }
    }
  } finally {
    await work.run('SET SESSION lock_wait_timeout = 30, innodb_lock_wait_timeout = 30').catch(() => undefined);
  }
}

/** The planned algorithm, and those after it: a table whose rows have no more room for an instant change may still take the next. */
async function algorithmsFor(work: Work, row: RequestRow, operation: OperationRow): Promise<readonly Algorithm[]> {
  const all = await onlineAlgorithms(work);
  if (row.instant === 1) return all.slice(0, 1);
  return all.slice(Math.max(0, all.indexOf(operation.algorithm as Algorithm)));
}

async function mark(
  work: Work,
  row: RequestRow,
  phase: Phase,
  operation: OperationRow,
  state: string,
  { algorithm = operation.algorithm, error = null }: { algorithm?: string | null; error?: string | null } = {},
): Promise<void> {
  await work.run(
    `UPDATE ${work.state.operations} SET state = ?, algorithm = ?, error = ? WHERE request = ? AND phase = ? AND position = ?`,
    [state, algorithm, error, row.number, phase, operation.position],
  );
}

/** Throws `schema_timeout` once the time is over, or the caller has had enough. */
function stopperOf(waiting: Waiting | undefined): (progress: string) => void {
  const end = performance.now() + (waiting?.timeoutMs ?? Number.POSITIVE_INFINITY);
  return (progress) => {
    if (performance.now() <= end && !waiting?.signal?.aborted) return;
    throw stopped(progress);
  };
}

function stopped(progress: string): HooklineError {
  return new HooklineError('schema_timeout', `It was stopped when ${progress}.`, {
    hint: 'Run it again to go on from there, or cancel the deploy request to go back.',
  });
}

const isStop = (error: unknown): boolean => error instanceof HooklineError && error.code === 'schema_timeout';

function driftedSince(row: RequestRow, operation: OperationRow, phase: Phase): HooklineError {
  const message = `Table ${operation.table_name} was changed by others since deploy request #${row.number} was begun: it is neither as before the change nor as after it.`;
  const back = 'Cancel the deploy request, which undoes the rest and leaves this table as it is';
  return new HooklineError('schema_conflict', message, {
    hint: `${phase === 'deploy' ? back : 'Mend the table by hand'}, or give the table the shape that it had: hookline schema deploy-request show ${row.number}`,
  });
}

function failure(operation: OperationRow, error: unknown): HooklineError {
  const refused = error instanceof AlgorithmRefused;
  const verb = refused ? 'cannot be changed without blocking it' : 'was not changed';
  const message = `Table ${operation.table_name} ${verb}: ${wordsOf(error)}`;
  return new HooklineError(refused ? 'online_ddl_refused' : 'deploy_failed', message, { cause: error });
}

async function heldFor(work: Work, table: string, cause: unknown): Promise<HooklineError> {
  const seconds = Math.round(work.tableWaitMs / 1000);
  // Takes the right PROCESS, which not every login has.
  const open = await work
    .rows<{ id: number; since: string }>(
      `SELECT trx_mysql_thread_id AS id, CAST(trx_started AS CHAR) AS since FROM information_schema.INNODB_TRX
       WHERE trx_mysql_thread_id <> CONNECTION_ID() ORDER BY trx_started LIMIT 3`,
    )
    .catch(() => []);
  const oldest = open.map(({ id, since }) => `connection ${id} since ${since}`).join(', ');
  return new HooklineError('deploy_failed', `A transaction has held the table ${table} for ${seconds} s.`, {
    hint:
      `Let it end, or end it with KILL, and deploy again. SHOW PROCESSLIST and information_schema.INNODB_TRX name it` +
      `${oldest === '' ? '.' : `; the oldest open transactions: ${oldest}.`}`,
    cause,
  });
}
