import { beforeEach, describe, expect, it } from 'vitest';
import { parseEvent } from '../src/event.js';
import type { CallbackOutcome, Lease, NewContent, Store } from '../src/store.js';
import { UnstorableError } from '../src/unstorable.js';

export interface StoreUnderTest {
  store(): Store;
  /** Empties the table. */
  clear(): Promise<void>;
  /** The added columns of a row that the suite looks at. */
  counts(
    id: string,
  ): Promise<{ title: string; repeats: number; differing_repeats: number; callback_error: string | null }>;
  /** Lets time pass for a row: its lease, due time and end of the callback window move `ms` into the past. */
  age(id: string, ms: number): Promise<void>;
}

const MINUTE = 60_000;
let made = 0;
const newLease = (ms = MINUTE): Lease => ({ token: `lease-${made++}`, ms });

function content(changes: Partial<NewContent> = {}): NewContent {
  made++;
  return {
    title: 'Title',
    body: 'Body',
    category: 'general',
    metadata: '{"a":1}',
    channelId: 'c1',
    eventName: 'e1',
    event: parseEvent(new TextEncoder().encode('{"ai_response":{"data":{"n":10.50}}}')),
    idempotencyKey: String(made).padStart(64, '0'),
    bodyHash: 'a'.repeat(64),
    callbackUrl: 'https://api.modelriver.com/v1/callback/c1',
    callback: { lease: newLease() },
    ...changes,
  };
}

