import type { Logger } from 'pino';
import { type RpcError, TabletError, toRpcError, VtgateError } from './errors.js';
import type { Execution, Executor } from './executor.js';
import { type Result, resultOf } from './result.js';
import { newSession, type Sessions, type SignedSession } from './session.js';
import { type Statement, statementOf, withoutLiterals } from './statement.js';

/** The body of a request to Execute. */
export interface ExecuteRequest {
  readonly query: string;
  readonly session?: SignedSession | null;
}

/** The body of the answer; `session` is absent when the one that came was not ours. */
export interface ExecuteResponse {
  readonly session?: SignedSession;
  readonly result?: Result;
  readonly error?: RpcError;
  /** Seconds. */
  readonly timing?: number;
}

export interface ExecuteOptions {
  readonly keyspace: string;
  /** The name that the client gave; it stands in messages. */
  readonly caller: string;
  readonly sessions: Sessions;
  readonly executor: Executor;
  readonly log: Logger;
}

export type Execute = (request: ExecuteRequest, signal: AbortSignal) => Promise<ExecuteResponse>;

/** From a request to its answer: reads session and statement, runs it, and writes outcome and session in the protocol's form. */
export function createExecute({ keyspace, caller, sessions, executor, log }: ExecuteOptions): Execute {
  const errorOf = (error: VtgateError | TabletError, sql: string, statement?: Statement): RpcError =>
    toRpcError(error, { keyspace, caller, statement: () => withoutLiterals(sql, statement?.tokens ?? []) });

  return async ({ query, session: signed }, signal) => {
    const startedAt = performance.now();
    const read = understood(() => ({
      session: signed ? sessions.verify(signed) : newSession(),
      statement: statementOf(query),
    }));
    if (read instanceof VtgateError) return { ...(signed && { session: signed }), error: errorOf(read, query) };

    const { session, outcome } = await executor({ sql: query, ...read, signal });
    const ms = performance.now() - startedAt;
    tell(log, read.statement.verb, outcome, ms);
    const answer =
      outcome instanceof Error ? { error: errorOf(outcome, query, read.statement) } : { result: resultOf(outcome) };
    return { session: sessions.sign(session), ...answer, timing: ms / 1_000 };
  };
}

function understood<T>(read: () => T): T | VtgateError {
  try {
    return read();
  } catch (error) {
    if (error instanceof VtgateError) return error;
    throw error;
  }
}

/** Neither statement nor message: both may hold somebody's data. */
function tell(log: Logger, verb: string, outcome: Execution['outcome'], ms: number): void {
  const line = { statement: verb, ms: Math.round(ms) };
  if (outcome instanceof TabletError) {
    log.info(
      { ...line, code: outcome.code, ...(outcome.errno !== undefined && { errno: outcome.errno }) },
      'gateway.refused',
    );
  } else if (outcome instanceof Error) {
    log.info({ ...line, code: 'vtgate' }, 'gateway.refused');
  } else if (outcome.fields === undefined) {
    log.debug({ ...line, affected: Number(outcome.affectedRows) }, 'gateway.executed');
  } else {
    log.debug({ ...line, rows: outcome.rows.length }, 'gateway.executed');
  }
}
