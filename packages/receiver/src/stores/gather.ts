import type { FollowUp } from '../store.js';
import { inBatches } from './batching.js';
import { createManyFinish } from './mysql-finish-many.js';
import { createManyInsert } from './mysql-insert-many.js';
import type { Writing, Written } from './mysql-run.js';

/**
 * For the `gather` option of `planetscaleStore` and `mysqlStore`: rows that come, and callbacks and events that are done, while a statement is under
 * way are written by the next one together; nobody waits for company. For processes that serve many requests. Not for Cloudflare Workers, where
 * one request must not wait for the statement of another.
 */
export function gather(writing: Writing): Written {
  const insert = inBatches(createManyInsert(writing));
  const finishDone = (kind: FollowUp) => inBatches(createManyFinish(kind, writing));
  const done = { callback: finishDone('callback'), event: finishDone('event') };
  return {
    insert,
    finish: async (kind, work, outcome) =>
      outcome.state === 'done' ? done[kind]({ work, outcome }) : writing.finish(kind, work, outcome),
  };
}

export type Gather = typeof gather;
