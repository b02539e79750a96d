import { columnsOfForeignKey } from '../table/parse-key.js';
import type { Key, Table } from '../table/schema.js';
import { quoted } from '../table/sql-pieces.js';

/** The clauses that drop and add keys. `remade` are columns that are dropped and made anew, with which the server would drop their keys. */
export function diffKeys(from: Table, to: Table, remade: ReadonlySet<string>): { drops: string[]; adds: string[] } {
  const [before, after] = [from, to].map(({ keys }) => new Set(keys.map(({ definition }) => definition)));
  const isKept = (key: Key) =>
    before?.has(key.definition) === true &&
    after?.has(key.definition) === true &&
    !key.columns.some((column) => column !== null && remade.has(column.toLowerCase()));
  const added = to.keys.filter((key) => !isKept(key));
  const pinned = to.keys.filter((key) => isKept(key) && mayBeReplaced(key, from, added));
  const doomed = new Set(pinned.map(({ definition }) => definition));
  const dropped = from.keys.filter((key) => !isKept(key) || doomed.has(key.definition));
  return {
    drops: dropped.map(({ name, kind }) => (kind === 'primary' ? 'DROP PRIMARY KEY' : `DROP KEY ${quoted(name)}`)),
    adds: [...added, ...pinned].map(({ definition }) => `ADD ${definition}`),
  };
}

/**
 * A key that the server made by itself for a foreign key goes, unasked, as soon as another key does its work. SHOW CREATE TABLE does not tell
 * it from one that was asked for. Dropped and added by name, it stays.
 */
function mayBeReplaced(key: Key, from: Table, added: readonly Key[]): boolean {
  if (key.kind !== 'plain') return false;
  const isOfForeignKey = from.constraints.some(
    ({ kind, definition }) => kind === 'foreign_key' && same(columnsOfForeignKey(definition).own, key.columns),
  );
  const others = added.filter(({ kind }) => kind !== 'fulltext' && kind !== 'spatial');
  return isOfForeignKey && others.some(({ columns }) => same(columns.slice(0, key.columns.length), key.columns));
}

function same(some: readonly (string | null)[], others: readonly (string | null)[]): boolean {
  return some.length === others.length && some.every((name, at) => name?.toLowerCase() === others[at]?.toLowerCase());
}
