import { describe, expect, it } from 'vitest';
import { type FollowUp, type LeasedWork, type Outcome, type Store, WINDOW_MS } from '../src/store.js';
import { MINUTE, newContent, newLease, type StoreUnderTest } from './store-under-test.js';

/** How attempts end, and that only the holder of the lease ends them. */
export function describeFinishes(under: StoreUnderTest, store: Store, kind: FollowUp): void {
  const stored = async (): Promise<Pick<LeasedWork, 'id' | 'idempotencyKey' | 'leaseToken'>> => {
    const lease = newLease();
    const content = newContent({ callback: { lease }, emission: { lease } });
    const { id } = await store.insert(content);
    return { id, idempotencyKey: content.idempotencyKey, leaseToken: lease.token };
  };
  const claimable = async (): Promise<number> => (await store.claim(kind, { lease: newLease(), limit: 5 })).length;
  const never: Outcome =
    kind === 'callback'
      ? { state: 'refused', error: 'origin_not_allowed' }
      : { state: 'skipped', error: 'user_unknown' };

  describe(`finish (${kind})`, () => {
    const outcomes: [Outcome, string][] = [
      [{ state: 'done' }, 'done'],
      [{ state: 'failed', error: 'http_404' }, 'failed'],
      [never, never.state],
      [{ state: 'retry', error: 'http_500', delayMs: 45_000 }, 'pending'],
      [{ state: 'retry', error: 'http_500', delayMs: WINDOW_MS[kind] + MINUTE }, 'expired'],
    ];
    it.each(outcomes)('%j → %s', async (outcome, state) => {
      const work = await stored();
      await under.backdate(work.id);
      expect(await store.finish(kind, work, outcome)).toBe(state);
      expect(await under.row(work.id)).toMatchObject({
        [`${kind}_state`]: state,
        [`${kind}_error`]: outcome.state === 'done' ? null : outcome.error,
        [`${kind}_lease`]: null,
        [`${kind}_lease_until`]: null,
        [`${kind}_attempts`]: '1',
        updated_at: '2020-01-01T00:00:00.000Z',
      });
      expect(await claimable()).toBe(0);
      await under.age(work.id, MINUTE);
      expect(await claimable()).toBe(state === 'pending' ? 1 : 0);
    });

    it('leaves alone the other kind of work', async () => {
      const work = await stored();
      const other = kind === 'callback' ? 'event' : 'callback';
      const before = await under.row(work.id);
      await store.finish(kind, work, { state: 'done' });
      const after = await under.row(work.id);
      for (const name of ['state', 'error', 'attempts', 'lease', 'lease_until', 'next_at', 'expires_at']) {
        expect(after[`${other}_${name}`]).toBe(before[`${other}_${name}`]);
      }
    });

    it('clears the error of an earlier attempt when it is done', async () => {
      const work = await stored();
      await store.finish(kind, work, { state: 'retry', error: 'http_500', delayMs: 0 });
      const [again] = await store.claim(kind, { lease: newLease(), limit: 1 });
      expect(await store.finish(kind, again ?? work, { state: 'done' })).toBe('done');
      expect((await under.row(work.id))[`${kind}_error`]).toBeNull();
    });

    it('cuts an error to what its column holds', async () => {
      const work = await stored();
      await store.finish(kind, work, { state: 'failed', error: '😀'.repeat(600) });
      expect((await under.row(work.id))[`${kind}_error`]).toBe('😀'.repeat(250));
    });

    it('records nothing without the lease', async () => {
      const work = await stored();
      const outcomes: Outcome[] = [{ state: 'done' }, { state: 'retry', error: 'x', delayMs: 0 }, never];
      for (const outcome of outcomes) {
        expect(await store.finish(kind, { ...work, leaseToken: 'another' }, outcome)).toBeNull();
        expect(await store.finish(kind, { ...work, id: '4611686018427387904' }, outcome)).toBeNull();
      }
      expect(await store.finish(kind, work, { state: 'done' })).toBe('done');
      expect(await store.finish(kind, work, { state: 'failed', error: 'x' })).toBeNull();
      expect((await under.row(work.id))[`${kind}_state`]).toBe('done');
    });

    it('is lost to who claimed it after the lease was over', async () => {
      const late = await stored();
      await under.age(late.id, 2 * MINUTE);
      const [work] = await store.claim(kind, { lease: newLease(), limit: 1 });
      if (work === undefined) throw new Error('nothing was claimed');
      for (const outcome of [{ state: 'done' }, { state: 'retry', error: 'x', delayMs: 0 }] as const) {
        expect(await store.finish(kind, late, outcome)).toBeNull();
      }
      expect(await under.row(late.id)).toMatchObject({
        [`${kind}_state`]: 'pending',
        [`${kind}_lease`]: work.leaseToken,
      });
      expect(await store.finish(kind, work, { state: 'done' })).toBe('done');
    });

    it('counts for who held the lease, though it is over, while nobody else has claimed', async () => {
      const work = await stored();
      await under.age(work.id, 2 * MINUTE);
      expect(await store.finish(kind, work, { state: 'done' })).toBe('done');
    });

    if (kind === 'event') {
      it('notes the id of the event', async () => {
        const work = await stored();
        const eventId = '0190a0b0-0000-7000-8000-00000000000a';
        await store.finish(kind, work, { state: 'done', eventId });
        expect(await under.row(work.id)).toMatchObject({ event_state: 'done', event_id: eventId });
      });
    }
  });
}
