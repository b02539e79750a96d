import { createHash } from 'node:crypto';
import pg from 'pg';
import { VERSION } from '../observe/version.js';
import type { Database, Param, Queryable, QueryResult, Statement } from './database.js';
import { KEEP_ALIVE_AFTER_MS, listenOn } from './pg-listen.js';
import { TextArray } from './text-array.js';

const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED';
/** Connections of a pool at most, unless it is told otherwise. */
export const POOL_SIZE = 10;
const QUERY_TIMEOUT_MS = 60_000;
const IDLE_CONNECTION_MS = 600_000;
/** What is sent at once is short; a connection that died without a word is noticed by this. */
const AT_ONCE_TIMEOUT_MS = 15_000;
/** A script is a migration: it may wait for another process's lock, and rewrite a large table. */
const SCRIPT_TIMEOUT_MS = 24 * 3_600_000;

/** Names of the statements that are sent at once: there are as many as `.sql` files. */
const names = new Map<string, string>();

export interface PostgresOptions {
  readonly connectionString: string;
  /** Connections at most; one more is made while something listens. Default 10. */
  readonly poolSize?: number;
}

/** `Database` over a pool of `pg`. Makes no connection until the first query. */
export function openPostgres({ connectionString, poolSize = POOL_SIZE }: PostgresOptions): Database {
  const pool = new pg.Pool({
    connectionString,
    max: poolSize,
    connectionTimeoutMillis: 10_000,
    query_timeout: QUERY_TIMEOUT_MS,
    // A connection that was away for ten seconds would be made anew, and its functions planned anew, by the next event.
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    // hookline doctor reads there which versions run.
    application_name: `hookline ${VERSION}`,
    pipeline: true,
  });
  // A connection that breaks is dropped by the pool when it is idle, and fails the next statement when it is in a transaction; without a
  // listener the event would end the process. The pool listens to idle ones only.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const listeners = new Set<() => Promise<void>>();
  let closed: Promise<void> | undefined;

  return {
    kind: 'postgres',
    connections: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      max: poolSize,
    }),
    query: (text, params) => run(pool, text, params),
    async transaction(fn) {
      const client = await pool.connect();
      try {
        await client.query(BEGIN);
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
    async atOnce<Row>(...statements: readonly Statement[]) {
      const client = await pool.connect();
      // Sent without waiting for answers; after a failed statement the server refuses the rest, and COMMIT rolls back.
      const answers = await Promise.allSettled([
        client.query(BEGIN),
        ...statements.map(([text, params]) => runNamed<Row>(client, text, params)),
        client.query('COMMIT'),
      ]);
      const failed = answers.find((answer) => answer.status === 'rejected');
      client.release(failed !== undefined && !isSqlError(failed.reason));
      if (failed !== undefined) throw failed.reason;
      return answers.slice(1, -1).map((answer) => (answer as PromiseFulfilledResult<QueryResult<Row>>).value);
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

/** Whether the server answered with an error: the connection is still good. */
function isSqlError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(57P|08)/.test(error.code ?? '');
}

function queryable(client: pg.PoolClient): Queryable {
  return { query: (text, params) => run(client, text, params) };
}

async function run<Row>(
  client: pg.Pool | pg.PoolClient,
  text: string,
  params?: readonly Param[],
  timeoutMs = params === undefined ? SCRIPT_TIMEOUT_MS : QUERY_TIMEOUT_MS,
): Promise<QueryResult<Row>> {
  const query: pg.QueryConfig & { query_timeout: number } = { text, query_timeout: timeoutMs };
  if (params !== undefined) query.values = params.map(toDriver);
  return send(client, query);
}

/** By name: the server parses and plans it once for each connection, instead of at every call (a tenth of its time for our hot statements). */
function runNamed<Row>(client: pg.PoolClient, text: string, params: readonly Param[]): Promise<QueryResult<Row>> {
  const name = names.get(text) ?? `hookline_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
  names.set(text, name);
  const query: pg.QueryConfig & { query_timeout: number } = {
    name,
    text,
    values: params.map(toDriver),
    query_timeout: AT_ONCE_TIMEOUT_MS,
  };
  return send(client, query);
}

function toDriver(param: Param): unknown {
  return param instanceof TextArray ? param.toBinary() : param;
}

async function send<Row>(client: pg.Pool | pg.PoolClient, query: pg.QueryConfig): Promise<QueryResult<Row>> {
  const answer: pg.QueryResult | pg.QueryResult[] = await client.query(query);
  const last = Array.isArray(answer) ? answer.at(-1) : answer;
  return { rows: (last?.rows ?? []) as Row[], rowCount: last?.rowCount ?? 0 };
}
