import type { Constraint, Key } from './schema.js';
import { isMark, isWord, type Piece, partsOf, piecesOf, unquoted } from './sql-pieces.js';
import { unreadable } from './unreadable.js';

const KINDS: Readonly<Record<string, Key['kind']>> = {
  PRIMARY: 'primary',
  UNIQUE: 'unique',
  KEY: 'plain',
  FULLTEXT: 'fulltext',
  SPATIAL: 'spatial',
};

/** Reads the line of a key or a constraint. Throws `schema_unreadable` for one of another kind. */
export function parseKeyOrConstraint(line: string, table: string): Key | Constraint {
  const pieces = piecesOf(line);
  const first = pieces[0]?.text.toUpperCase() ?? '';
  const kind = KINDS[first];
  if (kind !== undefined) return parseKey(line, pieces, kind);
  const constraint = first === 'CONSTRAINT' ? parseConstraint(line, pieces) : undefined;
  if (constraint) return constraint;
  throw unreadable(
    `The table ${table} has a part that Hookline does not know: ${line.slice(0, 80)}`,
    'Hookline carries columns, keys, foreign keys and checks. Keep such a table in a database of its own.',
  );
}

function parseKey(line: string, pieces: readonly Piece[], kind: Key['kind']): Key {
  const name = pieces.find((piece) => piece.depth === 0 && piece.kind === 'name');
  const list = pieces.findIndex((piece) => isMark(piece, '('));
  const parts = partsOf(insideOf(line, pieces, list)).map(piecesOf);
  return {
    name: kind === 'primary' ? 'PRIMARY' : unquoted(name?.text ?? ''),
    kind,
    columns: parts.map(([column]) => (column?.kind === 'name' ? unquoted(column.text) : null)),
    hasPrefix: parts.some(([column, next]) => column?.kind === 'name' && isMark(next, '(')),
    definition: line,
  };
}

function parseConstraint(line: string, pieces: readonly Piece[]): Constraint | undefined {
  const name = unquoted(pieces[1]?.text ?? '');
  if (isWord(pieces[2], 'CHECK')) return { name, kind: 'check', definition: line, references: null };
  if (!isWord(pieces[2], 'FOREIGN')) return undefined;
  const at = pieces.findIndex((piece) => piece.depth === 0 && isWord(piece, 'REFERENCES'));
  const path = pieces.slice(
    at + 1,
    pieces.findIndex((piece, index) => index > at && isMark(piece, '(')),
  );
  const references = path.filter(({ kind }) => kind === 'name').map(({ text }) => unquoted(text));
  // With a database before it, it is a table of another one.
  return { name, kind: 'foreign_key', definition: line, references: references.join('.') };
}

/** The columns of a foreign key, and those that it refers to. */
export function columnsOfForeignKey(definition: string): { readonly own: string[]; readonly referenced: string[] } {
  const pieces = piecesOf(definition);
  const lists = [...pieces.keys()].filter((at) => pieces[at]?.depth === 0 && isMark(pieces[at], '('));
  const [own = [], referenced = []] = lists.map((at) => partsOf(insideOf(definition, pieces, at)).map(unquoted));
  return { own, referenced };
}

/** The text between a parenthesis and its end. */
function insideOf(line: string, pieces: readonly Piece[], open: number): string {
  const depth = pieces[open]?.depth ?? 0;
  const close = pieces.find((piece, at) => at > open && piece.depth === depth && isMark(piece, ')'));
  return line.slice(pieces[open]?.end, close?.start);
}
