import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import type { Cursor, Page } from '../../src/manage/page.js';
import { listUsers } from '../../src/manage/users/users.js';
import { makeHook } from '../conformance/spec-helpers.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { type ContractedApi, serveContract } from './api-callers.js';
import { allPages } from './figures-helpers.js';

interface User {
  readonly user_id: string;
  readonly external_user_id: string | null;
  readonly [field: string]: unknown;
}
interface Users {
  readonly data: readonly User[];
  readonly next_cursor: string | null;
}

describeOnPostgres('/v1/users', (ctx) => {
  let api: ContractedApi;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
  });
  afterAll(() => api.app.close());
  beforeEach(async () => {
    await ctx.db().query('DELETE FROM auth.users', []);
  });

  const read = async (query = ''): Promise<Users> => (await api.service<Users>('GET', `/v1/users?${query}`)).body;
  const search = async (text: string) =>
    (await read(`limit=100&search=${encodeURIComponent(text)}`)).data.map(({ external_user_id: id }) => id).sort();
  const put = async (externalId: string | null, createdAt = '2026-01-01T00:00:00Z', id = randomUUID()) => {
    await ctx.db().query('INSERT INTO auth.users (id, created_at) VALUES ($1::uuid, $2::timestamptz)', [id, createdAt]);
    if (externalId !== null) {
      const sql = 'INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, $2)';
      await ctx.db().query(sql, [id, externalId]);
    }
    return id;
  };

  it('come with what they have', async () => {
    const [busy, idle] = [await put('busy', '2026-01-02T03:04:05.678Z'), await put(null, '2026-01-01T00:00:00Z')];
    // Four that go, one of which was paused and goes again, and one that its owner turned off; then those that the system stopped.
    const states = [
      "total_deliveries = 9, successful_deliveries = 5, failed_deliveries = 4, last_delivery_at = '2026-02-03T00:00:00Z'",
      "successful_deliveries = 10, last_delivery_at = '2026-02-01T00:00:00Z'",
      "paused_until = now() - interval '1 hour'",
      'is_verified = true',
      'is_active = false',
      "is_active = false, disabled_reason = 'gone'",
      "paused_until = now() + interval '1 hour'",
      'breaker_since = now(), failed_deliveries = 3',
    ];
    for (const state of states) {
      const { id } = await makeHook(ctx.db(), busy);
      await ctx.db().query(`UPDATE webhooks SET ${state} WHERE id = $1::uuid`, [id]);
    }
    const none = {
      webhooks: 0,
      active_webhooks: 0,
      stopped_webhooks: 0,
      successful_deliveries: 0,
      failed_deliveries: 0,
    };
    expect(await read()).toEqual({
      data: [
        {
          user_id: busy,
          external_user_id: 'busy',
          created_at: '2026-01-02T03:04:05.678000Z',
          webhooks: 8,
          active_webhooks: 6,
          stopped_webhooks: 3,
          last_delivery_at: '2026-02-03T00:00:00.000000Z',
          successful_deliveries: 15,
          failed_deliveries: 7,
        },
        {
          ...none,
          user_id: idle,
          external_user_id: null,
          created_at: '2026-01-01T00:00:00.000000Z',
          last_delivery_at: null,
        },
      ],
      next_cursor: null,
    });
  });

  it('come page by page, the newest first, though many are of one time', async () => {
    const ids: string[] = [];
    for (let nth = 0; nth < 7; nth += 1) ids.push(await put(`u${nth}`));
    const [first, last] = [
      await put('newer', '2026-01-01T00:00:00.000001Z'),
      await put('older', '2025-01-01T00:00:00Z'),
    ];
    const pages = await allPages(read, 3);
    const expected = [first, ...ids.sort().reverse(), last];
    expect(pages.map((page) => page.map(({ user_id: id }) => id))).toEqual([
      expected.slice(0, 3),
      expected.slice(3, 6),
      expected.slice(6),
    ]);
  });

  it('are found by a part of the application’s id, letter by letter: nothing is a wildcard', async () => {
    const ids = [
      'auth0|Alice',
      'auth0|bob',
      '100%',
      '100x',
      'a_b',
      'axb',
      "o'brien",
      'back\\slash',
      '"quoted"',
      'Ünal',
    ];
    for (const id of ids) await put(id);
    await put(null);
    expect(await search('AUTH0|')).toEqual(['auth0|Alice', 'auth0|bob']);
    expect(await search('lice')).toEqual(['auth0|Alice']);
    expect(await search('0%')).toEqual(['100%']);
    expect(await search('%')).toEqual(['100%']);
    expect(await search('_')).toEqual(['a_b']);
    expect(await search("'")).toEqual(["o'brien"]);
    expect(await search('\\')).toEqual(['back\\slash']);
    expect(await search('"q')).toEqual(['"quoted"']);
    expect(await search('nobody')).toEqual([]);
  });

  it('are found by their own id, or its beginning', async () => {
    const id = 'abcdef00-0000-4000-8000-000000000001';
    await put('one', undefined, id);
    await put('other', undefined, 'abcdef01-0000-4000-8000-000000000002');
    for (let nth = 0; nth < 3; nth += 1) await put(null);
    expect(await search(id)).toEqual(['one']);
    expect(await search(id.toUpperCase())).toEqual(['one']);
    expect(await search('abcdef00-')).toEqual(['one']);
    expect(await search('abcdef0')).toEqual(['one', 'other']);
    expect(await search(randomUUID())).toEqual([]);
  });

  it('that match are found page by page, also where a page looks at too few to find one', async () => {
    for (let nth = 0; nth < 12; nth += 1) await put(nth % 5 === 0 ? `found ${nth}` : 'x'.repeat(nth + 1));
    const found: string[] = [];
    let after: Cursor | null = null;
    let pages = 0;
    do {
      const page: Page = await asService(ctx.db(), (tx) => listUsers(tx, 'found', { limit: 2, after }, 2), 'read');
      found.push(...page.items.map((json) => JSON.parse(json).external_user_id));
      after = page.next;
      pages += 1;
    } while (after !== null);
    expect(found.sort()).toEqual(['found 0', 'found 10', 'found 5']);
    expect(pages).toBeGreaterThan(5);
  });

  it('are for the service alone', async () => {
    const { bearer } = await api.user();
    const { status, body } = await api.call('GET', '/v1/users', { bearer });
    expect([status, body['code']]).toEqual([403, 'forbidden']);
    for (const query of ['search=', `search=${'x'.repeat(256)}`, 'cursor=x', 'user_id=1']) {
      expect((await api.service('GET', `/v1/users?${query}`)).status).toBe(400);
    }
    expect((await api.service('GET', '/v1/users?search=%00')).body).toMatchObject({ code: 'not_storable' });
    await createUser(ctx.db());
  });
});
