import type { Database } from '../../db/database.js';
import { asServiceAtOnce } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import { sqlStateOf } from '../../db/sql-states.js';

const FIGURES = loadSql(import.meta.url, './figures.sql');
/** The database gives up a little before the scrape does, so that nothing is left running there. */
export const SCRAPE_LIMIT = "SELECT set_config('statement_timeout', '1900ms', true)";

/** How the whole installation stands. */
export interface Figures {
  readonly inFlight: number;
  readonly scheduled: number;
  readonly ready: number;
  readonly held: number;
  /** Ready for more than a minute, and not held back by their webhook's order or rate limit. */
  readonly late: number;
  /** How long what is ready, and not held back so, has waited at most. */
  readonly oldestSeconds: number;
  /** There is more in the queue than was counted. */
  readonly isCapped: boolean;
  readonly workersBusy: number;
  readonly workersIdle: number;
  readonly breakerOpen: number;
  readonly breakerProbing: number;
  readonly paused: number;
  readonly disabled: number;
  readonly unverified: number;
  readonly failing: number;
  /** Null where it may not be read. */
  readonly databaseBytes: number | null;
}

/** Reads them as the service, within two seconds of the database's. Throws what the database throws. */
export async function readFigures(db: Database): Promise<Figures> {
  const [, read] = await asServiceAtOnce<Figures>(db, [SCRAPE_LIMIT, []], [FIGURES, []]);
  const [figures] = read?.rows ?? [];
  if (figures === undefined) throw new Error('No figures.');
  return figures;
}

/** Whether the database answered, be it with an error: 57P and 53300 are said in the place of the database that is away, starting or full. */
export function isAnswer(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state !== undefined && !/^(08|53300|57P|28)/.test(state);
}
