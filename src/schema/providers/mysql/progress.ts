import type { LintFinding } from '../../provider.js';
import { parseTable } from '../../table/parse-table.js';
import type { Table } from '../../table/schema.js';
import { deployLock } from './deploy-lock.js';
import { isLockFree } from './locks.js';
import { problem } from './problems.js';
import { type OperationRow, operationRows, type Phase, type RequestRow } from './request-rows.js';
import { isSameTable } from './snapshot.js';
import type { Work } from './work.js';

/** How an operation stands by the look of production: `drifted` when its table is as neither side of it. */
export type Standing = 'applied' | 'not_applied' | 'drifted';

/** The phase that a request in this state is in the middle of. */
export function phaseUnderWay(state: string): Phase | undefined {
  if (state === 'in_progress') return 'deploy';
  return state === 'in_progress_revert' ? 'revert' : undefined;
}

/**
 * Which operations production shows: by its tables and not by what was written last, since a process may be killed between a statement and its mark.
 * A table that several operations change stands after the last one that it looks like.
 */
export async function standings(work: Work, operations: readonly OperationRow[]): Promise<Standing[]> {
  const tables = new Map<string, Table | undefined>();
  for (const { table_name: name } of operations) {
    if (!tables.has(name)) tables.set(name, await work.tableIn(work.names.production, name));
  }
  return operations.map((operation, at) => {
    const now = tables.get(operation.table_name);
    const own = operations
      .map((one, index) => ({ one, index }))
      .filter(({ one }) => one.table_name === operation.table_name);
    const last = own.findLast(({ one }) => looksLike(now, one.table_after));
    if (last !== undefined) return at <= last.index ? 'applied' : 'not_applied';
    return looksLike(now, own[0]?.one.table_before ?? null) ? 'not_applied' : 'drifted';
  });
}

function looksLike(table: Table | undefined, snapshot: string | null): boolean {
  return isSameTable(table, snapshot === null ? undefined : parseTable(snapshot));
}

/** What became of a deployment, or of its way back, that was broken off: told while nobody is at work on it. */
export async function interruptionOf(work: Work, row: RequestRow): Promise<LintFinding[]> {
  const phase = phaseUnderWay(row.deployment_state);
  if (phase === undefined || !(await isLockFree(work, deployLock(work)))) return [];
  const operations = await operationRows(work, row.number, phase);
  const stand = await standings(work, operations);
  const applied = operations.filter((_operation, at) => stand[at] === 'applied').map(({ table_name }) => table_name);
  const drifted = operations.filter((_operation, at) => stand[at] === 'drifted').map(({ table_name }) => table_name);
  const of = `${applied.length} of ${operations.length} operations were applied${applied.length > 0 ? ` (${applied.join(', ')})` : ''}`;
  const changed = drifted.length > 0 ? ` ${drifted.join(', ')} was changed by others since.` : '';
  const what = phase === 'deploy' ? 'The deployment' : 'The revert';
  const next =
    phase === 'deploy'
      ? `deploy goes on from there, cancel goes back: hookline schema deploy-request deploy ${row.number}`
      : `revert goes on from there: hookline schema deploy-request revert ${row.number}`;
  return [
    problem('DEPLOYMENT_INTERRUPTED', `${what} was broken off: ${of}.${changed}`, `Run it again: ${next}`, {
      table: operations.find((_operation, at) => stand[at] !== 'applied')?.table_name ?? null,
    }),
  ];
}
