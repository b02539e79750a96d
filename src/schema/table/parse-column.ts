import { charsetOf, defaultCollation } from './collations.js';
import type { Column } from './schema.js';
import { isMark, isWord, type Piece, piecesOf, unquoted } from './sql-pieces.js';

/** Types whose values are text in a character set. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
  'char',
  'varchar',
  'tinytext',
  'text',
  'mediumtext',
  'longtext',
  'enum',
  'set',
]);

/** What a table gives to columns that do not say their own. */
export interface TableText {
  readonly charset: string;
  readonly collation: string | null;
}

/** Reads the line of a column; it begins with the quoted name. */
export function parseColumn(line: string, table: TableText): Column {
  const pieces = piecesOf(line);
  const [name, first] = pieces;
  const nameEnd = name?.end ?? 0;
  const typeEnd = endOfType(pieces);
  const word = first?.text.toLowerCase() ?? '';
  const type = word + line.slice(first?.end, typeEnd).replaceAll(/ (UNSIGNED|ZEROFILL)\b/gi, (it) => it.toLowerCase());
  const column = { name: unquoted(name?.text ?? ''), type, nullable: isNullable(pieces) };
  if (!TEXT_TYPES.has(word)) {
    return { ...column, charset: null, collation: null, definition: line.slice(nameEnd).trim() };
  }
  const text = textOf(pieces, table);
  const written = `CHARACTER SET ${text.charset}${text.collation === null ? '' : ` COLLATE ${text.collation}`}`;
  const attributes = [...text.said].reverse().reduce((rest, [from, to]) => rest.slice(0, from) + rest.slice(to), line);
  const rest = attributes.slice(typeEnd).trim();
  return {
    ...column,
    charset: text.charset,
    collation: text.collation,
    definition: [line.slice(nameEnd, typeEnd).trim(), written, rest].filter(Boolean).join(' '),
  };
}

/** Where the type ends: after its parentheses and `unsigned zerofill`. */
function endOfType(pieces: readonly Piece[]): number {
  let index = 1;
  if (isMark(pieces[2], '('))
    index = pieces.findIndex((piece, at) => at > 2 && piece.depth === 0 && isMark(piece, ')'));
  while (isWord(pieces[index + 1], 'UNSIGNED') || isWord(pieces[index + 1], 'ZEROFILL')) index += 1;
  return pieces[index]?.end ?? 0;
}

/** NOT NULL stands before DEFAULT; behind it, it is part of an expression, which MariaDB may write without parentheses. */
function isNullable(pieces: readonly Piece[]): boolean {
  const ofDefault = pieces.findIndex((piece) => piece.depth === 0 && isWord(piece, 'DEFAULT'));
  const before = ofDefault === -1 ? pieces : pieces.slice(0, ofDefault);
  return !before.some((piece, at) => piece.depth === 0 && isWord(piece, 'NOT') && isWord(pieces[at + 1], 'NULL'));
}

interface ColumnText extends TableText {
  /** Where the line says it. */
  readonly said: readonly (readonly [from: number, to: number])[];
}

/** Servers leave out what is the table's, or the default of what they write: `COLLATE x` alone, `CHARACTER SET x` alone, or nothing. */
function textOf(pieces: readonly Piece[], table: TableText): ColumnText {
  const said: [number, number][] = [];
  let charset: string | undefined;
  let collation: string | undefined;
  for (const [at, piece] of pieces.entries()) {
    if (piece.depth > 0) continue;
    // From here on these words stand in expressions.
    if (['DEFAULT', 'GENERATED', 'CHECK', 'COMMENT'].some((word) => isWord(piece, word))) break;
    const value = isWord(piece, 'COLLATE') ? pieces[at + 1] : pieces[at + 2];
    if (value === undefined) continue;
    if (isWord(piece, 'COLLATE')) collation = value.text.toLowerCase();
    else if (isWord(piece, 'CHARACTER') && isWord(pieces[at + 1], 'SET')) charset = value.text.toLowerCase();
    else continue;
    said.push([piece.start, value.end]);
  }
  if (collation !== undefined) return { charset: charset ?? charsetOf(collation), collation, said };
  if (charset !== undefined) return { charset, collation: defaultCollation(charset), said };
  return { ...table, said };
}
