import { defaultCollation } from './collations.js';
import { isMark, isWord, type Piece, piecesOf } from './sql-pieces.js';

/** What follows the parentheses of a CREATE TABLE. */
export interface TableTail {
  readonly engine: string | null;
  readonly charset: string | null;
  readonly collation: string | null;
  readonly options: string;
  readonly partitioning: string | null;
  /** Where the next AUTO_INCREMENT stands. */
  readonly autoIncrement: readonly [from: number, to: number] | null;
  readonly isVersioned: boolean;
}

/** An option of a table: its name in upper case (`DATA DIRECTORY`), and its value as it stands. */
export interface TableOption {
  readonly name: string;
  readonly value: string;
}

interface PlacedOption extends TableOption {
  readonly start: number;
  readonly end: number;
}

/** Reads the options and the partitioning behind the parentheses. */
export function parseTail(tail: string): TableTail {
  const pieces = piecesOf(tail);
  const at = pieces.findIndex((piece, index) => isWord(piece, 'PARTITION') && isWord(pieces[index + 1], 'BY'));
  const placed = readOptions(tail, at === -1 ? pieces : pieces.slice(0, at));
  const valueFor = (name: string) => placed.find((option) => option.name === name)?.value;
  const charset = valueFor('CHARSET')?.toLowerCase() ?? null;
  const collation = valueFor('COLLATE')?.toLowerCase() ?? (charset === null ? null : defaultCollation(charset));
  const next = placed.find(({ name }) => name === 'AUTO_INCREMENT');
  // Where a server keeps its files is no part of a schema, and cannot be altered.
  const own = new Set(['ENGINE', 'CHARSET', 'COLLATE', 'AUTO_INCREMENT', 'DATA DIRECTORY', 'INDEX DIRECTORY']);
  const others = placed.filter(({ name }) => !own.has(name));
  return {
    engine: valueFor('ENGINE') ?? null,
    charset,
    collation,
    options: others.map(writeOption).join(' '),
    partitioning: at === -1 ? null : partitioningFrom(tail, pieces, at),
    autoIncrement: next ? [next.start, next.end] : null,
    isVersioned: others.some(({ name }) => name.startsWith('WITH ') || name === 'SEQUENCE'),
  };
}

/** The options that a table's `options` hold, in the order of names. */
export function optionsOf(options: string): TableOption[] {
  return readOptions(options, piecesOf(options))
    .map(({ name, value }) => ({ name, value }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

export function writeOption({ name, value }: TableOption): string {
  return value === '' ? name : SPACED.has(name) ? `${name} ${value}` : `${name}=${value}`;
}

/** Options that take no `=`. */
const SPACED: ReadonlySet<string> = new Set(['TABLESPACE', 'STORAGE']);

function readOptions(text: string, pieces: readonly Piece[]): PlacedOption[] {
  const options: PlacedOption[] = [];
  let at = 0;
  while (at < pieces.length) {
    const from = at;
    const first = pieces[at];
    if (SPACED.has(first?.text.toUpperCase() ?? '')) at += 1;
    else while (at < pieces.length && !isMark(pieces[at], '=')) at += 1;
    const name = nameFrom(pieces.slice(from, at));
    const isSpaced = SPACED.has(name);
    const value = isSpaced ? at : at + 1;
    let end = value;
    if (isMark(pieces[value], '(')) {
      while (end + 1 < pieces.length && !(isMark(pieces[end], ')') && pieces[end]?.depth === 0)) end += 1;
    }
    options.push({
      name,
      value: text.slice(pieces[value]?.start ?? text.length, pieces[end]?.end ?? text.length).trim(),
      start: first?.start ?? 0,
      end: pieces[end]?.end ?? text.length,
    });
    at = end + 1;
  }
  return options;
}

function nameFrom(pieces: readonly Piece[]): string {
  const words = pieces.map(({ kind, text }) => (kind === 'word' ? text.toUpperCase() : text));
  // `DEFAULT CHARSET`, and nothing else, is also written without its DEFAULT.
  return (words[0] === 'DEFAULT' ? words.slice(1) : words).join(' ').replace(/^CHARACTER SET$/, 'CHARSET');
}

/** On one line, without the ends of the executed comment that MySQL writes it in. */
function partitioningFrom(tail: string, pieces: readonly Piece[], at: number): string {
  const own = pieces.slice(at);
  return own
    .map((piece, index) => piece.text + (tail.slice(piece.end, own[index + 1]?.start ?? piece.end) === '' ? '' : ' '))
    .join('');
}
