import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';
import { allPages } from './figures-helpers.js';

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly [field: string]: unknown;
}
interface Entries {
  readonly data: readonly Entry[];
  readonly next_cursor: string | null;
}

describeOnPostgres('/v1/audit', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    owner = await api.user();
  });
  afterAll(() => api.app.close());

  const read = async (query = '', bearer = owner.bearer): Promise<readonly Entry[]> =>
    (await api.call<Entries>('GET', `/v1/audit?limit=100&${query}`, { bearer })).body.data;
  const ofService = async (query = ''): Promise<readonly Entry[]> =>
    (await api.service<Entries>('GET', `/v1/audit?limit=100&${query}`)).body.data;
  const actions = (entries: readonly Entry[]) => entries.map(({ action }) => action);

  it('tells who changed what, and from where, by whichever credential', async () => {
    const requestId = randomUUID();
    const headers = { 'x-request-id': requestId, 'user-agent': 'their browser' };
    const { body: hook } = await api.call<{ id: string }>('POST', '/v1/webhooks', {
      ...{ bearer: owner.bearer, headers },
      body: { name: 'n', url: 'https://example.com/hook', event_types: ['video.generated'] },
    });
    const [subscribed, created] = await read(`thing=${hook.id}`);
    const from = { request_id: requestId, ip: '127.0.0.1', user_agent: 'their browser' };
    expect(created).toMatchObject({
      ...from,
      action: 'webhook.created',
      actor_kind: 'user',
      actor_id: owner.id,
      thing_name: 'n',
      login: null,
    });
    expect(subscribed).toMatchObject({
      ...from,
      action: 'subscription.created',
      thing_kind: 'subscription',
      thing_name: 'video.generated',
    });

    const { body: key } = await api.call<{ id: string; api_key: string }>('POST', '/v1/api-keys', {
      ...{ bearer: owner.bearer, body: { name: 'ci', access: 'write' } },
    });
    const patch = (bearer: string, name: string) =>
      api.call('PATCH', `/v1/webhooks/${hook.id}`, { bearer, body: { name }, headers: { 'user-agent': 'a script' } });
    const secret = Object.values(key).find((value) => /^hk_[\w-]{43}$/.test(String(value))) ?? '';
    await patch(secret, 'by key');
    await api.service('PATCH', `/v1/webhooks/${hook.id}`, {
      body: { is_active: false },
      headers: { 'user-agent': 'the console' },
    });
    const [byService, byKey] = await read(`thing=${hook.id}`);
    expect(byKey).toMatchObject({
      ...{
        action: 'webhook.updated',
        actor_kind: 'api_key',
        actor_id: key.id,
        user_agent: 'a script',
        ip: '127.0.0.1',
      },
      changes: [{ column: 'name', old: 'n', new: 'by key' }],
    });
    // The operator's address is not the user's to know.
    expect(byService).toMatchObject({
      action: 'webhook.deactivated',
      actor_kind: 'service',
      ip: null,
      user_agent: null,
    });
    expect((await ofService(`thing=${hook.id}`))[0]).toMatchObject({
      user_agent: 'the console',
      ip: '127.0.0.1',
      login: expect.any(String),
    });
    expect(JSON.stringify(await ofService())).not.toContain(secret);
  });

  it('is narrowed by action, actor, thing and time, each and together', async () => {
    const someone = await api.user();
    const make = async (name: string) =>
      (
        await api.call<{ id: string }>('POST', '/v1/webhooks', {
          bearer: someone.bearer,
          body: { name, url: 'https://example.com' },
        })
      ).body.id;
    const first = await make('first');
    const second = await make('second');
    await api.service('DELETE', `/v1/webhooks/${first}`);
    const all = await read('', someone.bearer);
    expect(actions(all)).toEqual(['webhook.deleted', 'webhook.created', 'webhook.created']);
    for (const list of [
      (q: string) => read(q, someone.bearer),
      (q: string) => ofService(`${q}&user_id=${someone.id}`),
    ]) {
      const idsOf = async (query: string) => (await list(query)).map(({ id }) => id);
      const ids = all.map(({ id }) => id);
      expect(await idsOf('action=webhook.created')).toEqual(ids.slice(1));
      expect(await idsOf(`thing=${second}`)).toEqual([ids[1]]);
      expect(await idsOf(`actor=${someone.id}`)).toEqual(ids.slice(1));
      expect(await idsOf(`since=${all[1]?.at}`)).toEqual(ids.slice(0, 2));
      expect(await idsOf(`until=${all[1]?.at}&action=webhook.created`)).toEqual(ids.slice(1));
      expect(await idsOf(`thing=${first}&actor=${someone.id}`)).toEqual([ids[2]]);
      expect(await idsOf('action=webhook.moved')).toEqual([]);
    }
    const paged = await allPages(
      async (query) => (await api.call<Entries>('GET', `/v1/audit?${query}`, { bearer: someone.bearer })).body,
      1,
    );
    expect(paged.flat()).toEqual(all);
    const byService = await allPages(
      async (query) => (await api.service<Entries>('GET', `/v1/audit?user_id=${someone.id}&${query}`)).body,
      2,
    );
    expect(byService.flat().map(({ id }) => id)).toEqual(all.map(({ id }) => id));
  });

  it('shows nobody anything of another, and the service all', async () => {
    const stranger = await api.user();
    expect(await read('', stranger.bearer)).toEqual([]);
    await api.service('POST', '/v1/event-types', { body: { event_type: `t.${randomUUID()}`, category: 'test' } });
    const everything = await ofService();
    expect(everything[0]).toMatchObject({ action: 'event_type.created', user_id: null, actor_kind: 'service' });
    expect((await ofService(`user_id=${owner.id}`)).every(({ user_id }) => user_id === owner.id)).toBe(true);
    const statuses = [
      await api.call('GET', `/v1/audit?user_id=${owner.id}`, { bearer: stranger.bearer }),
      await api.call('GET', '/v1/audit?cursor=no', { bearer: stranger.bearer }),
      await api.call('GET', '/v1/audit?since=yesterday', { bearer: stranger.bearer }),
      await api.call('GET', '/v1/audit?action=webhok.updated', { bearer: stranger.bearer }),
      await api.call('GET', '/v1/audit?thing=%00', { bearer: stranger.bearer }),
      await api.service('GET', `/v1/audit?user_id=${randomUUID()}`),
      await api.call('GET', '/v1/audit'),
    ].map(({ status }) => status);
    expect(statuses).toEqual([403, 400, 400, 400, 422, 422, 401]);
  });
});
