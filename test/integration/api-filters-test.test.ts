import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';

interface Condition {
  readonly path: string;
  readonly operator: string;
  readonly [field: string]: unknown;
}

interface Results {
  readonly results: readonly { readonly matches: boolean; readonly conditions: readonly Condition[] }[];
}

describeOnPostgres('POST /v1/filters/test', (ctx) => {
  let api: ContractedApi;
  let user: ApiUser;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    user = await api.user();
  });
  afterAll(() => api.app.close());

  const test = async (filters: unknown, ...payloads: unknown[]) => {
    const body = { filters, payloads };
    const answer = await api.call<Results>('POST', '/v1/filters/test', { bearer: user.bearer, body });
    expect(answer.status, answer.text).toBe(200);
    return answer.body.results;
  };
  const refused = async (body: unknown) => {
    const answer = await api.call('POST', '/v1/filters/test', { bearer: user.bearer, body });
    return [answer.status, answer.body['code']];
  };

  it('says of each payload whether it goes through, and of each condition what was expected and found', async () => {
    const filters = { status: 'completed', duration: { $gte: 10 } };
    const [one, two, three] = await test(
      filters,
      { status: 'completed', duration: 12 },
      { status: 'pending', duration: 12 },
      { duration: null },
    );
    const status = { path: '/status', operator: '$eq', expected: 'completed' };
    const duration = { path: '/duration', operator: '$gte', expected: 10 };
    expect(one).toEqual({
      matches: true,
      conditions: [
        { ...status, found: 'completed', is_present: true, holds: true },
        { ...duration, found: 12, is_present: true, holds: true },
      ],
    });
    expect(two).toEqual({
      matches: false,
      conditions: [
        { ...status, found: 'pending', is_present: true, holds: false },
        { ...duration, found: 12, is_present: true, holds: true },
      ],
    });
    expect(three).toEqual({
      matches: false,
      conditions: [
        { ...status, is_present: false, holds: false },
        { ...duration, found: null, is_present: true, holds: false },
      ],
    });
  });

  it('shows $or, $and and $not as groups, at their place', async () => {
    const filters = { $or: [{ a: 1 }, { b: 2, c: { $exists: true } }], meta: { $not: { 'x/y~z': { $in: [1, 2] } } } };
    const [result] = await test(filters, { a: 0, b: 2, meta: { 'x/y~z': 2 } });
    expect(result).toEqual({
      matches: false,
      conditions: [
        {
          path: '',
          operator: '$or',
          is_present: true,
          holds: false,
          conditions: [
            { path: '/a', operator: '$eq', expected: 1, found: 0, is_present: true, holds: false },
            {
              path: '',
              operator: '$and',
              is_present: true,
              holds: false,
              conditions: [
                { path: '/b', operator: '$eq', expected: 2, found: 2, is_present: true, holds: true },
                { path: '/c', operator: '$exists', expected: true, is_present: false, holds: false },
              ],
            },
          ],
        },
        {
          path: '/meta',
          operator: '$not',
          is_present: true,
          holds: false,
          conditions: [
            { path: '/meta/x~1y~0z', operator: '$in', expected: [1, 2], found: 2, is_present: true, holds: true },
          ],
        },
      ],
    });
  });

  it('shows of an array the element that fulfils all of it, or else that which fulfils most', async () => {
    const filters = { items: { kind: 'video', size: { $gt: 5 } } };
    const [none, some, empty] = await test(
      filters,
      { items: [{ kind: 'image', size: 1 }, 7, { kind: 'video', size: 2 }] },
      { items: [{ kind: 'video', size: 2 }, [{ kind: 'video', size: 6 }]] },
      { items: [] },
    );
    expect(none?.conditions).toMatchObject([
      {
        path: '/items',
        operator: '$element',
        holds: false,
        conditions: [
          { path: '/items/2/kind', found: 'video', holds: true },
          { path: '/items/2/size', found: 2, holds: false },
        ],
      },
    ]);
    expect(some).toMatchObject({
      matches: true,
      conditions: [{ operator: '$element', conditions: [{ path: '/items/1/0/kind' }, { path: '/items/1/0/size' }] }],
    });
    expect(empty).toMatchObject({ matches: false, conditions: [{ operator: '$element', conditions: [] }] });
    const [tags] = await test({ tags: 'b' }, { tags: ['a', 'b'] });
    expect(tags?.conditions).toEqual([
      { path: '/tags', operator: 'contains', expected: 'b', found: ['a', 'b'], is_present: true, holds: true },
    ]);
  });

  it('keeps numbers in their own digits, leaves out what is large, and lets all through an empty filter', async () => {
    const body = '{"filters":{"n":{"$eq":12345678901234567890}},"payloads":[{"n":12345678901234567891}]}';
    const { text } = await api.call('POST', '/v1/filters/test', { bearer: user.bearer, body });
    expect(text).toMatch(/"found": ?12345678901234567891\b/);
    const [large] = await test({ text: { $startsWith: 'x' } }, { text: 'x'.repeat(5_000) });
    expect(large?.conditions).toEqual([
      { path: '/text', operator: '$startsWith', expected: 'x', is_present: true, holds: true },
    ]);
    expect(await test({}, { a: 1 }, {})).toEqual([
      { matches: true, conditions: [] },
      { matches: true, conditions: [] },
    ]);
  });

  it('says where it took too many steps to tell, and lets that through as an event would go', async () => {
    const payload = { a: Array.from({ length: 20_000 }, () => 1) };
    const [result] = await test({ a: { $gt: 1 }, b: 1 }, payload);
    expect(result).toMatchObject({
      matches: true,
      conditions: [
        { path: '/a', holds: null },
        { path: '/b', holds: null },
      ],
    });
  });

  it('refuses payloads that take too many steps together, or too much to tell, but none alone', async () => {
    const costly = { a: Array.from({ length: 20_000 }, () => 1) };
    const filters = { a: { $gt: 1 } };
    expect(await test(filters, costly, costly)).toHaveLength(2);
    expect(await test(filters, ...Array(19).fill({ a: [1] }), costly)).toHaveLength(20);
    expect(await refused({ filters, payloads: [costly, costly, {}] })).toEqual([422, 'invalid_parameter']);
    const many = Object.fromEntries(Array.from({ length: 190 }, (_, nth) => [`k${nth}`, nth]));
    const wordy = { ['k'.repeat(4_000)]: many };
    expect(await test(wordy, {})).toHaveLength(1);
    expect(await refused({ filters: wordy, payloads: Array(20).fill({}) })).toEqual([422, 'invalid_parameter']);
  });

  it('refuses what could not be written as a filter, with the words of that, and payloads that no event has', async () => {
    const filters = { status: { $where: 1 } };
    const { status, body } = await api.call('POST', '/v1/filters/test', {
      bearer: user.bearer,
      body: { filters, payloads: [{}] },
    });
    const webhook = await api.call<{ id: string }>('POST', '/v1/webhooks', {
      bearer: user.bearer,
      body: { name: 'n', url: 'https://a.example', event_types: ['video.generated'] },
    });
    const written = await api.call('PUT', `/v1/webhooks/${webhook.body.id}/subscriptions/video.generated`, {
      bearer: user.bearer,
      body: { filters },
    });
    const words = ({ code, detail, hint }: Record<string, unknown>) => ({ code, detail, hint });
    expect([status, words(body)]).toEqual([422, words(written.body)]);
    expect(body['code']).toBe('invalid_filter');
    expect(await refused({ filters: {}, payloads: [{ a: 'x'.repeat(270_000) }] })).toEqual([413, 'payload_too_large']);
    expect(await refused({ filters: {}, payloads: [{ a: '\0' }] })).toEqual([422, 'not_storable']);
    for (const payloads of [undefined, [], Array(21).fill({}), [1], {}]) {
      expect(await refused({ filters: {}, payloads })).toEqual([400, 'invalid_request']);
    }
    expect(await refused({ filters: [], payloads: [{}] })).toEqual([400, 'invalid_request']);
  });

  it('takes credentials that may only read', async () => {
    const key = await api.service<{ key: string }>('POST', '/v1/api-keys', {
      body: { name: 'k', access: 'read', user_id: user.id },
    });
    const body = { filters: { a: 1 }, payloads: [{ a: 1 }] };
    const { status } = await api.call('POST', '/v1/filters/test', { bearer: key.body.key, body });
    expect(status).toBe(200);
  });
});
