import { Client, cast, DatabaseError, type Config as DriverConfig, type Field } from '@planetscale/database';
import { HooklineError } from '../../../errors.js';
import type { SqlSession } from '../../sql-session.js';
import { timeLimit } from './http/time-limit.js';
import { isLoginRefused, isPassingTrouble, StatementRefused } from './sql-words.js';

/** Where the driver is let in. */
export type Login =
  | { readonly url: string }
  | { readonly host: string; readonly username: string; readonly password: string };

export type DriverFetch = NonNullable<DriverConfig['fetch']>;

/** PlanetScale ends a statement after 30 s, and DDL on a development branch is a table of little data. */
const STATEMENT_TIMEOUT_MS = 60_000;

/**
 * A session over PlanetScale's HTTP driver: each statement is one of its own, so nothing like SET or a transaction lasts to the next. What the server
 * refuses comes as `StatementRefused`, a refused login as `database_refused`, trouble on the way as `database_unavailable`.
 */
export function openSql(login: Login, fetch: DriverFetch): SqlSession {
  const client = new Client({ ...login, fetch: limited(fetch), cast: castAsMysql });

  async function execute(sql: string, values: readonly (string | number | null)[]) {
    try {
      return await client.execute(sql, values.length === 0 ? null : [...values]);
    } catch (error) {
      throw told(error);
    }
  }

  return {
    async rows<Row>(sql: string, values: readonly (string | number | null)[] = []): Promise<Row[]> {
      return (await execute(sql, values)).rows as Row[];
    },
    async run(sql, values = []) {
      return (await execute(sql, values)).rowsAffected;
    },
    async close() {
      // Nothing is held between two statements.
    },
  };
}

function told(error: unknown): Error {
  if (isLoginRefused(error)) {
    return new HooklineError('database_refused', 'PlanetScale refused the password that it made for the branch.', {
      hint: 'Try again: a new password may take some seconds. Was it deleted meanwhile?',
      cause: error,
    });
  }
  if (isPassingTrouble(error)) {
    return new HooklineError('database_unavailable', 'A statement was sent to PlanetScale, and no answer came.', {
      hint: 'Try again in a few seconds. Can this machine reach the database over HTTPS?',
      cause: error,
    });
  }
  return error instanceof DatabaseError ? new StatementRefused(error) : new Error(String(error), { cause: error });
}

/** The driver's fetch with a time limit, which it lacks, and with the answer checked: it takes `{}` for a statement that changed nothing. */
function limited(send: DriverFetch): DriverFetch {
  return async (input, init) => {
    const limit = timeLimit(STATEMENT_TIMEOUT_MS, () => new DOMException('timed out', 'TimeoutError'));
    try {
      const request: RequestInit = { ...init, redirect: 'error', signal: limit.signal };
      const response = await send(input, request as Parameters<DriverFetch>[1]);
      const text = await response.text();
      if (response.ok && !/"(result|error|session)"/.test(text)) throw new Error('an answer without a result');
      const { ok, status, statusText } = response;
      return { ok, status, statusText, text: async () => text };
    } finally {
      limit.end();
    }
  };
}

const BIG_INTEGERS: ReadonlySet<string> = new Set(['INT64', 'UINT64']);

/** The values that mysql2 gives: 64-bit integers as numbers while they are safe, bytes as a Buffer. */
function castAsMysql(field: Field, value: string | null): unknown {
  if (value === null) return null;
  if (BIG_INTEGERS.has(field.type)) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  const given: unknown = cast(field, value);
  return given instanceof Uint8Array ? Buffer.from(given) : given;
}
