import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Store, WINDOW_MS } from '../src/store.js';
import { eventOf, MINUTE, newContent, newLease, type StoreUnderTest } from './store-under-test.js';

/** One row exactly, whoever sends it and however often. */
export function describeInserts(under: StoreUnderTest, store: Store): void {
  describe('insert', () => {
    it('gives the id as a string and the time in ISO 8601, as it stands on the row', async () => {
      const stored = await store.insert(newContent());
      expect(stored).toMatchObject({ created: true, differs: false });
      expect(stored.id).toMatch(/^[1-9]\d*$/);
      expect(stored.savedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Math.abs(Date.parse(stored.savedAt) - Date.now())).toBeLessThan(MINUTE);
      expect((await under.row(stored.id))['created_at']).toBe(stored.savedAt);
    });

    it('begins the work with its lease and its window, by the clock, in UTC', async () => {
      const { id } = await store.insert(
        newContent({ callback: { lease: newLease() }, emission: { lease: newLease() } }),
      );
      const row = await under.row(id);
      for (const kind of under.kinds) {
        const time = (name: string): number => Date.parse(row[`${kind}_${name}`] ?? '');
        expect(Math.abs(time('next_at') - Date.now())).toBeLessThan(MINUTE / 2);
        expect(time('lease_until') - time('next_at')).toBe(MINUTE);
        expect(time('expires_at') - time('next_at')).toBe(WINDOW_MS[kind]);
        expect(row).toMatchObject({ [`${kind}_state`]: 'pending', [`${kind}_attempts`]: '1' });
      }
    });

    it('keeps the first row on a repeat and counts it', async () => {
      const first = newContent();
      const { id, savedAt } = await store.insert(first);
      const repeat = { ...first, title: 'Other', callback: { lease: newLease() } };
      expect(await store.insert(repeat)).toEqual({ id, savedAt, created: false, differs: false });
      expect(await store.insert({ ...repeat, event: eventOf('{"other":1}') })).toEqual({
        id,
        savedAt,
        created: false,
        differs: true,
      });
      const row = await under.row(id);
      expect(row).toMatchObject({
        title: 'Title',
        repeats: '2',
        differing_repeats: '1',
        body_hash: createHash('sha256').update(first.event.text).digest('hex'),
      });
      expect(row['payload']).toContain('ai_response');
      expect(row['callback_lease']).toBe('lease' in first.callback ? first.callback.lease.token : '');
    });

    it('stores one row for fifty at once', async () => {
      const same = newContent();
      const all = await Promise.all(Array.from({ length: 50 }, () => store.insert(same)));
      expect(new Set(all.map(({ id, savedAt }) => `${id} ${savedAt}`)).size).toBe(1);
      expect(all.filter(({ created }) => created)).toHaveLength(1);
      expect((await under.row(all[0]?.id ?? ''))['repeats']).toBe('49');
    });

    it('stores each row of fifty at once, twice each', async () => {
      const contents = Array.from({ length: 25 }, () => newContent());
      const all = await Promise.all([...contents, ...contents].map((content) => store.insert(content)));
      expect(new Set(all.map(({ id }) => id)).size).toBe(25);
      expect(all.filter(({ created }) => created)).toHaveLength(25);
    });

    it('tells keys apart byte by byte', async () => {
      const insertOf = async (first: string) => store.insert(newContent({ idempotencyKey: first + '0'.repeat(63) }));
      const [a, b] = await Promise.all([insertOf('a'), insertOf('A')]);
      expect(a.id).not.toBe(b.id);
      expect([a.created, b.created]).toEqual([true, true]);
    });

    it('keeps ids exact beyond 2^53', async () => {
      // As doubles these two are one.
      await under.continueIdsAt('9007199254740992');
      const contents = [newContent(), newContent()];
      const stored = [];
      for (const content of contents) stored.push(await store.insert(content));
      expect(stored.map(({ id }) => id)).toEqual(['9007199254740992', '9007199254740993']);
      expect((await store.insert(contents[0] ?? newContent())).id).toBe('9007199254740992');

      for (const { id } of stored) await under.age(id, 2 * MINUTE);
      const claimed = await store.claim('callback', { lease: newLease(), limit: 5, id: '9007199254740993' });
      expect(claimed.map(({ id }) => id)).toEqual(['9007199254740993']);
      const [work] = claimed;
      const right = { id: '', idempotencyKey: '', leaseToken: '', ...work };
      expect(await store.finish('callback', { ...right, id: '9007199254740992' }, { state: 'done' })).toBeNull();
      expect(await store.finish('callback', right, { state: 'done' })).toBe('done');
    });

    it('notes what shall not be done, with the reason, and gives it to nobody', async () => {
      const { id } = await store.insert(
        newContent({
          callback: { state: 'refused', error: 'origin_not_allowed' },
          emission: { state: 'skipped', error: 'user_unknown' },
        }),
      );
      const row = await under.row(id);
      expect(row).toMatchObject({
        callback_state: 'refused',
        callback_error: 'origin_not_allowed',
        callback_attempts: '0',
      });
      if (under.kinds.includes('event')) {
        expect(row).toMatchObject({ event_state: 'skipped', event_error: 'user_unknown', event_attempts: '0' });
      }
      await under.age(id, 2 * MINUTE);
      for (const kind of under.kinds) {
        expect(await store.claim(kind, { lease: newLease(), limit: 5 })).toEqual([]);
        expect(await store.expire(kind)).toBe(0);
      }
    });

    it('has no event to do where nobody asked for one', async () => {
      const { emission: _, ...silent } = newContent();
      const { id } = await store.insert(silent);
      if (under.kinds.includes('event')) expect((await under.row(id))['event_state']).toBeNull();
      await under.age(id, 2 * MINUTE);
      expect(await store.claim('event', { lease: newLease(), limit: 5 })).toEqual([]);
    });

    it('leaves updated_at alone on a repeat', async () => {
      const content = newContent();
      const { id } = await store.insert(content);
      await under.backdate(id);
      await store.insert(content);
      expect(await under.row(id)).toMatchObject({ repeats: '1', updated_at: '2020-01-01T00:00:00.000Z' });
    });
  });
}
