import type { Connections } from './connections.js';
import { directDdlIsDisabled, TabletError, VtgateError } from './errors.js';
import type { Limits } from './limits.js';
import { type Outcome, runStatement, StatementFailure } from './run-statement.js';
import { transactionIdOf, type VitessSession, withoutTransaction, withSetting, withTransaction } from './session.js';
import type { Statement } from './statement.js';
import type { Transactions } from './transactions.js';

export interface ExecutorOptions {
  /** The database's name, which is the keyspace's. */
  readonly keyspace: string;
  readonly safeMigrations: boolean;
  readonly limits: Limits;
  readonly connections: Connections;
  readonly transactions: Transactions;
}

export interface Request {
  readonly sql: string;
  readonly statement: Statement;
  readonly session: VitessSession;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** What a statement came to; the session is the next one also when it failed. */
export interface Execution {
  readonly session: VitessSession;
  readonly outcome: Outcome | VtgateError | TabletError;
}

const NOTHING: Outcome = { fields: undefined, affectedRows: 0n, insertId: 0n };

export type Executor = (request: Request) => Promise<Execution>;

/** Runs statements as vtgate does: transaction, settings and counts are kept in the session, and nowhere else. */
export function createExecutor(options: ExecutorOptions): Executor {
  const { keyspace, safeMigrations, limits, connections, transactions } = options;

  async function execute(request: Request): Promise<Execution> {
    switch (request.statement.kind) {
      case 'begin':
        return begin(request, request.statement.characteristics);
      case 'commit':
      case 'rollback':
        return end(request, request.statement.kind);
      case 'ddl':
        return ddl(request);
      case 'setting':
        return set(request, request.statement.autocommit);
      case 'plain':
        return plain(request, request.statement.readsLastInsertId);
    }
  }

  /** As in Vitess the database hears of it with the first statement. One that is open is committed before. */
  async function begin(request: Request, characteristics: string): Promise<Execution> {
    const committed = await end(request, 'commit');
    if (committed.outcome instanceof Error) return committed;
    const session = { ...committed.session, inTransaction: true as const, ...(characteristics && { characteristics }) };
    return { session, outcome: NOTHING };
  }

  /** The session has left its transaction also when the end failed. */
  async function end({ session, signal }: Request, how: 'commit' | 'rollback'): Promise<Execution> {
    const id = transactionIdOf(session);
    const outcome = id === undefined ? NOTHING : await caught(transactions.end(id, how, signal).then(() => NOTHING));
    return { session: withoutTransaction(session), outcome };
  }

  /** MySQL commits before DDL by itself. */
  async function ddl(request: Request): Promise<Execution> {
    if (safeMigrations) throw directDdlIsDisabled();
    const committed = await end(request, 'commit');
    if (committed.outcome instanceof Error) return committed;
    const { session } = committed;
    return { session, outcome: await caught(runAlone({ ...request, session }, [request.sql])) };
  }

  async function set(request: Request, autocommit: boolean | undefined): Promise<Execution> {
    const { session, sql, signal } = request;
    if (autocommit === false) {
      const { autocommit: _, ...rest } = session;
      return { session: rest, outcome: NOTHING };
    }
    if (autocommit) {
      const committed = await end(request, 'commit');
      return { ...committed, session: { ...committed.session, autocommit } };
    }
    const next = withSetting(session, sql);
    const id = transactionIdOf(session);
    const outcome = await caught(
      id === undefined ? runAlone(request, [sql], true) : transactions.run(id, [sql], { alters: true }, signal),
    );
    return outcome instanceof Error ? { session, outcome } : { session: next, outcome: NOTHING };
  }

  async function plain(request: Request, readsLastInsertId: boolean): Promise<Execution> {
    const { sql, session } = request;
    // Another connection of the pool may have done the insert.
    const statements = readsLastInsertId ? [`SET last_insert_id = ${session.lastInsertId ?? 0}`, sql] : [sql];
    const inTransaction = session.inTransaction === true || session.autocommit !== true;
    if (!inTransaction) {
      const outcome = await caught(runAlone(request, statements));
      return { session: counted(session, outcome), outcome };
    }
    return within(request, statements);
  }

  async function within({ session, signal }: Request, statements: readonly string[]): Promise<Execution> {
    let now = session;
    let id = transactionIdOf(session);
    if (id === undefined) {
      const { settings = [], characteristics = '' } = session;
      const begun = await caught(
        transactions.begin(
          [...settings, `START TRANSACTION ${characteristics}`.trimEnd()],
          { altered: settings.length > 0 },
          signal,
        ),
      );
      if (begun instanceof Error) return { session, outcome: begun };
      id = begun;
      now = withTransaction(session, keyspace, id);
    }
    const outcome = await caught(transactions.run(id, statements, { alters: false }, signal));
    return { session: counted(now, outcome), outcome };
  }

  /** Outside transactions, on any connection. One that heard settings of a session is not used again. */
  async function runAlone(
    { session, signal }: Pick<Request, 'session' | 'signal'>,
    statements: readonly string[],
    alters = false,
  ): Promise<Outcome> {
    const settings = session.settings ?? [];
    const connection = await connections.forStatement();
    try {
      let outcome = NOTHING;
      for (const sql of [...settings, ...statements]) outcome = await runStatement(connection, sql, { limits, signal });
      if (alters || settings.length > 0) connection.destroy();
      else connection.release();
      return outcome;
    } catch (error) {
      if (!(error instanceof StatementFailure)) throw error;
      if (error.broken) await connections.kill(connection);
      else if (alters || settings.length > 0) connection.destroy();
      else connection.release();
      throw error.error;
    }
  }

  return async (request) => {
    const execution = await caught(execute(request));
    return execution instanceof Error ? { session: request.session, outcome: execution } : execution;
  };
}

/** A refusal in the protocol's words is a result; everything else is a fault of ours. */
async function caught<T>(promise: Promise<T>): Promise<T | VtgateError | TabletError> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof VtgateError || error instanceof TabletError) return error;
    throw error;
  }
}

/** What FOUND_ROWS(), ROW_COUNT() and LAST_INSERT_ID() would tell, kept as Vitess keeps it. */
function counted(session: VitessSession, outcome: Execution['outcome']): VitessSession {
  if (outcome instanceof Error) return session;
  if (outcome.fields !== undefined) return { ...session, foundRows: `${outcome.rows.length}`, rowCount: '-1' };
  const { affectedRows, insertId } = outcome;
  const counts = { foundRows: '0', rowCount: `${affectedRows}` };
  return { ...session, ...counts, ...(insertId > 0n && { lastInsertId: `${insertId}` }) };
}
