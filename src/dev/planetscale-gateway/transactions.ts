import { LRUCache } from 'lru-cache';
import type { PoolConnection } from 'mysql2';
import type { Connections } from './connections.js';
import { duration, queryKilled, transactionError } from './errors.js';
import type { Limits } from './limits.js';
import { type Outcome, runStatement, StatementFailure } from './run-statement.js';

const REMEMBERED = 1_000;
const DEADLOCK = 1213;

/** A transaction that is open: it has its connection to itself. */
interface Open {
  readonly id: string;
  readonly connection: PoolConnection;
  readonly startedAt: number;
  /** Ends what runs in it. */
  readonly abort: AbortController;
  readonly timer: NodeJS.Timeout;
  /** What it is doing, for others that come meanwhile. */
  busy: string | undefined;
  /** Its connection has settings of a session, and goes away with it. */
  altered: boolean;
}

interface Ended {
  /** "ended at 2026-07-02 05:31:19.003 UTC (exceeded timeout: 20s)". */
  readonly state: string;
  /** The database rolled it back by itself, so that ROLLBACK has nothing to do, and succeeds. */
  readonly rolledBack: boolean;
}

/** The open transactions of all sessions, by their ids. Every refusal is a TabletError. */
export interface Transactions {
  /** Begins one; `preparation` are the statements before its first, `altered` when settings of a session are among them. Gives its id. */
  begin(preparation: readonly string[], options: { readonly altered: boolean }, signal: AbortSignal): Promise<string>;
  /** Runs statements in it, and gives what the last one gave; `alters` when they are settings of the session. */
  run(
    id: string,
    statements: readonly string[],
    options: { readonly alters: boolean },
    signal: AbortSignal,
  ): Promise<Outcome>;
  /** COMMIT or ROLLBACK. */
  end(id: string, how: 'commit' | 'rollback', signal: AbortSignal): Promise<void>;
  /** Rolls all of them back. */
  closeAll(): Promise<void>;
}

/**
 * Transactions as vttablet keeps them: begun at a moment that counts, ended by their clients or by the time limit, whatever they do by then.
 * Ids grow from the time of the start, so that those of an earlier gateway are unknown, not someone else's.
 */
export function createTransactions(connections: Connections, limits: Limits): Transactions {
  let lastId = BigInt(Date.now()) * 1_000_000n;
  const open = new Map<string, Open>();
  const ended = new LRUCache<string, Ended>({ max: REMEMBERED });

  function forget(transaction: Open, why: string, rolledBack = false): void {
    clearTimeout(transaction.timer);
    open.delete(transaction.id);
    ended.set(transaction.id, { state: `ended at ${stamp()} (${why})`, rolledBack });
  }

  /** The connection is killed, and the server rolls back. */
  function kill(transaction: Open, why: string): Promise<void> {
    forget(transaction, why);
    return connections.kill(transaction.connection);
  }

  function timeOut(transaction: Open): void {
    transaction.abort.abort(queryKilled(performance.now() - transaction.startedAt, transaction.connection.threadId));
    void kill(transaction, `exceeded timeout: ${duration(limits.transactionMs)}`);
  }

  function lock(id: string, purpose: string): Open {
    const transaction = open.get(id);
    if (transaction === undefined) {
      const state = ended.get(id)?.state ?? 'not found (potential transaction timeout)';
      throw transactionError(id, state);
    }
    if (transaction.busy !== undefined) throw transactionError(id, `in use: ${transaction.busy}`);
    transaction.busy = purpose;
    return transaction;
  }

  async function runAll(transaction: Open, statements: readonly string[], signal: AbortSignal): Promise<Outcome> {
    const either = AbortSignal.any([signal, transaction.abort.signal]);
    let outcome: Outcome = { fields: undefined, affectedRows: 0n, insertId: 0n };
    try {
      for (const sql of statements) {
        outcome = await runStatement(transaction.connection, sql, { limits, signal: either });
      }
      return outcome;
    } catch (error) {
      if (!(error instanceof StatementFailure)) throw error;
      if (open.has(transaction.id)) {
        // What followed would be committed statement by statement.
        if (error.error.errno === DEADLOCK) release(transaction, 'deadlock', true);
        else if (error.broken) await kill(transaction, error.error.message);
      }
      throw error.error;
    }
  }

  function release(transaction: Open, why: string, rolledBack = false): void {
    forget(transaction, why, rolledBack);
    if (transaction.altered) transaction.connection.destroy();
    else transaction.connection.release();
  }

  return {
    async begin(preparation, { altered }, signal) {
      const connection = await connections.forTransaction();
      lastId += 1n;
      const transaction: Open = {
        id: lastId.toString(),
        connection,
        startedAt: performance.now(),
        abort: new AbortController(),
        timer: setTimeout(() => timeOut(transaction), limits.transactionMs),
        busy: 'new connection',
        altered,
      };
      open.set(transaction.id, transaction);
      try {
        await runAll(transaction, preparation, signal);
      } catch (error) {
        if (open.has(transaction.id)) await kill(transaction, 'initFail');
        throw error;
      }
      transaction.busy = undefined;
      return transaction.id;
    },
    async run(id, statements, { alters }, signal) {
      const transaction = lock(id, 'for query');
      transaction.altered ||= alters;
      try {
        return await runAll(transaction, statements, signal);
      } finally {
        transaction.busy = undefined;
      }
    },
    async end(id, how, signal) {
      if (how === 'rollback' && ended.get(id)?.rolledBack) return;
      const transaction = lock(id, `for ${how}`);
      try {
        await runAll(transaction, [how.toUpperCase()], signal);
      } catch (error) {
        if (open.has(id)) await kill(transaction, `${how} failed`);
        throw error;
      }
      release(transaction, how === 'commit' ? 'transaction committed' : 'transaction rolled back');
    },
    async closeAll() {
      await Promise.all([...open.values()].map((transaction) => kill(transaction, 'closed')));
    },
  };
}

/** "2026-07-02 05:31:19.003 UTC". */
function stamp(): string {
  return `${new Date().toISOString().replace('T', ' ').slice(0, -1)} UTC`;
}
