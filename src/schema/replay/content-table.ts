import type { SqlSession } from '../sql-session.js';
import type { Column, Table } from '../table/schema.js';
import { quoted } from '../table/sql-pieces.js';

/** A row as text: every value as the server prints it, NULL as null. Binary values are in hex. */
export type StoredRow = Readonly<Record<string, string | null>>;

/** The columns that a webhook fills by the specification. */
export const SPECIFIED_COLUMNS = ['title', 'body', 'category', 'metadata', 'channel_id', 'event_name'] as const;

/** What the receiver's statements name beside them. */
const RECEIVER_COLUMNS = [
  ...['id', 'created_at', 'updated_at', 'idempotency_key', 'body_hash', 'repeats', 'differing_repeats', 'payload'],
  ...['callback_url', 'event_id'],
  ...['callback', 'event'].flatMap((kind) =>
    ['state', 'attempts', 'next_at', 'expires_at', 'lease', 'lease_until', 'error'].map((name) => `${kind}_${name}`),
  ),
];

/** The columns that the receiver needs and the table has not. */
export function missingColumns(table: ContentTable): string[] {
  return [...SPECIFIED_COLUMNS, ...RECEIVER_COLUMNS].filter((name) => !table.has(name));
}

/** Whether the receiver keeps the column for itself; the name in lower case. */
export function isReceivers(name: string): boolean {
  return RECEIVER_COLUMNS.includes(name);
}

/** `ai_content` of one branch, by its names in lower case, as MySQL compares them. */
export type ContentTable = ReadonlyMap<string, Column>;

export function contentTable(table: Table): ContentTable {
  return new Map(table.columns.map((column) => [column.name.toLowerCase(), column]));
}

/** The columns that hold content: those of the specification, and those that were added. */
export function contentColumns(table: ContentTable): Column[] {
  return [...table.values()].filter(({ name }) => !isReceivers(name.toLowerCase()));
}

export function isJsonColumn({ name, type }: Column): boolean {
  return type === 'json' || name.toLowerCase() === 'metadata';
}

export function isNumeric({ type }: Column): boolean {
  return /^(tinyint|smallint|mediumint|int|integer|bigint|decimal|numeric|float|double|real|year)\b/i.test(type);
}

export function isTime({ type }: Column): boolean {
  return /^(datetime|timestamp|time)\b/i.test(type);
}

/** An expression that gives a column's value as text, whatever the driver makes of its type: of MariaDB's JSON mysql2 makes an object, though it is a text. */
function asText({ name, type }: Column): string {
  if (/blob$|binary|^bit\b|^(geometry|point|linestring|polygon|multi\w+|geometrycollection|vector)\b/i.test(type)) {
    return `HEX(${quoted(name)})`;
  }
  return `CAST(${quoted(name)} AS CHAR)`;
}

/** Rows of `ai_content`: `columns` of each as text, beside them what `extra` selects; `rest` are the clauses that follow. */
export async function readRows<Extra extends object>(
  sql: SqlSession,
  { columns, extra, rest }: { readonly columns: readonly Column[]; readonly extra: string; readonly rest: string },
  values: readonly (string | number)[],
): Promise<(Extra & { readonly row: StoredRow })[]> {
  const list = columns.map((column, at) => `, ${asText(column)} AS c${at}`).join('');
  const found = await sql.rows<Record<string, unknown>>(`SELECT ${extra}${list} FROM ai_content ${rest}`, values);
  return found.map((record) => ({
    ...(record as Extra),
    row: Object.fromEntries(columns.map(({ name }, at) => [name.toLowerCase(), textOf(record[`c${at}`])])),
  }));
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
