import { expect } from 'vitest';
import type { Param, Queryable } from '../../src/db/database.js';

/** The value of the one column `v` of the one row. */
export async function value(q: Queryable, text: string, params?: readonly Param[]): Promise<unknown> {
  const { rows } = await q.query<{ v: unknown }>(text, params);
  expect(rows).toHaveLength(1);
  return rows[0]?.v;
}

/** The `code` of the error that `promise` is rejected with; the error itself when it has none. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return error instanceof Error && 'code' in error ? error.code : error;
}
