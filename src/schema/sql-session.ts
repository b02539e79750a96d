/** A connection to one database of MySQL's kind, whatever carries it. Values are bound by `?`. */
export interface SqlSession {
  /** The rows of a query; integers beyond 2^53, decimals and times are strings. */
  rows<Row>(sql: string, values?: readonly (string | number | null)[]): Promise<Row[]>;
  /** Runs a statement; gives how many rows it changed. */
  run(sql: string, values?: readonly (string | number | null)[]): Promise<number>;
  close(): Promise<void>;
}
