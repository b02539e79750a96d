import { PGlite, type Results, type Transaction } from '@electric-sql/pglite';
import type { Database, Param, QueryResult, Statement } from './database.js';
import { TextArray } from './text-array.js';

export interface PgliteOptions {
  /** The folder that holds the data; absent: in memory. The caller holds its lock (lock.ts). */
  readonly dataDir?: string;
  /** A dump of PGlite to begin with. */
  readonly loadDataDir?: Blob;
}

/** `Database` over PGlite, PostgreSQL in this process with one connection. The first start of a folder takes seconds. */
export async function openPglite(options: PgliteOptions = {}): Promise<Database & { readonly pglite: PGlite }> {
  const pglite = await PGlite.create(options);
  let closed: Promise<void> | undefined;

  return {
    kind: 'pglite',
    pglite,
    query: (text, params) => run(pglite, text, params),
    transaction: (fn) => pglite.transaction((tx) => fn({ query: (text, params) => run(tx, text, params) })),
    atOnce: <Row>(...statements: readonly Statement[]) =>
      pglite.transaction(async (tx) => {
        const results: QueryResult<Row>[] = [];
        for (const [text, params] of statements) results.push(await run<Row>(tx, text, params));
        return results;
      }),
    // Quoted, or PGlite would fold the name to lower case, which pg and pg_notify do not.
    listen: (channel, fn) => pglite.listen(`"${channel.replaceAll('"', '""')}"`, fn),
    close() {
      closed ??= pglite.closed ? Promise.resolve() : pglite.close();
      return closed;
    },
  };
}

function toDriver(param: Param): unknown {
  return param instanceof TextArray ? param.values : param;
}

async function run<Row>(
  client: PGlite | Transaction,
  text: string,
  params?: readonly Param[],
): Promise<QueryResult<Row>> {
  const last: Results<unknown> | undefined =
    params === undefined ? (await client.exec(text)).at(-1) : await client.query(text, params.map(toDriver));
  // Not affectedRows, which adds up over several statements.
  return { rows: (last?.rows ?? []) as Row[], rowCount: last?.rowCount ?? 0 };
}
