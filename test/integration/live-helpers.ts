import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import type { Change, LiveItem, Whose } from '../../src/live/change.js';
import { Feed, type FeedOptions, type FollowOptions } from '../../src/live/feed.js';
import { watch } from '../../src/live/store.js';
import { silent } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';

/** A stream that is read as fast as it comes. */
export interface Followed {
  readonly items: readonly LiveItem[];
  /** All changes until now. */
  readonly changes: readonly Change[];
  /** What was said until now: `open`, `gap`, and the kinds of changes. */
  readonly said: readonly string[];
  /** Waits until so many changes have come, and gives them. */
  waitForChanges(count: number): Promise<readonly Change[]>;
  /** Ends it, and gives the position after which to go on. */
  stop(): Promise<number>;
}

/** A feed of its own on the database, as a process has one. The caller closes it. */
export function openFeed(db: Database, options: Partial<FeedOptions> = {}): Feed {
  return new Feed({ db, log: silent, ...options });
}

/**
 * Has a user watched, and waits until every transaction that is older has ended. Those of other test files count, too: where one is open for more than a second, a stream that
 * opens meanwhile tells of a gap when it ends. One that opens afterwards does not.
 */
export async function olderTransactionsEnded(db: Database, userId: string): Promise<void> {
  const isSettled = async () => (await watch(db, [userId])).every((watched) => watched.isSettled);
  await waitUntil(isSettled, { message: 'the transactions from before to end', timeoutMs: 20_000 });
}

/** Follows; gives the stream when it has said `open`. */
export async function follow(
  feed: Feed,
  whose: Whose | string,
  options: Omit<FollowOptions, 'signal'> = {},
): Promise<Followed> {
  const ending = new AbortController();
  const items: LiveItem[] = [];
  const as: Whose = typeof whose === 'string' ? { as: 'user', userId: whose } : whose;
  const stream = await feed.follow(as, { ...options, signal: ending.signal });
  const reading = (async () => {
    for await (const item of stream) items.push(item);
  })();
  const changes = () => items.flatMap((item) => (item.what === 'changes' ? item.changes : []));
  const said = () =>
    items.flatMap((item) => (item.what === 'changes' ? item.changes.map(({ kind }) => kind) : item.what));
  await waitUntil(() => said().includes('open'), { message: 'the stream to open' });
  return {
    items,
    get changes() {
      return changes();
    },
    get said() {
      return said();
    },
    async waitForChanges(count) {
      await waitUntil(() => changes().length >= count, {
        message: () => `${count} changes; there are ${said().join()}`,
      });
      return changes();
    },
    async stop() {
      ending.abort();
      await reading;
      return changes().at(-1)?.position ?? items[0]?.position ?? 0;
    },
  };
}

/** The deliveries that changes are of. */
export function deliveryIds(changes: readonly Change[]): string[] {
  return changes.map(({ body }) => String(JSON.parse(body).delivery.id));
}

/** Ends a delivery as a worker's record does, or lets it be retried. */
export async function setStatus(db: Database, id: string, status: string): Promise<void> {
  await asService(db, (tx) =>
    tx.query(
      `UPDATE webhook_deliveries SET status = $2::text, attempt_number = attempt_number + 1,
         next_retry_at = CASE $2::text WHEN 'retrying' THEN now() + interval '1 hour' END WHERE id = $1::uuid`,
      [id, status],
    ),
  );
}
