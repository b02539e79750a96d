import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Queryable } from '../../src/db/database.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { waitUntil } from '../harness/wait-until.js';
import { serveApi } from './api-client.js';
import { keySet, rotateKeys } from './ed25519-helpers.js';

/** docs/signing-keys.md: a process may show the keys of so long ago. */
const SHOWN_WITHIN_MS = 2_000;

describe('the key set', () => {
  let database: TestDatabase;
  let served: Awaited<ReturnType<typeof serveApi>>;
  let transactions = 0;
  let isAway = false;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    served = await serveApi({
      ...database.db,
      transaction<T>(fn: (tx: Queryable) => Promise<T>) {
        transactions += 1;
        if (isAway) return Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
        return database.db.transaction(fn);
      },
    } satisfies Database);
  });
  afterAll(async () => {
    await served.app.close();
    await database.drop();
  });
  const ask = () => fetch(`${served.url}/.well-known/webhook-keys`);

  it('that could not be read is not kept', async () => {
    isAway = true;
    const failed = await ask();
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '5']);
    isAway = false;
    expect((await keySet(served.url)).keys).toHaveLength(1);
  });

  it('is read once for all who ask, however often', async () => {
    const before = transactions;
    const ended = async () => {
      await ask();
      return transactions > before;
    };
    await waitUntil(ended, { message: 'what was kept to end' });
    transactions = 0;
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await ask()).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(transactions).toBeLessThanOrEqual(1);
  });

  it('shows a rotation in time', async () => {
    const [before] = (await keySet(served.url)).keys;
    expect((await rotateKeys(served.url)).status).toBe(200);
    const rotated = performance.now();
    const current = async () => (await keySet(served.url)).keys[0]?.kid;
    const isShown = async () => {
      // An answer may be on its way for longer than the keys are kept.
      const asked = performance.now();
      if ((await current()) !== before?.kid) return true;
      expect(asked - rotated).toBeLessThan(SHOWN_WITHIN_MS + 500);
      return false;
    };
    await waitUntil(isShown, { message: 'the new key' });
    expect((await keySet(served.url)).keys.map(({ kid }) => kid)).toContain(before?.kid);
  });
});
