import { parseColumn } from './parse-column.js';
import { parseKeyOrConstraint } from './parse-key.js';
import type { Column, Constraint, Key, Table } from './schema.js';
import { isMark, isWord, partsOf, piecesOf, unquoted } from './sql-pieces.js';
import { parseTail } from './table-options.js';
import { unreadable } from './unreadable.js';

/** Reads SHOW CREATE TABLE, of MySQL 8 (PlanetScale) or of MariaDB. Throws `schema_unreadable`. */
export function parseTable(createStatement: string): Table {
  const sql = createStatement.trim().replace(/;$/, '');
  const pieces = piecesOf(sql);
  const [create, table, named, open] = pieces;
  const close = pieces.find((piece, at) => at > 3 && piece.depth === 0 && isMark(piece, ')'));
  const isTable = isWord(create, 'CREATE') && isWord(table, 'TABLE') && named?.kind === 'name' && isMark(open, '(');
  if (!isTable || open === undefined || close === undefined) {
    throw unreadable(
      `This is no SHOW CREATE TABLE with names in backticks: ${sql.slice(0, 60)}`,
      'The sql_mode of the server must not hold ANSI_QUOTES, nor a mode of another database.',
    );
  }
  const name = unquoted(named.text);
  const tail = parseTail(sql.slice(close.end));
  if (tail.engine === null || tail.charset === null || tail.isVersioned) throw notCarried(name, tail.isVersioned);
  const text = { charset: tail.charset, collation: tail.collation };
  const columns: Column[] = [];
  const keys: Key[] = [];
  const constraints: Constraint[] = [];
  for (const line of partsOf(sql.slice(open.end, close.start))) {
    if (line.startsWith('`')) columns.push(parseColumn(line, text));
    else {
      const part = parseKeyOrConstraint(line, name);
      if ('references' in part) constraints.push(part);
      else keys.push(part);
    }
  }
  const { engine, options, partitioning } = tail;
  return {
    name,
    columns,
    keys,
    constraints,
    ...text,
    engine,
    options,
    partitioning,
    createStatement: withoutNext(sql, close.end, tail.autoIncrement),
  };
}

function notCarried(name: string, isVersioned: boolean) {
  return isVersioned
    ? unreadable(
        `${name} is a sequence or a system-versioned table.`,
        'Hookline does not carry those, and PlanetScale has none. Keep it in a database of its own.',
      )
    : unreadable(
        `SHOW CREATE TABLE does not tell the engine and the character set of ${name}.`,
        'The sql_mode of the server must not hold NO_TABLE_OPTIONS, nor a mode of another database.',
      );
}

/** The statement without the option AUTO_INCREMENT and the space before it. */
function withoutNext(sql: string, tailStart: number, place: readonly [number, number] | null): string {
  if (place === null) return sql;
  const [from, to] = place;
  return sql.slice(0, tailStart + from).trimEnd() + sql.slice(tailStart + to);
}
