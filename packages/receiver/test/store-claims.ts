import { describe, expect, it } from 'vitest';
import { type FollowUp, type LeasedWork, type Store, WINDOW_MS } from '../src/store.js';
import { CALLBACK_URL, MINUTE, newContent, newLease, type StoreUnderTest } from './store-under-test.js';

/** Work is leased to one caller at a time, and given up after its window. */
export function describeClaims(under: StoreUnderTest, store: Store, kind: FollowUp): void {
  /** A stored row whose leases are over and whose work is due. */
  const dueRow = async (): Promise<string> => {
    const { id } = await store.insert(newContent());
    await under.age(id, 2 * MINUTE);
    return id;
  };
  const claim = (limit: number, id?: string): Promise<LeasedWork[]> =>
    store.claim(kind, { lease: newLease(), limit, ...(id !== undefined && { id }) });

  describe(`claim (${kind})`, () => {
    it('gives nobody what the handler holds', async () => {
      const { id } = await store.insert(newContent());
      expect(await claim(10)).toEqual([]);
      expect(await claim(1, id)).toEqual([]);
    });

    it('gives what the work needs, with the attempt counted', async () => {
      const content = newContent();
      const { id, savedAt } = await store.insert(content);
      await under.age(id, 2 * MINUTE);
      const lease = newLease();
      const [claimed, ...more] = await store.claim(kind, { lease, limit: 10 });
      expect(more).toEqual([]);
      expect(claimed).toEqual({
        id,
        idempotencyKey: content.idempotencyKey,
        savedAt,
        callbackUrl: CALLBACK_URL,
        payload: expect.stringMatching(/^\{\s*"ai_response":\s*\{\s*"data":\s*\{\s*"n":\s*10\.50\s*\}/),
        attempts: 2,
        leaseToken: lease.token,
      });
    });

    it('keeps to the limit, to the id, and takes the longest due first', async () => {
      const ids = [await dueRow(), await dueRow(), await dueRow(), await dueRow()];
      await under.age(ids[1] ?? '', MINUTE);
      await under.age(ids[2] ?? '', 30_000);
      expect((await claim(2)).map(({ id }) => id)).toEqual([ids[1], ids[2]]);
      expect((await claim(5, ids[3])).map(({ id }) => id)).toEqual([ids[3]]);
      expect((await claim(5)).map(({ id }) => id)).toEqual([ids[0]]);
    });

    it('never gives two callers the same one, and all get everything', async () => {
      const ids: string[] = [];
      for (let at = 0; at < 40; at++) ids.push(await dueRow());
      const claimAll = async (): Promise<string[]> => {
        const mine: string[] = [];
        for (;;) {
          const claimed = await claim(5);
          mine.push(...claimed.map(({ id }) => id));
          if (claimed.length < 5) return mine;
        }
      };
      const claimed = (await Promise.all(Array.from({ length: 8 }, claimAll))).flat();
      expect(claimed.sort()).toEqual(ids.sort());
    });

    it('gives it again once the lease is over', async () => {
      const id = await dueRow();
      expect(await claim(1)).toHaveLength(1);
      expect(await claim(1)).toEqual([]);
      await under.age(id, 61_000);
      expect(await claim(1)).toMatchObject([{ id, attempts: 3 }]);
    });

    it('leaves alone the other kind of work', async () => {
      const id = await dueRow();
      const before = await under.row(id);
      await claim(1);
      const other = kind === 'callback' ? 'event' : 'callback';
      const after = await under.row(id);
      for (const name of ['state', 'attempts', 'lease', 'lease_until', 'next_at', 'expires_at']) {
        expect(after[`${other}_${name}`]).toBe(before[`${other}_${name}`]);
      }
    });

    it('leaves updated_at alone', async () => {
      const id = await dueRow();
      await under.backdate(id);
      expect(await claim(1)).toHaveLength(1);
      expect((await under.row(id))['updated_at']).toBe('2020-01-01T00:00:00.000Z');
    });
  });

  describe(`expire (${kind})`, () => {
    it('gives up what is past the window, and then nobody claims it', async () => {
      const late = await dueRow();
      const young = await dueRow();
      await under.backdate(late);
      await under.age(late, WINDOW_MS[kind]);
      expect(await claim(1, late)).toEqual([]);
      expect(await store.expire(kind)).toBe(1);
      expect(await store.expire(kind)).toBe(0);
      expect((await claim(5)).map(({ id }) => id)).toEqual([young]);
      expect(await under.row(late)).toMatchObject({
        [`${kind}_state`]: 'expired',
        [`${kind}_error`]: 'expired',
        [`${kind}_lease`]: null,
        updated_at: '2020-01-01T00:00:00.000Z',
      });
    });

    it('keeps the last error of what it gives up', async () => {
      const { id } = await store.insert(newContent());
      await under.age(id, 2 * MINUTE);
      const [work] = await claim(1);
      if (work === undefined) throw new Error('nothing was claimed');
      await store.finish(kind, work, { state: 'retry', error: 'http_500', delayMs: 0 });
      await under.age(id, WINDOW_MS[kind]);
      expect(await store.expire(kind)).toBe(1);
      expect(await under.row(id)).toMatchObject({ [`${kind}_state`]: 'expired', [`${kind}_error`]: 'http_500' });
    });

    it('leaves alone what is being done', async () => {
      const lease = newLease(WINDOW_MS[kind] + 10 * MINUTE);
      const content = newContent({ callback: { lease }, emission: { lease } });
      const { id } = await store.insert(content);
      await under.age(id, WINDOW_MS[kind] + MINUTE);
      expect(await store.expire(kind)).toBe(0);
      const work = { id, idempotencyKey: content.idempotencyKey, leaseToken: lease.token };
      expect(await store.finish(kind, work, { state: 'done' })).toBe('done');
    });
  });
}