/** What every store must do: `Store` in store.ts, stated as tests. */
export function describeStore(under: StoreUnderTest): void {
  const store = new Proxy({} as Store, { get: (_, name) => Reflect.get(under.store(), name) });
  /** A stored row whose lease is over and whose callback is due. */
  const dueRow = async (): Promise<string> => {
    const { id } = await store.insert(content());
    await under.age(id, 2 * MINUTE);
    return id;
  };
  beforeEach(() => under.clear());

  describe('insert', () => {
    it('gives the id as a string and the time in ISO 8601', async () => {
      const stored = await store.insert(content());
      expect(stored).toMatchObject({ created: true, differs: false });
      expect(stored.id).toMatch(/^[1-9]\d*$/);
      expect(stored.savedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Math.abs(Date.parse(stored.savedAt) - Date.now())).toBeLessThan(MINUTE);
    });

    it('keeps the first row on a repeat and counts it', async () => {
      const first = content();
      const { id, savedAt } = await store.insert(first);
      expect(await store.insert({ ...first, title: 'Other' })).toEqual({ id, savedAt, created: false, differs: false });
      expect(await store.insert({ ...first, title: 'Other', bodyHash: 'b'.repeat(64) })).toMatchObject({
        id,
        created: false,
        differs: true,
      });
      expect(await under.counts(id)).toMatchObject({ title: 'Title', repeats: 2, differing_repeats: 1 });
    });

    it('stores one row for fifty at once', async () => {
      const same = content();
      const all = await Promise.all(Array.from({ length: 50 }, () => store.insert(same)));
      expect(new Set(all.map(({ id }) => id)).size).toBe(1);
      expect(all.filter(({ created }) => created)).toHaveLength(1);
    });

    it('tells keys apart byte by byte', async () => {
      const ids = await Promise.all(
        ['a', 'A'].map(async (first) => (await store.insert(content({ idempotencyKey: first + '0'.repeat(63) }))).id),
      );
      expect(new Set(ids).size).toBe(2);
    });

    it('throws UnstorableError for what no retry can mend', async () => {
      await expect(store.insert(content({ title: 'x'.repeat(501) }))).rejects.toBeInstanceOf(UnstorableError);
    });
  });

  describe('claimCallbacks', () => {
    it('gives nobody what the handler holds, nor what was refused', async () => {
      await store.insert(content());
      const refused = await store.insert(content({ callback: { refused: 'origin_not_allowed' } }));
      await under.age(refused.id, 2 * MINUTE);
      expect(await store.claimCallbacks({ lease: newLease(), limit: 10 })).toEqual([]);
      expect((await under.counts(refused.id)).callback_error).toBe('origin_not_allowed');
    });

    it('gives what a callback needs, with the attempt counted', async () => {
      const id = await dueRow();
      const lease = newLease();
      const [claimed, ...more] = await store.claimCallbacks({ lease, limit: 10 });
      expect(more).toEqual([]);
      expect(claimed).toMatchObject({
        id,
        callbackUrl: 'https://api.modelriver.com/v1/callback/c1',
        attempts: 2,
        leaseToken: lease.token,
      });
      expect(claimed?.payload).toMatch(/^\{\s*"ai_response":\s*\{\s*"data":\s*\{\s*"n":\s*10\.50?\s*\}/);
    });

    it('keeps to the limit, to the id, and takes the longest due first', async () => {
      const ids = [await dueRow(), await dueRow(), await dueRow()];
      await under.age(ids[1] ?? '', MINUTE);
      const ofOne = await store.claimCallbacks({ lease: newLease(), limit: 1 });
      expect(ofOne.map(({ id }) => id)).toEqual([ids[1]]);
      const byId = await store.claimCallbacks({ lease: newLease(), limit: 5, id: ids[2] ?? '' });
      expect(byId.map(({ id }) => id)).toEqual([ids[2]]);
    });

    it('never gives two callers the same one', async () => {
      for (let at = 0; at < 20; at++) await dueRow();
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => store.claimCallbacks({ lease: newLease(), limit: 5 })),
      );
      const ids = claims.flat().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const rest = await store.claimCallbacks({ lease: newLease(), limit: 50 });
      expect(ids.length + rest.length).toBe(20);
    });

    it('gives it again once the lease is over', async () => {
      const id = await dueRow();
      await store.claimCallbacks({ lease: newLease(), limit: 1 });
      expect(await store.claimCallbacks({ lease: newLease(), limit: 1 })).toEqual([]);
      await under.age(id, 61_000);
      expect(await store.claimCallbacks({ lease: newLease(), limit: 1 })).toMatchObject([{ id, attempts: 3 }]);
    });
  });

  describe('finishCallback', () => {
    const outcomes: [CallbackOutcome, string][] = [
      [{ state: 'done' }, 'done'],
      [{ state: 'failed', error: 'http_404' }, 'failed'],
      [{ state: 'refused', error: 'origin_not_allowed' }, 'refused'],
      [{ state: 'retry', error: 'http_500', delayMs: 1_000 }, 'pending'],
      [{ state: 'retry', error: 'http_500', delayMs: 400_000 }, 'expired'],
    ];

    it.each(outcomes)('%j → %s', async (outcome, state) => {
      const { id } = await store.insert(content({ callback: { lease: { token: 'mine', ms: MINUTE } } }));
      expect(await store.finishCallback(id, 'mine', outcome)).toBe(state);
      expect((await under.counts(id)).callback_error).toBe(outcome.state === 'done' ? null : outcome.error);
      expect(await store.claimCallbacks({ lease: newLease(), limit: 1 })).toEqual([]);
      await under.age(id, MINUTE);
      expect(await store.claimCallbacks({ lease: newLease(), limit: 1 })).toHaveLength(state === 'pending' ? 1 : 0);
    });

    it('records nothing without the lease', async () => {
      const id = await dueRow();
      const [claimed] = await store.claimCallbacks({ lease: newLease(), limit: 1 });
      expect(await store.finishCallback(id, 'another', { state: 'done' })).toBeNull();
      expect(await store.finishCallback(id, claimed?.leaseToken ?? '', { state: 'done' })).toBe('done');
      expect(await store.finishCallback(id, claimed?.leaseToken ?? '', { state: 'failed', error: 'x' })).toBeNull();
    });
  });

  describe('expireCallbacks', () => {
    it('gives up what is past the window, and then nobody claims it', async () => {
      const late = await dueRow();
      const young = await dueRow();
      await under.age(late, 5 * MINUTE);
      expect(await store.expireCallbacks()).toBe(1);
      expect(await store.expireCallbacks()).toBe(0);
      expect(await store.claimCallbacks({ lease: newLease(), limit: 5 })).toMatchObject([{ id: young }]);
    });

    it('leaves alone what is being sent', async () => {
      const { id } = await store.insert(content({ callback: { lease: { token: 'mine', ms: 10 * MINUTE } } }));
      await under.age(id, 6 * MINUTE);
      expect(await store.expireCallbacks()).toBe(0);
      expect(await store.finishCallback(id, 'mine', { state: 'done' })).toBe('done');
    });
  });
}
