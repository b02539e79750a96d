import pg from 'pg';
import type { Database, Param, Queryable, QueryResult } from './database.js';
import { listenOn } from './pg-listen.js';

const QUERY_TIMEOUT_MS = 60_000;
/** A script is a migration: it may wait for another process's lock, and rewrite a large table. */
const SCRIPT_TIMEOUT_MS = 24 * 3_600_000;

export interface PostgresOptions {
  readonly connectionString: string;
  /** Connections at most; one more is made while something listens. Default 10. */
  readonly poolSize?: number;
}

/** `Database` over a pool of `pg`. Makes no connection until the first query. */
export function openPostgres({ connectionString, poolSize = 10 }: PostgresOptions): Database {
  const pool = new pg.Pool({
    connectionString,
    max: poolSize,
    connectionTimeoutMillis: 10_000,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'hookline',
  });
  // A connection that breaks is dropped by the pool when it is idle, and fails the next statement when it is in a transaction; without a
  // listener the event would end the process. The pool listens to idle ones only.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const listeners = new Set<() => Promise<void>>();
  let closed: Promise<void> | undefined;

  return {
    kind: 'postgres',
    query: (text, params) => run(pool, text, params),
    async transaction(fn) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
        const result = await fn(queryable(client));
        await client.query('COMMIT');
        client.release();
        return result;
      } catch (error) {
        // A connection whose ROLLBACK fails is in an unknown state: it is closed, and PostgreSQL rolls back.
        await client.query('ROLLBACK').then(
          () => client.release(),
          (broken: Error) => client.release(broken),
        );
        throw error;
      }
    },
    async listen(channel, fn) {
      const stop = await listenOn(connectionString, channel, fn);
      listeners.add(stop);
      return async () => {
        listeners.delete(stop);
        await stop();
      };
    },
    close() {
      closed ??= Promise.all([...listeners].map((stop) => stop())).then(() => pool.end());
      return closed;
    },
  };
}

function queryable(client: pg.PoolClient): Queryable {
  return { query: (text, params) => run(client, text, params) };
}

async function run<Row>(
  client: pg.Pool | pg.PoolClient,
  text: string,
  params?: readonly Param[],
): Promise<QueryResult<Row>> {
  const script: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: SCRIPT_TIMEOUT_MS };
  const answer: pg.QueryResult | pg.QueryResult[] = await (params === undefined
    ? client.query(script)
    : client.query(text, [...params]));
  const last = Array.isArray(answer) ? answer.at(-1) : answer;
  return { rows: (last?.rows ?? []) as Row[], rowCount: last?.rowCount ?? 0 };
}
