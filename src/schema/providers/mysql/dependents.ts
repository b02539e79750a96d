import { tokensOf } from '../../../db/mysql/sql-tokens.js';
import type { LintFinding } from '../../provider.js';
import { parseTable } from '../../table/parse-table.js';
import type { SchemaChange } from '../../table/schema.js';
import { unquoted } from '../../table/sql-pieces.js';
import { problem } from './problems.js';
import type { Work } from './work.js';

type Operation = Pick<SchemaChange, 'table' | 'operation'> & {
  readonly before: string | null;
  readonly after: string | null;
};

/** A table that goes, or one of its columns. */
interface Gone {
  readonly table: string;
  readonly column: string | null;
}

interface Routine {
  readonly name: string;
  /** The table of a trigger; null for a view. */
  readonly table: string | null;
  readonly body: string;
}

/**
 * What in production would break with tables and columns that go. Branches have neither triggers nor views, so no try on a copy finds it: the server takes the
 * change, and then refuses every write to a table whose trigger names what is gone. Triggers are errors, views warnings. A login without the rights TRIGGER
 * and SHOW VIEW sees none.
 */
export async function dependentsOn(work: Work, operations: readonly Operation[]): Promise<LintFinding[]> {
  const gone = operations.flatMap(goneWith);
  if (gone.length === 0) return [];
  const triggers = await work.rows<Routine>(
    'SELECT TRIGGER_NAME AS name, EVENT_OBJECT_TABLE AS `table`, ACTION_STATEMENT AS body FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?',
    [work.names.production],
  );
  const views = await work.rows<Routine>(
    'SELECT TABLE_NAME AS name, NULL AS `table`, VIEW_DEFINITION AS body FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?',
    [work.names.production],
  );
  return [
    ...triggers.flatMap((trigger) => breaking(trigger, gone).map((one) => ofTrigger(trigger, one))),
    ...views.flatMap((view) => breaking(view, gone).map((one) => ofView(view, one))),
  ];
}

function goneWith({ table, before, after }: Operation): Gone[] {
  if (before === null) return [];
  if (after === null) return [{ table, column: null }];
  const kept = new Set(parseTable(after).columns.map(({ name }) => name.toLowerCase()));
  const columns = parseTable(before).columns.filter(({ name }) => !kept.has(name.toLowerCase()));
  return columns.map(({ name }) => ({ table, column: name }));
}

/** What it names of that which goes. A column counts where its table is named too, or is the trigger's own. */
function breaking({ table, body }: Routine, gone: readonly Gone[]): Gone[] {
  const names = new Set(
    tokensOf(body)
      .filter(({ kind }) => kind === 'word' || kind === 'name')
      .map(({ start, end }) => unquoted(body.slice(start, end)).toLowerCase()),
  );
  return gone.filter(
    (one) =>
      (one.table === table || names.has(one.table.toLowerCase())) &&
      (one.column === null || names.has(one.column.toLowerCase())),
  );
}

function ofTrigger({ name, table }: Routine, gone: Gone): LintFinding {
  const does =
    gone.column === null && gone.table === table
      ? `would go with its table ${gone.table}`
      : `names ${inWords(gone)}, which goes, and would then refuse writes to ${table}`;
  const hint = 'Drop the trigger, or make it without that, in production first; then make the deploy request again.';
  return problem('TRIGGER_AFFECTED', `The trigger ${name} ${does}.`, hint, { table: gone.table });
}

function ofView({ name }: Routine, gone: Gone): LintFinding {
  const hint = 'Make the view without it before this is deployed: nobody can read the view afterwards.';
  const message = `The view ${name} names ${inWords(gone)}, which goes.`;
  return problem('VIEW_AFFECTED', message, hint, { table: gone.table, severity: 'warning' });
}

function inWords({ table, column }: Gone): string {
  return column === null ? `the table ${table}` : `the column ${column} of ${table}`;
}
