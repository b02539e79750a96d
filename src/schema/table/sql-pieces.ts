import { type Token, tokensOf } from '../../db/mysql/sql-tokens.js';

/** A token with its text, and with how many parentheses it stands in; a parenthesis itself stands outside of its own. */
export interface Piece extends Token {
  readonly text: string;
  readonly depth: number;
}

/** The tokens of some SQL with their depth in parentheses. */
export function piecesOf(sql: string): Piece[] {
  let depth = 0;
  return tokensOf(sql).map((token) => {
    const text = sql.slice(token.start, token.end);
    const isMark = token.kind === 'mark';
    if (isMark && text === ')') depth -= 1;
    const piece = { ...token, text, depth };
    if (isMark && text === '(') depth += 1;
    return piece;
  });
}

/** Whether a piece is a keyword, in whatever case. */
export function isWord(piece: Piece | undefined, word: string): boolean {
  return piece?.kind === 'word' && piece.text.toUpperCase() === word;
}

/** Whether a piece is a mark: `(`, `=`, `,`. */
export function isMark(piece: Piece | undefined, mark: string): boolean {
  return piece?.kind === 'mark' && piece.text === mark;
}

/** The parts of a list, cut at the commas that stand in no parentheses. */
export function partsOf(list: string): string[] {
  const commas = piecesOf(list).filter((piece) => piece.depth === 0 && isMark(piece, ','));
  const starts = [0, ...commas.map((comma) => comma.end)];
  return starts.map((start, index) => list.slice(start, commas[index]?.start).trim());
}

/** A name as it is, from how it stands in SQL: "`a``b`" is a`b. */
export function unquoted(name: string): string {
  return name.startsWith('`') ? name.slice(1, -1).replaceAll('``', '`') : name;
}

/** A name as it may stand in SQL. */
export function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
