import type { FollowUp, FollowUpState, LeasedWork, Outcome, Store } from '../store.js';
import { errorOf, field } from './fields.js';
import type { Gather } from './gather.js';
import { withRetries } from './mysql-errors.js';
import type { Params, Run } from './mysql-run.js';
import type { FollowUpStatements } from './mysql-statements.js';

type Held = Pick<LeasedWork, 'id' | 'idempotencyKey' | 'leaseToken'>;
interface Done {
  readonly work: Held;
  readonly eventId: string | null;
}
type Statements = Readonly<Record<FollowUp, FollowUpStatements>>;

/** `Store.finish`; with `gather`, work that is done at about the same time is written by one statement. */
export function createFinish(run: Run, statements: Statements, gather: Gather | undefined): Store['finish'] {
  const changed = async (sql: string, params: Params): Promise<number> =>
    (await withRetries(() => run(sql, params))).rowsAffected;

  async function finishOne(kind: FollowUp, work: Held, outcome: Outcome): Promise<FollowUpState | null> {
    const { retry, end } = statements[kind];
    const held = [work.idempotencyKey, work.id, work.leaseToken];
    const error = errorOf(outcome);
    if (outcome.state === 'retry') {
      const delay = Math.round(outcome.delayMs * 1000);
      if ((await changed(retry, [error, delay, ...held, delay])) > 0) return 'pending';
    }
    const state = outcome.state === 'retry' ? 'expired' : outcome.state;
    const eventId = kind === 'event' ? [outcome.state === 'done' ? (outcome.eventId ?? null) : null] : [];
    return (await changed(end, [state, error, ...eventId, ...held])) > 0 ? state : null;
  }

  async function finishDone(kind: FollowUp, all: readonly Done[]): Promise<(FollowUpState | null)[]> {
    const { done, areDone } = statements[kind];
    const keys = all.map(({ work }) => work.idempotencyKey);
    const ids = kind === 'event' ? all.flatMap(({ work, eventId }) => [work.idempotencyKey, eventId]) : [];
    const held = all.flatMap(({ work }) => [work.idempotencyKey, work.leaseToken]);
    if ((await changed(done(all.length), [...ids, ...keys, ...held])) === all.length) return all.map(() => 'done');
    // Some had lost their lease: what whoever has it since made of the row is not theirs to tell, but that it is done is.
    const { rows } = await run(areDone(all.length), keys);
    const found = new Set(rows.map((row) => field(row, 'idempotency_key')));
    return keys.map((key) => (found.has(key) ? 'done' : null));
  }

  const gathered = (kind: FollowUp) =>
    gather?.(async (all: readonly Done[]): Promise<readonly (FollowUpState | null)[]> => {
      const [one, ...more] = all;
      if (one === undefined || more.length > 0) return finishDone(kind, all);
      const { work, eventId } = one;
      return [await finishOne(kind, work, eventId === null ? { state: 'done' } : { state: 'done', eventId })];
    });
  const together = { callback: gathered('callback'), event: gathered('event') };

  return async (kind, work, outcome) => {
    const finish = together[kind];
    if (finish === undefined || outcome.state !== 'done') return finishOne(kind, work, outcome);
    return finish({ work, eventId: outcome.eventId ?? null });
  };
}
