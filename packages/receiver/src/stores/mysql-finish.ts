import type { FollowUp, Store } from '../store.js';
import { errorOf, type Params } from './fields.js';
import { withRetries } from './mysql-errors.js';
import type { Run } from './mysql-run.js';
import type { FollowUpStatements } from './mysql-statements.js';

/** `Store.finish`, one row a statement. */
export function createFinish(run: Run, statements: Readonly<Record<FollowUp, FollowUpStatements>>): Store['finish'] {
  const changes = async (sql: string, params: Params): Promise<boolean> =>
    (await withRetries(() => run(sql, params))).rowsAffected > 0;

  return async (kind, work, outcome) => {
    const { retry, end } = statements[kind];
    const held = [work.idempotencyKey, work.id, work.leaseToken];
    const error = errorOf(outcome);
    if (outcome.state === 'retry') {
      const delay = Math.round(outcome.delayMs * 1000);
      if (await changes(retry, [error, delay, ...held, delay])) return 'pending';
    }
    const state = outcome.state === 'retry' ? 'expired' : outcome.state;
    const eventId = kind === 'event' ? [outcome.state === 'done' ? (outcome.eventId ?? null) : null] : [];
    return (await changes(end, [state, error, ...eventId, ...held])) ? state : null;
  };
}
