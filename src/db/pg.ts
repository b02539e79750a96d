import pg from 'pg';
import type { Database, Param, Queryable, QueryResult } from './database.js';
import { listenOn } from './pg-listen.js';

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
    query_timeout: 60_000,
    keepAlive: true,
    application_name: 'hookline',
  });
  // An idle connection that breaks is dropped by the pool; without a listener the event would end the process.
  pool.on('error', () => undefined);
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
  const answer: pg.QueryResult | pg.QueryResult[] =
    params === undefined ? await client.query(text) : await client.query(text, [...params]);
  const last = Array.isArray(answer) ? answer.at(-1) : answer;
  return { rows: (last?.rows ?? []) as Row[], rowCount: last?.rowCount ?? 0 };
}
