import type { FileStatement } from '../table/schema.js';
import { splitAtCommas, type Word, WordReader, wordsOf } from './words.js';

/** A table as a statement names it. */
export interface TableName {
  /** The database before the dot. */
  readonly database: string | null;
  readonly name: string;
  readonly line: number;
}

/** A statement, taken apart as far as the rules ask. */
export interface Statement {
  readonly source: string;
  readonly line: number;
  readonly words: readonly Word[];
  /** Its first word: `CREATE`. */
  readonly verb: string;
  /** What it is about: `TABLE`, `INDEX`, `TRIGGER`, `DATABASE`; empty where the verb says all, as in INSERT. */
  readonly object: string;
  /** Words between verb and object: `OR`, `REPLACE`, `TEMPORARY`, `UNIQUE`. */
  readonly modifiers: ReadonlySet<string>;
  /** The tables (or views) that it is about. */
  readonly tables: readonly TableName[];
  /** Other tables that it names: new names, those of LIKE and REFERENCES. */
  readonly mentioned: readonly TableName[];
  /** What follows the table: of an ALTER TABLE each clause, of another statement all of it. */
  readonly clauses: readonly (readonly Word[])[];
}

/** The verbs of what changes a schema. */
export const SCHEMA_VERBS: ReadonlySet<string> = new Set(['CREATE', 'ALTER', 'DROP', 'TRUNCATE', 'RENAME']);
const MODIFIERS = new Set(
  'OR REPLACE TEMPORARY ONLINE OFFLINE IGNORE UNIQUE FULLTEXT SPATIAL AGGREGATE SQL SECURITY DEFINER INVOKER'.split(
    ' ',
  ),
);
const SYNONYMS: Readonly<Record<string, string>> = { TABLES: 'TABLE', SCHEMA: 'DATABASE' };

/** Takes a statement apart; undefined for one of comments alone. Never throws: what it cannot follow has no tables and no clauses. */
export function parseStatement({ text, line }: FileStatement): Statement | undefined {
  const words = wordsOf(text, line);
  const [first] = words;
  if (first === undefined) return undefined;
  const reader = new WordReader(words);
  const verb = reader.take()?.keyword ?? '';
  const statement = { source: text, line: first.line, words, verb, object: '', modifiers: new Set<string>() };
  const nothing = { tables: [], mentioned: [], clauses: [] };
  if (!SCHEMA_VERBS.has(verb)) return { ...statement, ...nothing };
  const modifiers = readModifiers(reader);
  const isTruncate = verb === 'TRUNCATE' && reader.peek()?.keyword !== 'TABLE';
  const keyword = isTruncate ? 'TABLE' : (reader.take()?.keyword ?? '');
  const object = SYNONYMS[keyword] ?? keyword;
  return { ...statement, object, modifiers, ...(readSubjects(verb, object, reader) ?? nothing) };
}

/** Passes over what stands between the verb and the object: `OR REPLACE DEFINER = user@host SQL SECURITY INVOKER`. */
function readModifiers(reader: WordReader): Set<string> {
  const modifiers = new Set<string>();
  for (let word = reader.peek(); word !== undefined; word = reader.peek()) {
    if (reader.peek(1)?.keyword === '=') {
      for (let taken = 0; taken < 3; taken += 1) reader.take();
      // The host of a DEFINER: `@host` is one word, `@'host'` are two. CURRENT_USER may have parentheses.
      reader.skip('(', ')');
      if (reader.peek()?.text.startsWith('@') && reader.take()?.text === '@') reader.take();
    } else if (MODIFIERS.has(word.keyword)) {
      modifiers.add(word.keyword);
      reader.take();
    } else break;
  }
  return modifiers;
}

type Subjects = Pick<Statement, 'tables' | 'mentioned' | 'clauses'>;

function readSubjects(verb: string, object: string, reader: WordReader): Subjects | undefined {
  if (object === 'INDEX') {
    while (reader.peek() && reader.take()?.keyword !== 'ON');
    return subjectsFrom(readNames(reader, 1), [], reader.rest());
  }
  if (object !== 'TABLE' && object !== 'VIEW') return undefined;
  reader.skip('IF', 'NOT', 'EXISTS') || reader.skip('IF', 'EXISTS');
  if (verb === 'RENAME') return readRenames(reader);
  if (verb === 'DROP') return subjectsFrom(readNames(reader), [], []);
  const tables = readNames(reader, 1);
  const rest = reader.rest();
  const isAlterTable = verb === 'ALTER' && object === 'TABLE';
  const mentioned = object === 'VIEW' ? [] : [...namesAfter(rest), ...(isAlterTable ? newNames(rest) : [])];
  return { tables, mentioned, clauses: isAlterTable ? splitAtCommas(rest) : [rest] };
}

function subjectsFrom(tables: TableName[], mentioned: TableName[], rest: Word[]): Subjects {
  return { tables, mentioned, clauses: rest.length > 0 ? [rest] : [] };
}

/** `RENAME TABLE a TO b, c TO d`. */
function readRenames(reader: WordReader): Subjects {
  const tables: TableName[] = [];
  const mentioned: TableName[] = [];
  do {
    tables.push(...readNames(reader, 1));
    while (reader.peek() && !['TO', ','].includes(reader.peek()?.keyword ?? '')) reader.take();
    if (reader.skip('TO')) mentioned.push(...readNames(reader, 1));
  } while (reader.skip(','));
  return { tables, mentioned, clauses: [] };
}

/** Names with commas between, each with the database that stands before it. */
function readNames(reader: WordReader, most = Number.POSITIVE_INFINITY): TableName[] {
  const names: TableName[] = [];
  do {
    const word = reader.peek();
    if (word === undefined || word.name === null) break;
    reader.take();
    const second = reader.peek()?.keyword === '.' ? reader.peek(1) : undefined;
    if (second?.name == null) names.push({ database: null, name: word.name, line: word.line });
    else {
      names.push({ database: word.name, name: second.name, line: word.line });
      reader.take();
      reader.take();
    }
  } while (names.length < most && reader.skip(','));
  return names;
}

/** The tables of REFERENCES, of CREATE TABLE … LIKE, and of EXCHANGE PARTITION … WITH TABLE. */
function namesAfter(words: readonly Word[]): TableName[] {
  return words.flatMap(({ keyword }, index) => {
    const isLike = keyword === 'LIKE' && (index === 0 || (index === 1 && words[0]?.keyword === '('));
    const isExchange = keyword === 'TABLE' && words[index - 1]?.keyword === 'WITH';
    if (keyword !== 'REFERENCES' && !isLike && !isExchange) return [];
    return readNames(new WordReader(words.slice(index + 1)), 1);
  });
}

/** The table that the clause RENAME TO names. */
function newNames(words: readonly Word[]): TableName[] {
  return splitAtCommas(words).flatMap((clause) => renamedTo(clause) ?? []);
}

const RENAMED_PARTS = new Set(['COLUMN', 'INDEX', 'KEY']);

/** The new name of the table, of a clause `RENAME [TO | AS | =] name`; undefined for another clause. */
export function renamedTo(clause: readonly Word[]): TableName | undefined {
  const reader = new WordReader(clause);
  if (!reader.skip('RENAME') || RENAMED_PARTS.has(reader.peek()?.keyword ?? '')) return undefined;
  reader.skip('TO') || reader.skip('AS') || reader.skip('=');
  return readNames(reader, 1)[0];
}
