import type { Column, Table } from '../table/schema.js';
import { quoted } from '../table/sql-pieces.js';
import { lossesOf } from './column-losses.js';
import { generationOf } from './generation.js';
import { longestRise } from './stable-order.js';

/** What becomes of a table's columns. */
export interface ColumnsDiff {
  /** Clauses of an ALTER TABLE. */
  readonly drops: readonly string[];
  readonly changes: readonly string[];
  readonly losses: readonly string[];
  /** The names, in lower case, of columns that are dropped and made anew: what names them has to go and come with them. */
  readonly remade: ReadonlySet<string>;
}

/** The clauses that make the columns of one table those of another, with the fewest columns moved. Names are the same in whatever case, as for the server. */
export function diffColumns(from: Table, to: Table): ColumnsDiff {
  const before = new Map(from.columns.map((column, place) => [column.name.toLowerCase(), { column, place }]));
  const after = new Set(to.columns.map(({ name }) => name.toLowerCase()));
  const remade = new Set(
    to.columns.flatMap((column) => {
      const key = column.name.toLowerCase();
      const old = before.get(key)?.column;
      return old && !canBeModified(old, column) ? [key] : [];
    }),
  );
  const isKept = (name: string) => before.has(name.toLowerCase()) && !remade.has(name.toLowerCase());
  const kept = to.columns.filter(({ name }) => isKept(name));
  const rise = longestRise(kept.map(({ name }) => before.get(name.toLowerCase())?.place ?? 0));
  const still = new Set([...rise].map((place) => kept[place]?.name));
  const lastStill = to.columns.findLastIndex(({ name }) => still.has(name));

  const changes: string[] = [];
  const losses = from.columns.filter(({ name }) => !after.has(name.toLowerCase())).map(({ name }) => `column ${name}`);
  for (const [place, column] of to.columns.entries()) {
    const old = before.get(column.name.toLowerCase())?.column;
    const written = `${quoted(column.name)} ${column.definition}`;
    const previous = to.columns[place - 1];
    const position = previous ? ` AFTER ${quoted(previous.name)}` : ' FIRST';
    if (old) losses.push(...lossesOf(old, column));
    if (!isKept(column.name)) changes.push(`ADD COLUMN ${written}${place > lastStill && previous ? '' : position}`);
    else if (!still.has(column.name)) changes.push(`MODIFY COLUMN ${written}${position}`);
    else if (old?.definition !== column.definition || old.name !== column.name)
      changes.push(`MODIFY COLUMN ${written}`);
  }
  const gone = from.columns.filter(({ name }) => !isKept(name) || !after.has(name.toLowerCase()));
  return { drops: gone.map(({ name }) => `DROP COLUMN ${quoted(name)}`), changes, losses, remade };
}

/** A server computes VIRTUAL values when they are read: to another kind of column there is no way but to drop it and make it anew. */
function canBeModified(from: Column, to: Column): boolean {
  const kinds = [generationOf(from.definition), generationOf(to.definition)];
  return kinds[0] === kinds[1] || !kinds.includes('virtual');
}
