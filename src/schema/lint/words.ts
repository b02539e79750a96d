import { type Token, tokensOf } from '../../db/mysql/sql-tokens.js';
import { quoted } from '../table/sql-pieces.js';

/** A token of a statement, with what the rules ask of it. */
export interface Word extends Token {
  /** As it stands. */
  readonly text: string;
  /** A plain word in upper case, or a mark; empty for what is quoted and for what follows a dot, since neither is a keyword. */
  readonly keyword: string;
  /** The name that it can be, without its quotes; null for literals and marks. */
  readonly name: string | null;
  /** From 1. */
  readonly line: number;
  /** How many parentheses are open around it; those themselves are outside. */
  readonly depth: number;
}

/** The words of a piece of SQL. Comments are none; what stands in an executed comment is. */
export function wordsOf(sql: string, firstLine = 1): Word[] {
  const words: Word[] = [];
  let depth = 0;
  let line = firstLine;
  let counted = 0;
  for (const token of tokensOf(sql)) {
    const text = sql.slice(token.start, token.end);
    for (; counted < token.start; counted += 1) if (sql[counted] === '\n') line += 1;
    if (text === ')' && depth > 0) depth -= 1;
    const isKeyword = token.kind === 'mark' || (token.kind === 'word' && words.at(-1)?.keyword !== '.');
    words.push({
      ...token,
      text,
      keyword: isKeyword ? text.toUpperCase() : '',
      name: nameOf(token, text),
      line,
      depth,
    });
    if (text === '(') depth += 1;
  }
  return words;
}

/** The words between commas, at the depth of the first of them. */
export function splitAtCommas(words: readonly Word[]): Word[][] {
  const parts: Word[][] = [];
  let part: Word[] = [];
  for (const word of words) {
    if (word.keyword === ',' && word.depth === words[0]?.depth) {
      parts.push(part);
      part = [];
    } else part.push(word);
  }
  return [...parts, part].filter(({ length }) => length > 0);
}

/** From the first of the words to the last, as it stands in the text they are of. */
export function textOf(words: readonly Word[], sql: string): string {
  return sql.slice(words[0]?.start ?? 0, words.at(-1)?.end ?? 0);
}

/** A name as SQL writes it, quoted where it has to be. */
export function sqlName(name: string): string {
  return /^[a-z_][\w$]*$/i.test(name) ? name : quoted(name);
}

/** Whether two names of columns are one: MySQL compares them without case. */
export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Reads words one after another. */
export class WordReader {
  readonly #words: readonly Word[];
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  /** The next word, or one further on. */
  peek(ahead = 0): Word | undefined {
    return this.#words[this.#at + ahead];
  }

  /** Passes over the next word, and gives it. */
  take(): Word | undefined {
    const word = this.#words[this.#at];
    this.#at += 1;
    return word;
  }

  /** Passes over these keywords if they come next, all of them. */
  skip(...keywords: readonly string[]): boolean {
    if (!keywords.every((keyword, ahead) => this.peek(ahead)?.keyword === keyword)) return false;
    this.#at += keywords.length;
    return true;
  }

  rest(): Word[] {
    return this.#words.slice(this.#at);
  }
}

function nameOf({ kind }: Token, text: string): string | null {
  if (kind === 'word') return text;
  if (kind !== 'name') return null;
  return text.startsWith('`') ? text.slice(1, text.endsWith('`') ? -1 : undefined).replaceAll('``', '`') : text;
}
