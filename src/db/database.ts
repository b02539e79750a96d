import type { TextArray } from './text-array.js';

/** What a statement takes: SQL casts it (`$1::uuid`), so both drivers need only these. */
export type Param =
  | string
  | number
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly (string | null)[]
  | readonly (number | null)[]
  | readonly (Date | null)[]
  | TextArray;

export interface QueryResult<Row> {
  readonly rows: Row[];
  /** Rows returned, or changed by a statement that returns none. */
  readonly rowCount: number;
}

/** A statement and its parameters. */
export type Statement = readonly [text: string, params: readonly Param[]];

export interface Queryable {
  /**
   * Runs one statement with bound parameters; without `params` the text may hold several statements, and the last one's result is given.
   * Statements cast what they return (`::text` for bigint, numeric and exact JSON), so that both drivers give the same JavaScript types.
   */
  query<Row = Record<string, unknown>>(text: string, params?: readonly Param[]): Promise<QueryResult<Row>>;
}

/** How the connections of a pool are used just now. */
export interface Connections {
  /** Those that are open. */
  readonly total: number;
  readonly idle: number;
  /** What waits for one. */
  readonly waiting: number;
  readonly max: number;
}

/** PostgreSQL, behind `pg` or PGlite. One conformance suite holds both to the same behaviour. */
export interface Database extends Queryable {
  readonly kind: 'postgres' | 'pglite';
  /** How its connections are used just now; absent: there is one alone. */
  readonly connections?: () => Connections;
  /** Runs `fn` in one READ COMMITTED transaction; rolls back when it throws. Use `tx` alone inside: the embedded database has one connection. */
  transaction<T>(fn: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * Runs the statements in one READ COMMITTED transaction, sent together, and gives their results in order: no lock waits for this process between
   * them, and it may be stopped at any moment without holding one. Throws what the first failing statement threw; all is rolled back then. The texts are few and
   * fixed: they are prepared by name.
   */
  atOnce<Row = Record<string, unknown>>(...statements: readonly Statement[]): Promise<QueryResult<Row>[]>;
  /**
   * Calls `fn` with the payload of each NOTIFY on `channel` until the returned function is called. A hint, never the truth: notifications
   * sent while the connection is being made again are lost.
   */
  listen(channel: string, fn: (payload: string) => void): Promise<() => Promise<void>>;
  /** Waits for what is running, then closes every connection. Safe to call twice. */
  close(): Promise<void>;
}
