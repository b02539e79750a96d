import type { Logger } from 'pino';
import { saysAway } from '../db/sql-states.js';

/** How often a trouble that lasts is told of again. */
const REPEAT_MS = 60_000;
/** So long after the latest failure it is over: where some work gets through and some does not, each success would end it, and each failure begin it anew. */
const QUIET_MS = 2_000;

/** In ms. */
export interface TroubleTimes {
  /** Default a minute. */
  readonly repeatMs?: number;
  /** Default 2 s. */
  readonly quietMs?: number;
}

export interface TroubleOptions {
  readonly log: Logger;
  /** The line when it begins, at `level`. */
  readonly began: string;
  /** The line each minute while it lasts, with `failures` and `for_s`. */
  readonly lasts: string;
  /** The line when it has ended, with `failures` and `for_s`. */
  readonly ended: string;
  readonly level?: Level;
  readonly times?: TroubleTimes | undefined;
}

type Level = 'warn' | 'error';

/** Something that fails again and again, told of when it begins, once a minute, and when it has ended: a line for each failure would flood the log. */
export class Trouble {
  readonly #options: TroubleOptions;
  #since: number | undefined;
  #failures = 0;
  #toldAt = 0;
  #failedAt = 0;

  constructor(options: TroubleOptions) {
    this.#options = options;
  }

  /** `error` has happened; `fields` tell where. */
  failed(error: unknown, fields: Record<string, unknown> = {}): void {
    const { log, began, lasts, level = 'warn', times } = this.#options;
    const now = performance.now();
    this.#failures += 1;
    this.#failedAt = now;
    if (this.#since === undefined) {
      this.#since = now;
      this.#toldAt = now;
      log[level]({ err: error, ...fields }, began);
    } else if (now - this.#toldAt >= (times?.repeatMs ?? REPEAT_MS)) {
      this.#toldAt = now;
      log[level]({ err: error, ...fields, ...this.#extent(now) }, lasts);
    }
  }

  /** It works; nothing is told when nothing was wrong. */
  worked(): void {
    if (this.#since === undefined) return;
    const now = performance.now();
    if (now - this.#failedAt < (this.#options.times?.quietMs ?? QUIET_MS)) return;
    this.#options.log.info(this.#extent(now), this.#options.ended);
    this.#since = undefined;
    this.#failures = 0;
  }

  #extent(now: number): { readonly failures: number; readonly for_s: number } {
    return { failures: this.#failures, for_s: Math.round((now - (this.#since ?? now)) / 1000) };
  }
}

/** Whether an error says that the database cannot be reached, be it as the driver threw it or as the cause of one of the catalogue. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (saysAway(error)) return true;
  const cause = error instanceof AggregateError ? error.errors[0] : error.cause;
  return cause !== undefined && isAway(cause);
}

/**
 * What the loops of a process tell of their failures. While the database cannot be reached they say so together, in one line, whichever of them noticed first; any
 * other failure is told by each, both no more than once a minute.
 */
export class LoopLog {
  readonly #log: Logger;
  readonly #times: TroubleTimes | undefined;
  readonly #away: Trouble;
  readonly #own = new Map<string, Trouble>();

  constructor(log: Logger, times?: TroubleTimes) {
    this.#log = log;
    this.#times = times;
    const lines = { began: 'database.away', lasts: 'database.still_away', ended: 'database.back' };
    this.#away = new Trouble({ log, times, ...lines });
  }

  /** Work failed; `what` names it, and is the message of the line where the database answers. */
  failed(what: string, error: unknown, fields: Record<string, unknown> = {}, level: Level = 'warn'): void {
    if (isAway(error)) this.#away.failed(error, { ...fields, what });
    else this.#troubleOf(what, level).failed(error, fields);
  }

  /** It worked. */
  worked(what: string): void {
    this.#away.worked();
    this.#own.get(what)?.worked();
  }

  #troubleOf(what: string, level: Level): Trouble {
    const known = this.#own.get(what);
    if (known !== undefined) return known;
    const lines = { began: what, lasts: `${what}: still`, ended: `${what}: over` };
    const made = new Trouble({ log: this.#log, times: this.#times, level, ...lines });
    this.#own.set(what, made);
    return made;
  }
}

const loopLogs = new WeakMap<object, LoopLog>();

/** The one of all loops over a database; `log` is where the first of them writes. */
export function loopLogOf(db: object, log: Logger): LoopLog {
  const known = loopLogs.get(db);
  if (known !== undefined) return known;
  const made = new LoopLog(log);
  loopLogs.set(db, made);
  return made;
}
