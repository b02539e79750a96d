import { type Token, tokensOf } from '../../db/mysql/sql-tokens.js';
import { HooklineError } from '../../errors.js';
import type { FileStatement } from './schema.js';

const COMMENT_MARK = /\/\*M?!\d*|\/\*|\*\/|(?:#|--(?=\s|$))[^\n]*/g;
/** What no SQL holds outside of strings and comments; the text may be no SQL, or in another encoding than UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are looked for.
const NO_SQL = /^[\u0000-\u001f\u007f\ufffd]/;

/**
 * The statements of a text, cut at the semicolons. What stands in an executed comment, `/*! … *\/`, is SQL; other comments before and behind a statement are
 * left out. Throws `sql_file_unreadable` for a string or comment that does not end, for DELIMITER, and for a text without any statement.
 */
export function splitStatements(text: string): FileStatement[] {
  const splitter = new Splitter(text);
  // With a line more than the text has, what does not end in the text ends behind it.
  for (const token of tokensOf(`${text}\n`)) splitter.take(token);
  return splitter.end();
}

/** A statement's beginning, on one line. */
export function beginningOf(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}

class Splitter {
  readonly #text: string;
  readonly #statements: FileStatement[] = [];
  /** Up to where the text was read. */
  #position = 0;
  /** Where the executed comment begins that is open. */
  #executed: number | undefined;
  #start: number | undefined;
  #end = 0;
  /** Lines are counted once over the text: up to here, so many. */
  #counted = { position: 0, line: 1 };

  constructor(text: string) {
    this.#text = text;
  }

  take(token: Token): void {
    this.#passOver(token.start);
    const word = this.#text.slice(token.start, token.end);
    if (token.end > this.#text.length)
      throw this.#unreadable(token.start, 'A quoted text or name begins here and does not end', QUOTES);
    if (token.kind === 'mark' && NO_SQL.test(word)) throw this.#unreadable(token.start, 'This is no SQL', ENCODING);
    this.#position = token.end;
    if (word === ';' && token.kind === 'mark' && this.#executed === undefined) {
      this.#cut();
      return;
    }
    if (this.#start === undefined && token.kind === 'word' && word.toUpperCase() === 'DELIMITER') {
      throw this.#unreadable(token.start, 'DELIMITER is a command of the mysql client', ROUTINES);
    }
    this.#start ??= this.#executed ?? token.start;
    this.#end = token.end;
  }

  end(): FileStatement[] {
    this.#passOver(this.#text.length);
    if (this.#executed !== undefined)
      throw this.#unreadable(this.#executed, 'A comment begins here and does not end', COMMENTS);
    this.#cut();
    if (this.#statements.length > 0) return this.#statements;
    throw new HooklineError('sql_file_unreadable', 'The SQL file holds no statement.', {
      hint: 'Write statements that end with a semicolon: ALTER TABLE ai_content ADD COLUMN quality_score FLOAT;',
    });
  }

  #cut(): void {
    if (this.#start !== undefined) {
      this.#statements.push({ text: this.#text.slice(this.#start, this.#end), line: this.#lineOf(this.#start) });
    }
    this.#start = undefined;
  }

  /** Reads the comments up to a place. */
  #passOver(to: number): void {
    COMMENT_MARK.lastIndex = this.#position;
    for (
      let mark = COMMENT_MARK.exec(this.#text);
      mark !== null && mark.index < to;
      mark = COMMENT_MARK.exec(this.#text)
    ) {
      const [found] = mark;
      if (found === '/*') this.#passOverComment(mark.index);
      else if (found.startsWith('/*')) this.#executed ??= mark.index;
      else if (found === '*/') this.#endExecuted(mark.index);
    }
  }

  #passOverComment(start: number): void {
    const end = this.#text.indexOf('*/', start + 2);
    if (end === -1) throw this.#unreadable(start, 'A comment begins here and does not end', COMMENTS);
    COMMENT_MARK.lastIndex = end + 2;
  }

  #endExecuted(position: number): void {
    if (this.#executed === undefined)
      throw this.#unreadable(position, 'A comment ends here that did not begin', COMMENTS);
    this.#executed = undefined;
    this.#end = position + 2;
  }

  #lineOf(position: number): number {
    // What is asked for after a later place, the place of an error, is counted from the beginning.
    let { position: at, line } = position < this.#counted.position ? { position: 0, line: 1 } : this.#counted;
    for (; at < position; at += 1) if (this.#text[at] === '\n') line += 1;
    this.#counted = { position, line };
    return line;
  }

  #unreadable(position: number, what: string, hint: string): HooklineError {
    return new HooklineError('sql_file_unreadable', `Line ${this.#lineOf(position)} of the SQL file: ${what}.`, {
      hint,
    });
  }
}

const QUOTES = 'Look for a quote that is missing, or one inside that has to be doubled.';
const COMMENTS = 'A comment looks like /* … */, or goes from -- or # to the end of its line.';
const ENCODING = 'The file has to be SQL as text in UTF-8.';
const ROUTINES =
  'It is needed for routines and triggers alone, which PlanetScale does not have. Take it out, and end statements with a semicolon.';
