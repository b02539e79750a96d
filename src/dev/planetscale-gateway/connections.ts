import mysql, { type Pool, type PoolConnection } from 'mysql2';
import type { Logger } from 'pino';
import { HooklineError } from '../../errors.js';
import { TabletError } from './errors.js';
import type { Limits } from './limits.js';
import { tabletErrorOf } from './mysql-errors.js';

/**
 * What a connection is in on PlanetScale: UTC, and strict. ONLY_FULL_GROUP_BY is left out, since MariaDB does not see which columns depend on
 * a key, and would refuse queries that MySQL takes.
 */
const SESSION_SETTINGS =
  "SET time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

const CONNECT_TIMEOUT_MS = 5_000;

/** The gateway's connections to the database. */
export interface Connections {
  /** A connection for one statement. Throws a TabletError when none gets free within the time of a statement, or the database is away. */
  forStatement(): Promise<PoolConnection>;
  /** A connection for a transaction; gives up sooner. */
  forTransaction(): Promise<PoolConnection>;
  /** Ends a connection together with what runs on it, also when the server does not notice that its client is gone; resolves when done. */
  kill(connection: PoolConnection): Promise<void>;
  /** Throws `database_unavailable` or `database_refused` when the database cannot be used. */
  check(): Promise<void>;
  /** Ends all of them. */
  end(): Promise<void>;
}

/** Opens no connection yet. `url` is mysql://user:password@host:port/database. */
export function createConnections(url: string, limits: Limits, log: Logger): Connections {
  const open = (connectionLimit: number): Pool => openPool(url, connectionLimit, log);
  const statements = open(limits.connections);
  const transactions = open(limits.transactions);
  // One of its own: it has to get through when the others are all taken.
  const killer = open(1);
  const killing = new Set<Promise<void>>();

  return {
    forStatement: () => take(statements, limits.statementMs, 'resource pool timed out'),
    forTransaction: () => take(transactions, limits.transactionWaitMs, 'transaction pool connection limit exceeded'),
    kill(connection) {
      const { threadId } = connection;
      connection.destroy();
      const killed = killer
        .promise()
        .query(`KILL ${threadId}`)
        .then(
          () => undefined,
          (error: unknown) => {
            if (tabletErrorOf(error).errno !== NO_SUCH_THREAD)
              log.warn({ err: error, threadId }, 'gateway.kill_failed');
          },
        )
        .finally(() => killing.delete(killed));
      killing.add(killed);
      return killed;
    },
    check: () => check(statements),
    async end() {
      await Promise.all(killing);
      await Promise.all([statements, transactions, killer].map((pool) => pool.promise().end()));
    },
  };
}

const NO_SUCH_THREAD = 1094;

function openPool(uri: string, connectionLimit: number, log: Logger): Pool {
  const pool = mysql.createPool({
    uri,
    connectionLimit,
    connectTimeout: CONNECT_TIMEOUT_MS,
    charset: 'utf8mb4_unicode_ci',
    // Values as the bytes that came.
    rowsAsArray: true,
    typeCast: false,
    supportBigNumbers: true,
    bigNumberStrings: true,
    // FOUND_ROWS, as PlanetScale has it, is among mysql2's own.
    flags: ['-LOCAL_FILES', '-IGNORE_SPACE', '-ODBC'],
  });
  pool.on('connection', (connection) => {
    // The pool has let go of it by then; without a listener a second error would end the process.
    connection.on('error', () => undefined);
    // Goes out before the statement that the connection was opened for.
    connection.query(SESSION_SETTINGS, (error) => {
      if (error) log.error({ err: error }, 'gateway.session_settings_failed');
    });
  });
  return pool;
}

/** Numbers of the refusals of a login or a database: 1044, 1045, 1049, 1698 (a login by other means than a password). */
const REFUSALS: ReadonlySet<number> = new Set([1044, 1045, 1049, 1698]);

async function check(pool: Pool): Promise<void> {
  try {
    await pool.promise().query('SELECT 1');
  } catch (error) {
    if (REFUSALS.has(tabletErrorOf(error).errno ?? 0)) {
      throw new HooklineError(
        'database_refused',
        'The MySQL behind the gateway refused the login, or has no such database.',
        {
          hint: 'Check user, password and database in the URL given with --mysql.',
          cause: error,
        },
      );
    }
    throw new HooklineError('database_unavailable', 'The MySQL behind the gateway cannot be reached.', {
      hint: 'Check host and port in the URL given with --mysql, and that the server runs.',
      cause: error,
    });
  }
}

/** mysql2 lets callers wait for ever. One that has given up hands the connection on when it comes. */
function take(pool: Pool, withinMs: number, whenExhausted: string): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    let waiting = true;
    const timer = setTimeout(() => {
      waiting = false;
      reject(new TabletError('ResourceExhausted', whenExhausted));
    }, withinMs);
    pool.getConnection((error, connection) => {
      clearTimeout(timer);
      if (!waiting) connection?.release();
      else if (error) reject(tabletErrorOf(error));
      else resolve(connection);
    });
  });
}
