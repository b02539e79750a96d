export type Params = (string | number | null)[];

/** What a statement gave. `rows` are objects, of a statement that reads; `insertId` is exact. */
export interface Ran {
  readonly rows: readonly unknown[];
  readonly rowsAffected: number;
  /** '0' where no row was made. */
  readonly insertId: string;
}

/** Runs one statement with `?` parameters, on its own. Throws errors with MySQL's `errno` and `sqlState` where the database refused it. */
export type Run = (sql: string, params: Params) => Promise<Ran>;
