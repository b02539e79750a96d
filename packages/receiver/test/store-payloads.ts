import { describe, expect, it } from 'vitest';
import { type Begun, type Outcome, type Store, WINDOW_MS } from '../src/store.js';
import { MINUTE, newContent, newLease, type StoreUnderTest } from './store-under-test.js';

const REFUSED: Begun = { state: 'refused', error: 'origin_not_allowed' };
const SKIPPED: Begun = { state: 'skipped', error: 'user_unknown' };
const DONE: Outcome = { state: 'done' };

/** How long the webhook stays on its row. */
export function describePayloads(under: StoreUnderTest): void {
  const { forgetful } = under;
  const payload = async (id: string): Promise<boolean> => (await under.row(id))['payload'] !== null;
  const insert = async (store: Store, changes: { callback?: Begun; emission?: Begun } = {}) => {
    const lease = newLease();
    const content = newContent({ callback: { lease }, emission: { lease }, ...changes });
    const { id } = await store.insert(content);
    return { id, idempotencyKey: content.idempotencyKey, leaseToken: lease.token };
  };

  describe('payload', () => {
    it('stays when all is done', async () => {
      const store = under.store();
      const work = await insert(store);
      for (const kind of under.kinds) expect(await store.finish(kind, work, DONE)).toBe('done');
      expect(await payload(work.id)).toBe(true);
      const { id } = await insert(store, { callback: REFUSED, emission: SKIPPED });
      expect(await payload(id)).toBe(true);
    });
  });
  if (forgetful === undefined) return;

  describe('payload that shall not be kept', () => {
    it.each([
      ['callback', 'event'],
      ['event', 'callback'],
    ] as const)('goes when %s and then %s are done', async (first, second) => {
      const store = forgetful();
      const work = await insert(store);
      await store.finish(first, work, DONE);
      expect(await payload(work.id)).toBe(true);
      await store.finish(second, work, { state: 'retry', error: 'http_500', delayMs: 0 });
      expect(await payload(work.id)).toBe(true);
      const [again] = await store.claim(second, { lease: newLease(), limit: 1 });
      expect(again?.payload).toContain('ai_response');
      await store.finish(second, again ?? work, { state: 'failed', error: 'http_404' });
      expect(await payload(work.id)).toBe(false);
    });

    it.each([
      ['the callback', 'callback', { emission: SKIPPED }],
      ['the event', 'event', { callback: REFUSED }],
    ] as const)('goes when %s, all that there was to do, is done', async (_, kind, changes) => {
      const store = forgetful();
      const work = await insert(store, changes);
      expect(await payload(work.id)).toBe(true);
      await store.finish(kind, work, DONE);
      expect(await payload(work.id)).toBe(false);
    });

    it('goes when a retry would come too late, and when the last work is given up', async () => {
      const store = forgetful();
      const late = await insert(store, { emission: SKIPPED });
      await store.finish('callback', late, { state: 'retry', error: 'http_500', delayMs: WINDOW_MS.callback + MINUTE });
      expect(await payload(late.id)).toBe(false);

      const { id } = await insert(store);
      await under.age(id, WINDOW_MS.callback + MINUTE);
      expect(await store.expire('callback')).toBe(1);
      expect(await payload(id)).toBe(true);
      await under.age(id, WINDOW_MS.event);
      expect(await store.expire('event')).toBe(1);
      expect(await payload(id)).toBe(false);
    });

    it('does not come where there is nothing to do', async () => {
      const { id } = await insert(forgetful(), { callback: REFUSED, emission: SKIPPED });
      expect(await payload(id)).toBe(false);
    });
  });
}
