import { pause } from '../time.js';

/**
 * Data errors whose SQLSTATE is not of class 22 or 23: 1153 packet too large, 1265 value truncated, 1366 incorrect value, 1367 illegal value,
 * 3819 check violated.
 */
const DATA_ERRNOS: ReadonlySet<unknown> = new Set([1153, 1265, 1366, 1367, 3819]);
/** 1205 lock wait timed out, 1213 deadlock: MySQL has undone the statement. */
const CONFLICT_ERRNOS: ReadonlySet<unknown> = new Set([1205, 1213]);
const TRIES = 6;

/**
 * What a database said of a statement, without its message, which may carry SQL and values. `code` is for the log: `ER_NO_SUCH_TABLE`, `errno_1213`,
 * Vitess's name where there is no number (`Unavailable`), `http_502`.
 */
export class StatementError extends Error {
  readonly code: string;
  readonly errno: number | undefined;
  readonly sqlState: string | undefined;
  /** As `Aborted`, `Unavailable`, `ResourceExhausted`. */
  readonly vitessCode: string | undefined;

  constructor(message: string, details: { code: string; errno?: number; sqlState?: string; vitessCode?: string }) {
    super(message);
    this.name = 'StatementError';
    this.code = details.code;
    this.errno = details.errno;
    this.sqlState = details.sqlState;
    this.vitessCode = details.vitessCode;
  }
}

/** The content itself is refused: the same statement would fail again. */
export function isDataError(error: unknown): boolean {
  return DATA_ERRNOS.has(property(error, 'errno')) || /^2[23]/.test(String(property(error, 'sqlState')));
}

function isConflict(error: unknown): boolean {
  return CONFLICT_ERRNOS.has(property(error, 'errno')) || property(error, 'vitessCode') === 'Aborted';
}

function property(error: unknown, name: string): unknown {
  return error instanceof Error ? (error as unknown as Record<string, unknown>)[name] : undefined;
}

/**
 * What `work` gives; after a conflict with others it is tried again, six times in about a second. It must be one statement, or several that may
 * be repeated. Throws what `work` threw last.
 */
export async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === TRIES || !isConflict(error)) throw error;
      await pause(Math.random() * 25 * 2 ** tries);
    }
  }
}
