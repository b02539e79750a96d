/** A piece of SQL, from `start` to before `end`. Spaces and comments are no tokens. */
export interface Token {
  /** `word` is a keyword or a plain name, `name` a quoted name or a variable, `literal` a string or a number. */
  readonly kind: 'word' | 'name' | 'literal' | 'mark';
  readonly start: number;
  readonly end: number;
}

const SPACE = /\s+/y;
const LINE_COMMENT = /(?:#|--(?=\s|$))[^\n]*/y;
// What stands in it is executed: only its ends are passed over.
const EXECUTED_COMMENT = /\/\*M?!\d*|\*\//y;
const HEX_OR_BIT_STRING = /[xb]'[0-9a-f]*'|0x[0-9a-f]+|0b[01]+/iy;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\w$])/iy;
const WORD = /[\w$\u0080-\uffff]+/y;
const VARIABLE = /@{1,2}[\w.$]*/y;

/**
 * Cuts SQL into tokens, no further than telling where strings, names and comments begin and end under MySQL's
 * rules (backslash escapes, as without NO_BACKSLASH_ESCAPES). A string that does not end goes on to the end of the text.
 */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < sql.length) {
    const skipped = passOver(sql, position);
    if (skipped > position) {
      position = skipped;
      continue;
    }
    const token = tokenAt(sql, position);
    tokens.push(token);
    position = token.end;
  }
  return tokens;
}

function passOver(sql: string, position: number): number {
  for (const pattern of [SPACE, EXECUTED_COMMENT, LINE_COMMENT]) {
    const end = endOf(pattern, sql, position);
    if (end > position) return end;
  }
  if (!sql.startsWith('/*', position)) return position;
  const end = sql.indexOf('*/', position + 2);
  return end === -1 ? sql.length : end + 2;
}

function tokenAt(sql: string, start: number): Token {
  const char = sql[start];
  if (char === "'" || char === '"') return { kind: 'literal', start, end: endOfQuoted(sql, start, char, true) };
  if (char === '`') return { kind: 'name', start, end: endOfQuoted(sql, start, char, false) };
  if (char === '@') return { kind: 'name', start, end: endOf(VARIABLE, sql, start) };
  for (const [pattern, kind] of [
    [HEX_OR_BIT_STRING, 'literal'],
    [NUMBER, 'literal'],
    [WORD, 'word'],
  ] as const) {
    const end = endOf(pattern, sql, start);
    if (end > start) return { kind, start, end };
  }
  return { kind: 'mark', start, end: start + 1 };
}

/** The end of what a sticky pattern matches at a position; the position itself when it does not match there. */
function endOf(pattern: RegExp, sql: string, position: number): number {
  pattern.lastIndex = position;
  return pattern.test(sql) ? pattern.lastIndex : position;
}

/** By hand, since a pattern with an alternative inside a repetition runs out of stack on strings of some megabytes. */
function endOfQuoted(sql: string, start: number, quote: string, escapes: boolean): number {
  for (let index = start + 1; index < sql.length; index += 1) {
    const char = sql[index];
    if (escapes && char === '\\') index += 1;
    else if (char === quote) {
      if (sql[index + 1] !== quote) return index + 1;
      index += 1;
    }
  }
  return sql.length;
}
