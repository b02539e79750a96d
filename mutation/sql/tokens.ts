/** A piece of SQL or PL/pgSQL with its place in the text. White space and comments are no tokens. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'symbol';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** How many parentheses are open around it. */
  readonly depth: number;
}

const TOKEN =
  /(?<skip>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>[Ee]?'(?:[^']|'')*'|"(?:[^"]|"")*")|(?<number>\d+(?:\.\d+)?)|(?<word>[A-Za-z_][\w$]*)|(?<symbol>:=|=>|->>|->|#>>|#>|@>|@\?|\|\||::|<=|>=|<>|[\s\S])/g;

/** The tokens of a function's body. A quoted name is a string of double quotes. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  for (const match of sql.matchAll(TOKEN)) {
    const [text] = match;
    const kind = (['word', 'number', 'string', 'symbol'] as const).find((name) => match.groups?.[name] !== undefined);
    if (kind === undefined) continue;
    if (text === ')' || text === ']') depth -= 1;
    tokens.push({ kind, text, start: match.index, end: match.index + text.length, depth });
    if (text === '(' || text === '[') depth += 1;
  }
  return tokens;
}

/** Whether the token is this word, in any case. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text.toUpperCase());
}
