import type { Store } from '../store.js';
import type { Params } from './fields.js';

/** What a statement gave. `rows` are objects, of a statement that reads; `insertId` is exact. */
export interface Ran {
  readonly rows: readonly unknown[];
  readonly rowsAffected: number;
  /** '0' where no row was made. */
  readonly insertId: string;
}

/** Runs one statement with `?` parameters, on its own. Throws errors with MySQL's `errno` and `sqlState` where the database refused it. */
export type Run = (sql: string, params: Params) => Promise<Ran>;

/** How rows are written: one a statement, or many. */
export type Written = Pick<Store, 'insert' | 'finish'>;

/** What writes many rows at once is made of; `insert` and `finish` write one. */
export interface Writing extends Written {
  readonly run: Run;
  readonly keepPayload: boolean;
}
