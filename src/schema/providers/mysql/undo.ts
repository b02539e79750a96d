import { diffSchemas } from '../../diff/diff-schemas.js';
import { parseTable } from '../../table/parse-table.js';
import type { Schema, Table } from '../../table/schema.js';
import { onlineAlgorithms, runChange } from './algorithms.js';
import { standings } from './progress.js';
import { lossesOf, operationRows, type Phase, type RequestRow } from './request-rows.js';
import { whenFree } from './run-operations.js';
import { isConnectionLost, wordsOf } from './server-errors.js';
import type { Work } from './work.js';

/** What undoing came to. */
export interface Undone {
  /** The tables that are as before again. */
  readonly tables: readonly string[];
  /** In words, what could not be undone, and stands. */
  readonly left: readonly string[];
  /** What is empty where it had rows, in words. */
  readonly emptied: readonly string[];
}

/**
 * Takes back the operations of a phase that production shows, by the reverse diff of their tables. A table that others changed since stays as it is.
 * Throws what a lost connection throws.
 */
export async function undoOperations(work: Work, row: RequestRow, phase: Phase): Promise<Undone> {
  const operations = await operationRows(work, row.number, phase);
  const stand = await standings(work, operations);
  const applied = operations.filter((_operation, at) => stand[at] === 'applied');
  const drifted = operations.filter((_operation, at) => stand[at] === 'drifted');
  const left = drifted.map(({ table_name }) => `${table_name} was changed by others since, and stays as it is`);
  const before = new Map<string, Table>();
  const now = new Map<string, Table>();
  for (const { table_name: name, table_before } of applied.toReversed()) {
    if (table_before === null) before.delete(name);
    else before.set(name, parseTable(table_before));
    const table = await work.tableIn(work.names.production, name);
    if (table !== undefined) now.set(name, table);
  }
  const failed = await undo(work, phase, now, before);
  const emptied = lossesOf(applied.filter(({ table_name: name }) => !failed.has(name)));
  await work.run(
    `UPDATE ${work.state.operations} SET state = 'cancelled' WHERE request = ? AND phase = ? AND state IN ('complete', 'in_progress', 'pending')`,
    [row.number, phase],
  );
  const tables = [...new Set(applied.map(({ table_name }) => table_name))].filter((name) => !failed.has(name));
  return { tables, left: [...left, ...failed.values()], emptied };
}

/** What could not be undone, in words, by table. */
async function undo(work: Work, phase: Phase, now: Schema, before: Schema): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  const algorithms = await onlineAlgorithms(work);
  const { production } = work.names;
  const made = phase === 'deploy' ? 'deployment' : 'revert';
  for (const change of diffSchemas(now, before)) {
    try {
      await runChange(work, production, change, algorithms, (statement) =>
        whenFree(work, change.table, () => work.ddl(production, statement)),
      );
    } catch (error) {
      if (isConnectionLost(error)) throw error;
      failed.set(change.table, `${change.table} keeps what the ${made} made of it: ${wordsOf(error)}`);
    }
  }
  return failed;
}
