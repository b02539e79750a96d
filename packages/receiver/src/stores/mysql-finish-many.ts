import type { FollowUp, FollowUpState, LeasedWork, Outcome } from '../store.js';
import type { BatchResults } from './batching.js';
import { field } from './fields.js';
import { withRetries } from './mysql-errors.js';
import type { Writing } from './mysql-run.js';
import { doneStatements } from './mysql-statements.js';

interface Done {
  readonly work: Pick<LeasedWork, 'id' | 'idempotencyKey' | 'leaseToken'>;
  readonly outcome: Outcome & { readonly state: 'done' };
}

/** Records that work of one kind is done, of many rows by one statement. */
export function createManyFinish(kind: FollowUp, { run, keepPayload, finish }: Writing) {
  const { done, areDone } = doneStatements(kind, keepPayload);

  return async (all: readonly [Done, ...Done[]]): Promise<BatchResults<FollowUpState | null>> => {
    const [{ work, outcome }] = all;
    if (all.length === 1) return [await finish(kind, work, outcome)];
    const keys = all.map(({ work }) => work.idempotencyKey);
    const held = all.flatMap(({ work }) => [work.idempotencyKey, work.leaseToken]);
    const ids =
      kind === 'event' ? all.flatMap(({ work, outcome }) => [work.idempotencyKey, outcome.eventId ?? null]) : [];
    const { rowsAffected } = await withRetries(() => run(done(all.length), [...ids, ...keys, ...held]));
    if (rowsAffected === all.length) return all.map(() => 'done');
    // Some had lost their lease: what whoever has it since made of the row is not theirs to tell, but that it is done is.
    const { rows } = await run(areDone(all.length), keys);
    const found = new Set(rows.map((row) => field(row, 'idempotency_key')));
    return keys.map((key) => (found.has(key) ? 'done' : null));
  };
}
