import type { Store } from '../store.js';
import { within } from '../time.js';
import { field, type Params } from './fields.js';
import type { Gather } from './gather.js';
import { StatementError } from './mysql-errors.js';
import type { Run } from './mysql-run.js';
import { storeInMysql } from './mysql-store.js';

/** What the store needs of mysql2: a pool or a connection of `mysql2/promise` fits as it is, whatever its options. */
export interface MysqlExecutor {
  execute(
    options: { sql: string; rowsAsArray: false; nestTables: false; typeCast: true },
    params: Params,
  ): Promise<[unknown, unknown]>;
}

export interface MysqlStoreOptions {
  /** Whether the webhook stays in `payload` when callback and event are done, so that the row can be made again. True by default. */
  readonly keepPayload?: boolean;
  /** `gather`, in a process that serves many requests: what is written at about the same time is written together. */
  readonly gather?: Gather;
  /** Time limit of one statement, the wait for a connection included; past it the call fails, and the statement is left to itself. 5,000 by default. */
  readonly timeoutMs?: number;
}

/**
 * `ai_content` in MySQL or MariaDB over mysql2, by prepared statements. Sessions should be in UTC, as they are on PlanetScale: in the hour in which a
 * session's zone sets its clock back, `created_at` may be an hour off, and dates of added columns are UTC.
 */
export function mysqlStore(pool: MysqlExecutor, options: MysqlStoreOptions = {}): Store {
  const { keepPayload = true, gather } = options;
  return storeInMysql({ name: 'mysql', keepPayload, gather, run: mysqlRun(pool, options) });
}

/** What runs the store's statements, for others on the same table: as `mysqlStore`, with its time limit, and without the database's words in errors. */
export function mysqlRun(pool: MysqlExecutor, { timeoutMs = 5_000 }: Pick<MysqlStoreOptions, 'timeoutMs'> = {}): Run {
  return async (sql, params) => {
    const statement = { sql, rowsAsArray: false, nestTables: false, typeCast: true } as const;
    const [result] = await within(timeoutMs, pool.execute(statement, params)).catch((error: unknown) => {
      throw withoutMessage(error);
    });
    if (Array.isArray(result)) return { rows: result, rowsAffected: 0, insertId: '0' };
    // mysql2 gives an id as a number up to 2^53 and as a string beyond.
    return {
      rows: [],
      rowsAffected: Number(field(result, 'affectedRows')),
      insertId: String(field(result, 'insertId')),
    };
  };
}

/** An error of the server says what it was about, in words that may carry values; one of the connection says what is wrong with that. */
function withoutMessage(error: unknown): unknown {
  if (!(error instanceof Error && 'sqlState' in error && 'code' in error && 'errno' in error)) return error;
  const [code, errno, sqlState] = [String(error.code), Number(error.errno), String(error.sqlState)];
  return new StatementError(`MySQL refused a statement: ${code}.`, { code, errno, sqlState });
}
