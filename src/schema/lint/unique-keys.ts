import type { Column, Key, Table } from '../table/schema.js';
import { wordsOf } from './words.js';

/** Why a table has no key that tells its rows apart. */
export interface KeyTrouble {
  readonly code: 'NO_UNIQUE_KEY' | 'BLOB_IN_UNIQUE_KEY' | 'PARTIAL_KEY_IN_UNIQUE_KEY';
  /** The key that would serve if it were not for `column`. */
  readonly key?: Key;
  readonly column?: string;
}

/**
 * PlanetScale copies a table row by row, and finds a row again by a key that is unique, has no NULL, no text or blob and no prefix. One such key is
 * enough: another that breaks the rule does no harm then. Gives what is wrong, once a table; undefined when a key serves.
 */
export function keyTroubleOf(table: Table): KeyTrouble | undefined {
  const candidates = table.keys.filter(
    (key) => isUnique(key) && columnsOf(key, table)?.every(({ nullable }) => !nullable),
  );
  if (candidates.some((key) => !key.hasPrefix && blobIn(key, table) === undefined)) return undefined;
  const key = candidates.find(({ kind }) => kind === 'primary') ?? candidates[0];
  if (key === undefined) return { code: 'NO_UNIQUE_KEY' };
  const blob = blobIn(key, table);
  if (blob) return { code: 'BLOB_IN_UNIQUE_KEY', key, column: blob.name };
  const column = prefixedColumn(key);
  return { code: 'PARTIAL_KEY_IN_UNIQUE_KEY', key, ...(column === undefined ? {} : { column }) };
}

/** Whether it is the primary key or a unique one. */
export function isUnique({ kind }: Key): boolean {
  return kind === 'primary' || kind === 'unique';
}

/** The columns of a key; undefined when a part of it is an expression. */
function columnsOf(key: Key, table: Table): Column[] | undefined {
  const columns = key.columns.map((name) => table.columns.find((column) => column.name === name));
  return columns.every((column) => column !== undefined) ? columns : undefined;
}

function blobIn(key: Key, table: Table): Column | undefined {
  return columnsOf(key, table)?.find(({ type }) => /^(tiny|medium|long)?(blob|text)\b/.test(type));
}

function prefixedColumn({ definition }: Key): string | undefined {
  const words = wordsOf(definition);
  const at = words.findIndex(
    (word, index) => word.depth === 1 && word.name !== null && words[index + 1]?.keyword === '(',
  );
  return words[at]?.name ?? undefined;
}
