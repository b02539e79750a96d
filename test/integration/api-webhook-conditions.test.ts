import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeHook } from '../conformance/spec-helpers.js';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from './api-callers.js';
import { allPages } from './figures-helpers.js';

interface Webhooks {
  readonly data: readonly { readonly id: string; readonly name: string }[];
  readonly next_cursor: string | null;
}

/** Webhooks by name, and what was done to each. All others are verified and well. */
const STATES: Readonly<Record<string, string>> = {
  well: 'is_verified = true',
  'turned off': 'is_active = false',
  'disabled as gone': "is_active = false, disabled_reason = 'gone'",
  'disabled as failing': "is_active = false, disabled_reason = 'failing', failing_since = now()",
  'breaker open': 'breaker_since = now(), failing_since = now()',
  paused: "paused_until = now() + interval '1 hour'",
  'was paused': "paused_until = now() - interval '1 second'",
  failing: 'failing_since = now()',
  unverified: 'is_verified = false',
};

describeOnPostgres('/v1/webhooks?condition=', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let stranger: ApiUser;
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    owner = await api.user();
    stranger = await api.user();
    for (const user of [owner, stranger]) {
      for (const [name, state] of Object.entries(STATES)) {
        const { id } = await makeHook(ctx.db(), user.id, { name });
        // Of one time, so that pages go by the id.
        const set = `is_verified = true, created_at = '2026-01-01', ${state.startsWith('is_verified') ? 'name = name' : state}`;
        await ctx.db().query(`UPDATE webhooks SET ${set} WHERE id = $1::uuid`, [id]);
        if (state.startsWith('is_verified'))
          await ctx.db().query(`UPDATE webhooks SET ${state} WHERE id = $1::uuid`, [id]);
      }
    }
  });
  afterAll(() => api.app.close());

  it.each([
    ['breaker_open', ['breaker open']],
    ['paused', ['paused']],
    ['disabled', ['disabled as failing', 'disabled as gone']],
    ['unverified', ['unverified']],
    ['failing', ['breaker open', 'disabled as failing', 'failing']],
  ])('%s', async (condition, names) => {
    const own = async (query: string) =>
      (await api.call<Webhooks>('GET', `/v1/webhooks?condition=${condition}&${query}`, { bearer: owner.bearer })).body;
    const ofService = async (query: string) =>
      (await api.service<Webhooks>('GET', `/v1/webhooks?condition=${condition}&${query}`)).body;
    const namesOf = (pages: readonly (readonly { readonly name: string }[])[]) =>
      pages
        .flat()
        .map(({ name }) => name)
        .sort();

    const pages = await allPages(own, 1);
    expect(namesOf(pages)).toEqual(names);
    expect(pages.map(({ length }) => length)).toEqual(names.map(() => 1));
    const ids = pages.flat().map(({ id }) => id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect(namesOf(await allPages(ofService, 2))).toEqual([...names, ...names].sort());
    const named = await allPages((query) => ofService(`${query}&user_id=${owner.id}`), 2);
    expect(named.flat().map(({ id }) => id)).toEqual(ids);
  });

  it('goes together with the other filters', async () => {
    const query = 'condition=failing&is_active=true&event_type=video.generated';
    const { body } = await api.call<Webhooks>('GET', `/v1/webhooks?${query}`, { bearer: owner.bearer });
    expect(body.data.map(({ name }) => name).sort()).toEqual(['breaker open', 'failing']);
  });

  it('is one of those that there are', async () => {
    const { status, body } = await api.call('GET', '/v1/webhooks?condition=ill', { bearer: owner.bearer });
    expect([status, body['code']]).toEqual([400, 'invalid_request']);
  });
});
