import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asService } from '../../src/db/roles.js';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';
import { SERVICE_KEY } from './api-client.js';
import { idsOf, listAt } from './list-pages.js';

describeOnPostgres('/v1/ai-content', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let stranger: ApiUser;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    [owner, stranger] = [await api.user(), await api.user()];
  });
  afterAll(() => api.app.close());

  /** `count` rows of a user, or of nobody; gives their ids, the latest first. Columns are SQL, in which n counts from 1. */
  const put = async (user: string | null, count: number, columns: Readonly<Record<string, string>> = {}) => {
    const all = { title: "'title ' || n", metadata: "jsonb_build_object('user_id', $1::text)", ...columns };
    const { rows } = await asService(ctx.db(), (tx) =>
      tx.query<{ id: string }>(
        `INSERT INTO ai_content (${Object.keys(all).join(', ')})
         SELECT ${Object.values(all).join(', ')} FROM generate_series(1, $2::int) n RETURNING id::text AS id`,
        [user, count],
      ),
    );
    return rows.map(({ id }) => id).sort((one, other) => Number(BigInt(other) - BigInt(one)));
  };
  const { list, walk } = listAt(() => api.call, '/v1/ai-content');

  it('gives a user their own, the latest first, in pages that miss none and repeat none', async () => {
    const { id, bearer } = await api.user();
    const given = await put(id, 7);
    await put(stranger.id, 3);
    expect(await walk(bearer, { limit: 3 })).toEqual([given.slice(0, 3), given.slice(3, 6), given.slice(6)]);
    const first = await list(bearer, { limit: 3 });
    // What comes meanwhile stands before the first page.
    await put(id, 2);
    expect(idsOf(await list(bearer, { limit: 3, cursor: first.next_cursor ?? '' }))).toEqual(given.slice(3, 6));
  });

  it('filters by event name and states, and by all together', async () => {
    const { id, bearer } = await api.user();
    const states = "(ARRAY['done', 'failed', 'pending'])[n]";
    const videos = await put(id, 3, { event_name: "'video.generated'", callback_state: states, event_state: "'done'" });
    const others = await put(id, 3, { event_name: "'image.made'", callback_state: states, event_state: "'skipped'" });
    expect(idsOf(await list(bearer, { event_name: 'video.generated' }))).toEqual(videos);
    expect(idsOf(await list(bearer, { callback_state: 'failed' }))).toEqual([others[1], videos[1]]);
    expect(idsOf(await list(bearer, { event_state: 'skipped' }))).toEqual(others);
    const all = { event_name: 'image.made', callback_state: 'done', event_state: 'skipped' };
    expect(idsOf(await list(bearer, all))).toEqual([others[2]]);
    expect(await list(bearer, { ...all, event_state: 'done' })).toEqual({ data: [], next_cursor: null });
  });

  it('goes on where nothing matched for long: pages may be short, and the end is where there is no cursor', async () => {
    const { id, bearer } = await api.user();
    const [wanted] = await put(id, 1, { callback_state: "'refused'" });
    await put(id, 11_000, { callback_state: "'done'" });
    expect(await walk(bearer, { callback_state: 'refused' })).toEqual([[], [], [wanted]]);
    expect(await walk(SERVICE_KEY, { callback_state: 'refused', user_id: id })).toEqual([[], [], [wanted]]);
  });

  it('shows the service everybody’s and nobody’s, or those of the user that it names; a user names none', async () => {
    const { id, bearer } = await api.user();
    const [own] = await put(id, 1);
    const [nobodys] = await put(null, 1);
    expect(idsOf(await list(SERVICE_KEY, { limit: 2 }))).toEqual([nobodys, own]);
    expect(idsOf(await list(SERVICE_KEY, { user_id: id }))).toEqual([own]);
    const unknown = await api.service('GET', `/v1/ai-content?user_id=${randomUUID()}`);
    expect([unknown.status, unknown.body['code']]).toEqual([422, 'unknown_user']);
    const named = await api.call('GET', `/v1/ai-content?user_id=${id}`, { bearer });
    expect([named.status, named.body['code']]).toEqual([403, 'forbidden']);
  });

  it('has everything of one, the payload in the digits that came', async () => {
    const event_id = randomUUID();
    const [id] = await put(owner.id, 1, {
      body: "'text'",
      channel_id: "'channel'",
      event_name: "'video.generated'",
      payload: `'{"n": 12345678901234567890, "cents": 10.00}'::json`,
      callback_url: "'https://api.example/callback'",
      callback_state: "'pending'",
      callback_attempts: '2',
      callback_error: "'http_500'",
      callback_next_at: "'2026-03-01 10:00:00.5+00'",
      callback_expires_at: "'2026-03-01 11:00:00+00'",
      event_state: "'done'",
      event_id: `'${event_id}'`,
      repeats: '3',
      differing_repeats: '1',
    });
    const { body, text } = await api.call('GET', `/v1/ai-content/${id}`, { bearer: owner.bearer });
    const summary = {
      id,
      title: 'title 1',
      category: 'general',
      event_name: 'video.generated',
      channel_id: 'channel',
      user_id: owner.id,
      callback_state: 'pending',
      callback_attempts: 2,
      callback_error: 'http_500',
      event_state: 'done',
      event_id,
      event_error: null,
      repeats: 3,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      updated_at: expect.stringMatching(/Z$/),
    };
    expect((await list(owner.bearer, { limit: 1 })).data).toEqual([summary]);
    expect(body).toEqual({
      ...summary,
      body: 'text',
      metadata: { user_id: owner.id },
      payload: expect.anything(),
      differing_repeats: 1,
      callback_url: 'https://api.example/callback',
      callback_next_at: '2026-03-01T10:00:00.500000Z',
      callback_expires_at: '2026-03-01T11:00:00.000000Z',
    });
    expect(text).toContain('12345678901234567890');
    expect(text).toContain('10.00');
  });

  it('tells a stranger nothing, and nobody of what is not there', async () => {
    const [id] = await put(owner.id, 1);
    const answer = async (one: string | undefined, bearer: string) => {
      const { status, body } = await api.call('GET', `/v1/ai-content/${one}`, { bearer });
      return [status, body['code']];
    };
    expect(await answer(id, stranger.bearer)).toEqual([404, 'content_not_found']);
    for (const none of ['0', '9223372036854775807', '9223372036854775808', '9'.repeat(19)]) {
      expect(await answer(none, SERVICE_KEY)).toEqual([404, 'content_not_found']);
    }
    for (const none of ['x', '-1', '9'.repeat(20)])
      expect(await answer(none, SERVICE_KEY)).toEqual([400, 'invalid_request']);
  });

  it.each([
    ['callback_state=lost', 'invalid_request'],
    ['event_state=refused', 'invalid_request'],
    ['limit=101', 'invalid_request'],
    ['whose=mine', 'invalid_request'],
    ['cursor=x', 'invalid_cursor'],
    [`cursor=${Buffer.from('content 9223372036854775808').toString('base64url')}`, 'invalid_cursor'],
    [`cursor=${Buffer.from('content -1').toString('base64url')}`, 'invalid_cursor'],
  ])('refuses ?%s', async (query, code) => {
    const { status, body } = await api.service('GET', `/v1/ai-content?${query}`);
    expect([status, body['code']]).toEqual([400, code]);
  });

  it('refuses a NUL in a filter', async () => {
    const { status, body } = await api.service('GET', '/v1/ai-content?event_name=%00');
    expect([status, body['code']]).toEqual([422, 'not_storable']);
  });
});
