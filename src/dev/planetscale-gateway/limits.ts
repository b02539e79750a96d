/** What a database on PlanetScale allows; times in milliseconds. */
export interface Limits {
  /** Rows in the answer to one query. */
  readonly rows: number;
  /** Bytes of all values in the answer to one query. */
  readonly resultBytes: number;
  /** How long a statement may run. */
  readonly statementMs: number;
  /** How long a transaction may be open, whatever it does. */
  readonly transactionMs: number;
  /** Connections for statements outside transactions. */
  readonly connections: number;
  /** Transactions at a time, each on a connection of its own. */
  readonly transactions: number;
  /** How long a new transaction waits for a connection. */
  readonly transactionWaitMs: number;
}

/** PlanetScale's limits as it documents them; the numbers of connections are Vitess's defaults. */
export const PLANETSCALE_LIMITS: Limits = {
  rows: 100_000,
  resultBytes: 64 * 1024 * 1024,
  statementMs: 30_000,
  transactionMs: 20_000,
  connections: 16,
  transactions: 20,
  transactionWaitMs: 1_000,
};
