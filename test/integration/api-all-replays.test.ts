import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Param, Queryable } from '../../src/db/database.js';
import { listAllReplays } from '../../src/manage/replays/replays.js';
import { makeHook } from '../conformance/spec-helpers.js';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';
import { allPages } from './figures-helpers.js';

interface Replays {
  readonly data: readonly { readonly id: string; readonly [field: string]: unknown }[];
  readonly next_cursor: string | null;
}

const PUT = `INSERT INTO hookline.replays (id, webhook_id, user_id, state, status_filter, since, until, rate_per_second, cursor_at, created_at)
  VALUES ($1::uuid, $2::uuid, $3::uuid, $4, 'all', '2020-01-01', now(), 9, '2020-01-01', $5::timestamptz)`;

describeOnPostgres('/v1/replays', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let hooks: string[];
  beforeAll(async () => {
    api = await serveContract(ctx.db());
  });
  afterAll(() => api.app.close());
  beforeEach(async () => {
    await ctx.db().query('TRUNCATE hookline.replays', []);
    owner = await api.user();
    hooks = [(await makeHook(ctx.db(), owner.id)).id, (await makeHook(ctx.db(), owner.id)).id];
  });

  const read = async (query = '', bearer = owner.bearer): Promise<Replays> =>
    (await api.call<Replays>('GET', `/v1/replays?${query}`, { bearer })).body;
  const ofService = async (query = ''): Promise<Replays> =>
    (await api.service<Replays>('GET', `/v1/replays?${query}`)).body;
  const ids = ({ data }: Replays) => data.map(({ id }) => id);
  const put = async (state: string, createdAt: string, user = owner.id, webhook = hooks[0] ?? '') => {
    const id = randomUUID();
    await ctx.db().query(PUT, [id, webhook, user, state, createdAt]);
    return id;
  };

  it('are those of all webhooks, newest first, and of a state', async () => {
    const first = await put('completed', '2026-01-01T00:00:00Z');
    const second = await put('cancelled', '2026-01-02T00:00:00Z', owner.id, hooks[1]);
    const third = await put('running', '2026-01-03T00:00:00Z', owner.id, hooks[1]);
    for (const list of [read, ofService]) {
      expect(ids(await list())).toEqual([third, second, first]);
      expect(ids(await list('state=completed'))).toEqual([first]);
      expect(ids(await list('state=expired'))).toEqual([]);
    }
    const { body } = await api.call('GET', `/v1/replays/${second}`, { bearer: owner.bearer });
    expect((await read('state=cancelled')).data).toEqual([body]);
    expect((await api.call('GET', '/v1/replays?state=done', { bearer: owner.bearer })).status).toBe(400);
  });

  it('are of the state that was asked for, also where one leaves it while the list is read', async () => {
    const stranger = await api.user();
    const oldest = await put('running', '2026-01-01T00:00:00Z');
    const leaving = await put('running', '2026-01-02T00:00:00Z', owner.id, hooks[1]);
    const newest = await put(
      'running',
      '2026-01-03T00:00:00Z',
      stranger.id,
      (await makeHook(ctx.db(), stranger.id)).id,
    );
    const tx: Queryable = {
      async query<Row>(text: string, params?: readonly Param[]) {
        const result = await ctx.db().query<Row>(text, params);
        await ctx.db().query("UPDATE hookline.replays SET state = 'cancelled' WHERE id = $1::uuid", [leaving]);
        return result;
      },
    };
    const page = await listAllReplays(tx, null, 'running', { limit: 2, after: null });
    expect(page.items.map((json) => JSON.parse(json))).toMatchObject([{ id: newest, state: 'running' }]);
    expect(page.next?.id).toBe(newest);
    const rest = await listAllReplays(ctx.db(), null, 'running', { limit: 2, after: page.next });
    expect(rest.items.map((json) => JSON.parse(json).id)).toEqual([oldest]);
  });

  it('come page by page, though many are of one time', async () => {
    const made: string[] = [];
    for (let nth = 0; nth < 5; nth += 1)
      made.push(await put('completed', '2026-01-01T00:00:00Z', owner.id, hooks[nth % 2]));
    const newer = await put('expired', '2026-01-01T00:00:00.000001Z');
    const expected = [newer, ...made.sort().reverse()];
    for (const list of [read, ofService, (query: string) => ofService(`${query}&user_id=${owner.id}`)]) {
      const pages = await allPages(list, 2);
      expect(pages.map((page) => page.map(({ id }) => id))).toEqual([0, 2, 4].map((at) => expected.slice(at, at + 2)));
      const completed = await allPages((query) => list(`${query}&state=completed`), 4);
      expect(completed.flat().map(({ id }) => id)).toEqual(expected.slice(1));
    }
  });

  it('are the caller’s own; the service sees all, or those of the user that it names', async () => {
    const stranger = await api.user();
    const theirHook = (await makeHook(ctx.db(), stranger.id)).id;
    const own = await put('running', '2026-01-01T00:00:00Z');
    const theirs = await put('running', '2026-01-02T00:00:00Z', stranger.id, theirHook);
    expect(ids(await read())).toEqual([own]);
    expect(ids(await read('', stranger.bearer))).toEqual([theirs]);
    expect(ids(await read('', (await api.user()).bearer))).toEqual([]);
    expect(ids(await ofService())).toEqual([theirs, own]);
    expect(ids(await ofService(`user_id=${stranger.id}`))).toEqual([theirs]);
    expect(ids(await ofService(`user_id=${owner.id}&state=running`))).toEqual([own]);
  });

  it('go with their webhook', async () => {
    await put('completed', '2026-01-01T00:00:00Z');
    const kept = await put('completed', '2026-01-01T00:00:00Z', owner.id, hooks[1]);
    await api.call('DELETE', `/v1/webhooks/${hooks[0]}`, { bearer: owner.bearer });
    expect(ids(await read())).toEqual([kept]);
    expect(ids(await ofService())).toEqual([kept]);
  });
});
