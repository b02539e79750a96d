import { diffSchemas } from '../../diff/diff-schemas.js';
import type { LintFinding } from '../../provider.js';
import type { Schema, SchemaChange, Table } from '../../table/schema.js';
import { piecesOf, unquoted } from '../../table/sql-pieces.js';
import { type Algorithm, AlgorithmRefused, onlineAlgorithms, runChange } from './algorithms.js';
import { dependentsOn } from './dependents.js';
import { withScratch } from './scratch.js';
import { isConnectionLost, wordsOf } from './server-errors.js';
import { tablesOf } from './snapshot.js';
import type { Work } from './work.js';

/** A change, as it was seen to run on empty copies of the tables. */
export interface PlannedOperation extends SchemaChange {
  readonly algorithm: Algorithm | null;
  /** SHOW CREATE TABLE on either side of it; null where there is no table. */
  readonly before: string | null;
  readonly after: string | null;
  /** The server's words, where it takes none of the algorithms. */
  readonly refused: string | null;
}

export interface Plan {
  readonly operations: readonly PlannedOperation[];
  /** What the operations make of the schema. */
  readonly after: Schema;
  /** Whether every statement touches metadata alone. */
  readonly instant: boolean;
  /** Errors stand in its way; warnings do not. */
  readonly problems: readonly LintFinding[];
}

/**
 * The changes from production's schema to another, and with which algorithm the server makes each, tried on empty copies. What a server takes depends on the definition of
 * a table; a table with rows is refused in its place only where old instant changes have used up what a row can hold, which is found out when it is its turn.
 * Throws `AlgorithmRefused` never: refusals are problems of the plan.
 */
export async function planChanges(
  work: Work,
  from: Schema,
  to: Schema,
  options: { readonly instantOnly?: boolean } = {},
): Promise<Plan> {
  const changes = diffSchemas(from, to);
  const all = await onlineAlgorithms(work);
  const algorithms = options.instantOnly ? all.slice(0, 1) : all;
  // What drops data comes last, so that nothing is lost when another statement fails. The differ's own order is kept where it has to be so.
  const careful = changes.toSorted((a, b) => Number(a.canDropData) - Number(b.canDropData));
  try {
    return await tryPlan(work, from, careful, algorithms);
  } catch (error) {
    if (isConnectionLost(error)) throw error;
    return tryPlan(work, from, changes, algorithms);
  }
}

function tryPlan(
  work: Work,
  from: Schema,
  changes: readonly SchemaChange[],
  algorithms: readonly Algorithm[],
): Promise<Plan> {
  if (changes.length === 0) return Promise.resolve({ operations: [], after: from, instant: true, problems: [] });
  const involved = involvedIn(from, changes);
  return withScratch(work, tablesOf(from, involved), async (scratch) => {
    const operations: PlannedOperation[] = [];
    for (const change of changes) {
      const before = await work.tableIn(scratch, change.table);
      const { algorithm, refused } = await tryChange(work, scratch, change, algorithms);
      const after = await work.tableIn(scratch, change.table);
      operations.push({ ...change, algorithm, refused, before: textOf(before), after: textOf(after) });
    }
    return {
      operations,
      after: sorted([...from].filter(([name]) => !involved.has(name)).concat([...(await work.schemaIn(scratch))])),
      instant: operations.every(({ operation, algorithm }) => operation !== 'ALTER' || algorithm === 'INSTANT'),
      problems: [
        ...operations.flatMap((operation) => refusalOf(operation, algorithms)),
        ...(await dependentsOn(work, operations)),
      ],
    };
  });
}

/** The tables that change, and those on the other side of their foreign keys: of many, the rest need not be copied. */
function involvedIn(from: Schema, changes: readonly SchemaChange[]): Set<string> {
  const changing = new Set(changes.map(({ table }) => table));
  const involved = new Set(changing);
  for (const { name, constraints } of from.values()) {
    for (const { references } of constraints) {
      if (references !== null && changing.has(references)) involved.add(name);
      if (references !== null && changing.has(name)) involved.add(references);
    }
  }
  // A foreign key that comes refers to a table by the statement alone.
  for (const { statement } of changes) for (const name of namesIn(statement)) if (from.has(name)) involved.add(name);
  return involved;
}

function namesIn(statement: string): string[] {
  return piecesOf(statement).flatMap(({ kind, text }) => (kind === 'name' ? [unquoted(text)] : []));
}

function sorted(tables: readonly (readonly [string, Table])[]): Schema {
  return new Map(tables.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

async function tryChange(work: Work, scratch: string, change: SchemaChange, algorithms: readonly Algorithm[]) {
  try {
    return { algorithm: await runChange(work, scratch, change, algorithms), refused: null };
  } catch (error) {
    if (!(error instanceof AlgorithmRefused)) throw error;
    // Made all the same, on the copy, so that what comes after it is tried too.
    await work.ddl(scratch, change.statement);
    return { algorithm: null, refused: wordsOf(error) };
  }
}

function refusalOf({ refused, table, statement }: PlannedOperation, algorithms: readonly Algorithm[]): LintFinding[] {
  if (refused === null) return [];
  const finding = { severity: 'error', table, column: null, line: null } as const;
  if (algorithms.length === 1) {
    const message = `The change of ${table} is not instant: ${refused}`;
    return [{ ...finding, code: 'NOT_INSTANT', message, hint: 'Deploy it without instant DDL.' }];
  }
  return [
    {
      ...finding,
      code: 'ONLINE_DDL_REFUSED',
      message: `The server cannot change ${table} without blocking it: ${refused} (${shortened(statement)})`,
      hint: 'Add a column beside the old one and write both, fill it, read the new one, and drop the old one by a later deploy request.',
    },
  ];
}

const shortened = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 199)}…`);

const textOf = (table: Table | undefined): string | null => table?.createStatement ?? null;
