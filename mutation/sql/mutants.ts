import { isWord, type Token, tokensOf } from './tokens.js';

/** A change of one place in a function's body. */
export interface Mutant {
  readonly operator: string;
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** As Stryker changes TypeScript: a comparison to its neighbours, arithmetic and logic to their opposites. */
const SYMBOLS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '=': ['<>'],
  '<>': ['='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
};
const WORDS: Readonly<Record<string, string>> = {
  OR: 'AND',
  TRUE: 'false',
  FALSE: 'true',
  LEAST: 'greatest',
  GREATEST: 'least',
  MIN: 'max',
  MAX: 'min',
  BOOL_OR: 'bool_and',
  BOOL_AND: 'bool_or',
};
/** Statements that can go without leaving the function without an end. */
const REMOVABLE = ['UPDATE', 'DELETE', 'INSERT', 'PERFORM', 'WITH', 'EXIT', 'CONTINUE'];

/** Every mutant of a function's body. Some are no SQL; the database says so. */
export function mutantsOf(body: string): Mutant[] {
  const tokens = tokensOf(body);
  return [
    ...tokens.flatMap((token, at) => ofToken(tokens, token, at)),
    ...tokens.flatMap((token, at) => ofCondition(tokens, token, at)),
    ...tokens.flatMap((token, at) => ofStatement(tokens, token, at)),
  ];
}

function ofToken(tokens: readonly Token[], token: Token, at: number): Mutant[] {
  const before = tokens[at - 1];
  const after = tokens[at + 1];
  const to = (operator: string, replacement: string): Mutant => ({
    operator,
    start: token.start,
    end: token.end,
    replacement,
  });
  if (token.kind === 'symbol') {
    const isSign = ['+', '-'].includes(token.text) && before?.kind === 'symbol' && ![')', ']'].includes(before.text);
    return isSign ? [] : (SYMBOLS[token.text] ?? []).map((text) => to('comparison or arithmetic', text));
  }
  if (token.kind === 'string') {
    return token.text.startsWith('"') || isProse(tokens, at)
      ? []
      : [to('text', token.text === "''" ? "'mutant'" : "''")];
  }
  if (token.kind === 'number') return [to('number', String(Number(token.text) + 1))];
  if (isWord(token, 'AND')) return isOfBetween(tokens, at) ? [] : [to('logic', 'OR')];
  if (isWord(token, 'NOT')) return [to('negation', '')];
  if (isWord(token, 'EXISTS', 'IN') && !isWord(before, 'NOT')) return [to('negation', `NOT ${token.text}`)];
  if (isWord(token, 'IS') && !isWord(after, 'NOT')) return [to('negation', 'IS NOT')];
  const word = WORDS[token.text.toUpperCase()];
  return word === undefined ? [] : [to('logic', word)];
}

/** A condition of IF, EXIT WHEN and CONTINUE WHEN that always, or never, holds. */
function ofCondition(tokens: readonly Token[], token: Token, at: number): Mutant[] {
  const isIf =
    isWord(token, 'IF', 'ELSIF') && !isWord(tokens[at - 1], 'END') && !isWord(tokens[at + 1], 'NOT', 'EXISTS');
  const isWhen = isWord(token, 'WHEN') && isWord(tokens[at - 1], 'EXIT', 'CONTINUE');
  if (!isIf && !isWhen) return [];
  const rest = tokens.slice(at + 1);
  const close = rest.find((one) => one.depth === token.depth && (isIf ? isWord(one, 'THEN') : one.text === ';'));
  const [first] = rest;
  if (close === undefined || first === undefined) return [];
  return ['true', 'false'].map((holds) => ({
    operator: 'condition',
    start: first.start,
    end: close.start,
    replacement: `${holds} `,
  }));
}

/** A statement that is left out. */
function ofStatement(tokens: readonly Token[], token: Token, at: number): Mutant[] {
  const before = tokens[at - 1];
  if (token.depth !== 0 || !(before?.text === ';' || isWord(before, 'BEGIN', 'LOOP', 'THEN', 'ELSE'))) return [];
  const next = tokens[at + 1];
  const isAssignment =
    token.kind === 'word' && (next?.text === ':=' || (next?.text === '.' && tokens[at + 3]?.text === ':='));
  const isReturn = isWord(token, 'RETURN') && (next?.text === ';' || isWord(next, 'NEXT', 'QUERY'));
  const isSelectInto = isWord(token, 'SELECT');
  if (!isAssignment && !isReturn && !isSelectInto && !isWord(token, ...REMOVABLE)) return [];
  const end = tokens.slice(at).find((one) => one.depth === 0 && one.text === ';');
  return end === undefined ? [] : [{ operator: 'statement', start: token.start, end: end.start, replacement: 'NULL' }];
}

/** Messages and hints are prose, settings of PostgreSQL no logic. */
function isProse(tokens: readonly Token[], at: number): boolean {
  for (let i = at - 1; i >= 0 && tokens[i]?.text !== ';'; i -= 1) if (isWord(tokens[i], 'RAISE')) return true;
  return false;
}

/** BETWEEN … AND … */
function isOfBetween(tokens: readonly Token[], at: number): boolean {
  const depth = tokens[at]?.depth;
  for (let i = at - 1; i >= 0 && i > at - 12; i -= 1) {
    if (tokens[i]?.depth !== depth) continue;
    if (isWord(tokens[i], 'BETWEEN')) return true;
    if (isWord(tokens[i], 'AND', 'OR', 'WHERE', 'WHEN', 'THEN')) return false;
  }
  return false;
}
