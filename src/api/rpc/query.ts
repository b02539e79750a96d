import type { RpcFunction } from './functions.js';
import { RpcError, refusal } from './rpc-error.js';

/** What part of the rows is asked for, in which order. Columns are names out of `RpcFunction.columns`, safe to put into SQL. */
export interface RowChoice {
  readonly columns: readonly string[];
  /** Of ORDER BY. */
  readonly order: readonly string[];
  readonly limit: number | null;
  readonly offset: number;
}

export const RESERVED = ['select', 'order', 'limit', 'offset'] as const;

const ORDER = /^([a-z_]+)(\.asc|\.desc)?(\.nullsfirst|\.nullslast)?$/;
const IN_SQL: Readonly<Record<string, string>> = {
  '.asc': ' ASC',
  '.desc': ' DESC',
  '.nullsfirst': ' NULLS FIRST',
  '.nullslast': ' NULLS LAST',
};

/** Reads `select`, `order`, `limit` and `offset`. Throws PGRST100 for what is not taken, 42703 for an unknown column. */
export function rowChoice(fn: RpcFunction, query: URLSearchParams): RowChoice {
  const names = query.get('select') ?? '*';
  return {
    columns: names === '*' || names === '' ? fn.columns : names.split(',').map((name) => columnOf(fn, name)),
    order: (query.get('order') ?? '').split(',').flatMap((term) => (term === '' ? [] : [orderOf(fn, term)])),
    limit: wholeNumber(query, 'limit'),
    offset: wholeNumber(query, 'offset') ?? 0,
  };
}

function columnOf(fn: RpcFunction, name: string): string {
  if (!/^[a-z_]{1,63}$/.test(name)) {
    throw refusal('PGRST100', 'select takes names of columns, separated by commas.', {
      details: 'Aliases, casts, JSON paths, aggregates and embedding are not supported here.',
    });
  }
  if (fn.columns.includes(name)) return name;
  throw new RpcError(400, '42703', `column ${fn.name}.${name} does not exist`, {
    hint: `Its columns are ${fn.columns.join(', ')}.`,
  });
}

function orderOf(fn: RpcFunction, term: string): string {
  const [, name = '', ...words] = ORDER.exec(term) ?? [];
  if (name === '') {
    throw refusal(
      'PGRST100',
      'order takes columns, each with .asc or .desc, and .nullsfirst or .nullslast, separated by commas.',
    );
  }
  return columnOf(fn, name) + words.map((word) => IN_SQL[word] ?? '').join('');
}

function wholeNumber(query: URLSearchParams, name: string): number | null {
  const given = query.get(name);
  if (given === null) return null;
  if (!/^\d{1,9}$/.test(given)) throw refusal('PGRST100', `${name} takes a whole number of at most nine digits.`);
  return Number(given);
}
