import type { Statement } from './statement.js';
import { isSameName, splitAtCommas, textOf, type Word, WordReader } from './words.js';

/** What follows ADD or DROP where it is no column: reserved words all, so no column is called so without quotes. */
const NO_COLUMN = new Set('INDEX KEY PRIMARY UNIQUE FULLTEXT SPATIAL FOREIGN CONSTRAINT CHECK PARTITION'.split(' '));

interface NamedColumn {
  readonly name: string;
  readonly line: number;
}

/** A column that an ALTER TABLE makes. */
export interface AddedColumn extends NamedColumn {
  /** The words after its name, without those in parentheses. */
  readonly definition: readonly Word[];
}

/** A column that gets another name; `definition` is empty in RENAME COLUMN, which has none. */
export interface RenamedColumn extends NamedColumn {
  readonly to: string;
  readonly definition: string;
}

/** `ADD [COLUMN] [IF NOT EXISTS] name …`, and `ADD [COLUMN] (name …, name …)`. */
export function addedColumns({ clauses }: Statement): AddedColumn[] {
  return clauses.flatMap((clause) => {
    const reader = new WordReader(clause);
    if (!reader.skip('ADD')) return [];
    reader.skip('COLUMN');
    reader.skip('IF', 'NOT', 'EXISTS');
    if (!reader.skip('(')) return addedColumn(reader.rest());
    const rest = reader.rest();
    const end = rest.findIndex(({ keyword, depth }) => keyword === ')' && depth === 0);
    return splitAtCommas(end === -1 ? rest : rest.slice(0, end)).flatMap(addedColumn);
  });
}

/** `DROP [COLUMN] [IF EXISTS] name`. */
export function droppedColumns({ clauses }: Statement): NamedColumn[] {
  return clauses.flatMap((clause) => {
    const reader = new WordReader(clause);
    if (!reader.skip('DROP')) return [];
    if (!reader.skip('COLUMN') && isNoColumn(reader)) return [];
    reader.skip('IF', 'EXISTS');
    return named(reader.take());
  });
}

/** `RENAME COLUMN a TO b`, and `CHANGE [COLUMN] [IF EXISTS] a b …` where they differ. */
export function renamedColumns({ clauses, source }: Statement): RenamedColumn[] {
  return clauses.flatMap((clause) => {
    const reader = new WordReader(clause);
    const isChange = reader.skip('CHANGE');
    if (isChange) reader.skip('COLUMN');
    else if (!reader.skip('RENAME', 'COLUMN')) return [];
    reader.skip('IF', 'EXISTS');
    const [from] = named(reader.take());
    if (!isChange && !reader.skip('TO')) return [];
    const [to] = named(reader.take());
    if (from === undefined || to === undefined || isSameName(from.name, to.name)) return [];
    return [{ ...from, to: to.name, definition: textOf(reader.rest(), source) }];
  });
}

function addedColumn(words: readonly Word[]): AddedColumn[] {
  const reader = new WordReader(words);
  if (isNoColumn(reader)) return [];
  const column = reader.take();
  const definition = reader.rest().filter(({ depth }) => depth === column?.depth);
  return named(column).map((name) => ({ ...name, definition }));
}

function isNoColumn(reader: WordReader): boolean {
  const [first, second] = [reader.peek(), reader.peek(1)].map((word) => word?.keyword ?? '');
  if (NO_COLUMN.has(first ?? '')) return true;
  // MariaDB's temporal tables; by themselves both are good names of columns.
  return (first === 'PERIOD' && second === 'FOR') || (first === 'SYSTEM' && second === 'VERSIONING');
}

function named(word: Word | undefined): NamedColumn[] {
  return word === undefined || word.name === null ? [] : [{ name: word.name, line: word.line }];
}
