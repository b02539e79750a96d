import type { SqlSession } from '../sql-session.js';
import type { Column } from '../table/schema.js';
import { readRows, type StoredRow } from './content-table.js';

/** What the idempotency key of every row of a replay begins with. A webhook whose channel is called hookline-replay would pass for one; no gateway's is. */
export const RUN_MARK = 'hookline-replay:';

const LEFT_AFTER_S = 3_600;
/** PlanetScale changes 100,000 rows at most by a statement; a look-up by key finds a shard for each. */
const BATCH = 500;

/** Key of one row: at most 64 characters of ASCII. */
export function keyOf(run: string, name: string): string {
  return `${RUN_MARK}${run}:${name}`;
}

/** What is before the dots in the names of rows of a page. */
export function keyInPage(run: string, page: number, name: string): string {
  return keyOf(run, `${page}.${name}`);
}

/** Takes away the rows of a run, or those of one of its pages. */
export async function removeRun(sql: SqlSession, run: string, page?: number): Promise<void> {
  const beginning = page === undefined ? keyOf(run, '') : keyInPage(run, page, '');
  await remove(sql, 'idempotency_key LIKE ?', [`${beginning}%`]);
}

/** Takes away what replays left that were killed: rows older than an hour. */
export async function removeLeftovers(sql: SqlSession): Promise<void> {
  const before = Math.floor(Date.now() / 1000) - LEFT_AFTER_S;
  await remove(sql, 'idempotency_key LIKE ? AND created_at < FROM_UNIXTIME(?)', [`${RUN_MARK}%`, before]);
}

/** Whether rows of replays are there: of one that runs, or was killed less than an hour ago. */
export async function hasReplayedRows(sql: SqlSession): Promise<boolean> {
  const found = await sql.rows('SELECT id FROM ai_content WHERE idempotency_key LIKE ? LIMIT 1', [`${RUN_MARK}%`]);
  return found.length > 0;
}

/** By keys, since a sharded keyspace takes no DELETE with a LIMIT. */
async function remove(sql: SqlSession, where: string, values: readonly (string | number)[]): Promise<void> {
  for (;;) {
    const found = await sql.rows<{ k: string }>(
      `SELECT idempotency_key AS k FROM ai_content WHERE ${where} LIMIT ${BATCH}`,
      values,
    );
    if (found.length === 0) return;
    await sql.run(
      `DELETE FROM ai_content WHERE idempotency_key IN (${found.map(() => '?').join(', ')})`,
      found.map(({ k }) => k),
    );
    if (found.length < BATCH) return;
  }
}

/** A row as it was read back. */
export interface ReadBack {
  readonly row: StoredRow;
  /** Of what is no content, and may be long. */
  readonly payload: KeptText;
  readonly callbackUrl: KeptText;
}

/** What is known of a text that was stored; nulls for NULL. */
export interface KeptText {
  readonly characters: number | null;
  /** SHA-256 of its UTF-8, in hex. */
  readonly hash: string | null;
}

interface Counted {
  readonly k: string;
  readonly payload_characters: string | number | null;
  readonly payload_hash: string | null;
  readonly callback_url_characters: string | number | null;
  readonly callback_url_hash: string | null;
}

const lengthAndHash = (column: string): string =>
  `CHAR_LENGTH(${column}) AS ${column}_characters, CAST(SHA2(CONVERT(${column} USING utf8mb4), 256) AS CHAR) AS ${column}_hash`;

/** The rows of these keys, by key. */
export async function readBack(
  sql: SqlSession,
  columns: readonly Column[],
  keys: readonly string[],
): Promise<Map<string, ReadBack>> {
  if (keys.length === 0) return new Map();
  const found = await readRows<Counted>(
    sql,
    {
      columns,
      extra: `CAST(idempotency_key AS CHAR) AS k, ${lengthAndHash('payload')}, ${lengthAndHash('callback_url')}`,
      rest: `WHERE idempotency_key IN (${keys.map(() => '?').join(', ')})`,
    },
    keys,
  );
  return new Map(
    found.map(({ k, row, ...of }) => [
      k,
      {
        row,
        payload: { characters: count(of.payload_characters), hash: of.payload_hash },
        callbackUrl: { characters: count(of.callback_url_characters), hash: of.callback_url_hash },
      },
    ]),
  );
}

function count(value: string | number | null): number | null {
  return value === null ? null : Number(value);
}
