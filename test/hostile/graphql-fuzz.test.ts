import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import {
  buildClientSchema,
  type GraphQLObjectType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
} from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from '../integration/api-callers.js';
import { SERVICE_KEY } from '../integration/api-client.js';
import { codesOf, expectAnswer, type GraphqlAnswer, send, stallOf } from './graphql-answers.js';
import { HOSTILE_DOCUMENTS, REFUSED_VALUES } from './graphql-documents.js';
import { everythingOf } from './graphql-operations.js';
import { graphqlRequests } from './graphql-requests.js';

/** Stands in everything of the stranger's, and in no request. */
const MARK = 'the-strangers-own-d41d8cd98f';
const LONGEST_STALL_MS = 200;
const STATE = `SELECT
  (SELECT json_agg(w ORDER BY w.id)::text FROM public.webhooks w WHERE w.user_id = u.id) AS webhooks,
  (SELECT json_agg(s ORDER BY s.id)::text FROM public.webhook_event_subscriptions s JOIN public.webhooks w ON w.id = s.webhook_id WHERE w.user_id = u.id) AS subscriptions,
  (SELECT json_agg(d ORDER BY d.id)::text FROM public.webhook_deliveries d WHERE d.user_id = u.id) AS deliveries,
  (SELECT json_agg(r ORDER BY r.id)::text FROM public.webhook_replays r JOIN public.webhooks w ON w.id = r.webhook_id WHERE w.user_id = u.id) AS replays
  FROM auth.users u WHERE u.id = $1::uuid`;
const SECRETS = `SELECT secret, verification_token FROM public.webhooks WHERE user_id = $1::uuid`;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describeOnPostgres('any request to /graphql', (ctx) => {
  let api: ContractedApi;
  let schema: GraphQLSchema;
  let owner: ApiUser;
  let reader: ApiUser;
  let stranger: ApiUser;
  let readersKey: string;
  /** Whom the fuzz knows nothing of. */
  let other: ApiUser;
  let otherWebhook: string;
  const ids: string[] = [];

  const post = (body: object | string, bearer: string | undefined): Promise<GraphqlAnswer> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return send(
      api.url,
      { method: 'POST', search: '', headers: { 'content-type': 'application/json' }, body: text },
      bearer,
    );
  };
  const stateOf = async (user: ApiUser) => (await ctx.db().query(STATE, [user.id])).rows;
  const secretsOf = async (user: ApiUser): Promise<unknown[]> =>
    (await ctx.db().query<Record<string, unknown>>(SECRETS, [user.id])).rows.flatMap((row) => Object.values(row));

  beforeAll(async () => {
    api = await serveContract(ctx.db());
    const { bodies } = await post({ query: getIntrospectionQuery({ descriptions: false }) }, SERVICE_KEY);
    schema = buildClientSchema(bodies[0]?.data as never);
    [owner, reader, stranger] = [await api.user(), await api.user(), await api.user()];
    for (const [user, name] of [
      [owner, 'mine'],
      [reader, 'read'],
      [stranger, MARK],
    ] as const) {
      const body = {
        name,
        url: `https://${name}.example`,
        description: name,
        event_types: ['video.generated'],
        metadata: { name },
      };
      const { body: webhook } = await api.call<{ id: string }>('POST', '/v1/webhooks', { bearer: user.bearer, body });
      const event = { type: 'video.generated', payload: { name }, user_id: user.id };
      const { body: told } = await api.service<{ deliveries: { id: string }[] }>('POST', '/v1/events', { body: event });
      const deliveries = told.deliveries.map(({ id }) => id);
      await ctx
        .db()
        .query("UPDATE public.webhook_deliveries SET status = 'failed', failed_at = now() WHERE id = $1::uuid", [
          deliveries[0] ?? '',
        ]);
      const request = { since: '2020-01-01T00:00:00Z' };
      const { body: replay } = await api.call<{ id: string }>('POST', `/v1/webhooks/${webhook.id}/replays`, {
        bearer: user.bearer,
        body: request,
      });
      ids.push(webhook.id, user.id, replay.id, ...deliveries);
    }
    other = await api.user();
    const body = { name: 'other', url: 'https://other.example' };
    otherWebhook = (await api.call<{ id: string }>('POST', '/v1/webhooks', { bearer: other.bearer, body })).body.id;
    // Some of them get deleted.
    for (let n = 0; n < 6; n += 1) {
      const more = { name: 'more', url: 'https://more.example' };
      ids.push((await api.call<{ id: string }>('POST', '/v1/webhooks', { bearer: owner.bearer, body: more })).body.id);
    }
    const key = { name: 'reader', access: 'read', user_id: reader.id };
    readersKey = (await api.service<{ key: string }>('POST', '/v1/api-keys', { body: key })).body.key;
  });
  afterAll(() => api.app.close());

  it('of a user, a reader or nobody is answered without a fault or a leak, and touches nothing of a stranger', async () => {
    const before = [await stateOf(stranger), await stateOf(reader)];
    const hidden = [...(await secretsOf(stranger)), ...(await secretsOf(reader)), MARK].filter(
      (text) => typeof text === 'string',
    );
    const answered = new Set<string>();
    const bearers = [owner.bearer, owner.bearer, owner.bearer, readersKey, readersKey, undefined, 'hk_wrong'];
    await fc.assert(
      fc.asyncProperty(graphqlRequests(schema, ids), fc.constantFrom(...bearers), async (request, bearer) => {
        const answer = await send(api.url, request, bearer);
        expectAnswer(answer);
        for (const text of hidden) expect(answer.text).not.toContain(text);
        if (bearer === undefined || bearer === 'hk_wrong') expect(answer.status).toBe(401);
        for (const { data, errors = [] } of answer.bodies) {
          for (const name of [...Object.keys(data ?? {}), ...errors.map(({ path }) => path?.[0])])
            answered.add(String(name));
        }
      }),
      { numRuns: 600 },
    );
    expect([await stateOf(stranger), await stateOf(reader)]).toEqual(before);
    // Or requests would be refused before they get anywhere.
    const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}),
    );
    const reached = roots.filter((name) => answered.has(name));
    expect(reached.length, [...answered].join()).toBeGreaterThan(15);
  }, 300_000);

  it('tells a reader all that is theirs, but no secret', async () => {
    const secrets = (await secretsOf(reader)).filter((text) => typeof text === 'string');
    expect(secrets.length).toBeGreaterThan(0);
    for (const root of ['webhooks', 'deliveries']) {
      const page = schema.getQueryType()?.getFields()[root]?.type;
      const query = `{ ${root}(first: 1) ${everythingOf(getNamedType(page) as GraphQLObjectType)} }`;
      const answer = await post({ query }, readersKey);
      expectAnswer(answer);
      expect(answer.text).toContain(reader.id);
      for (const secret of secrets) expect(answer.text).not.toContain(secret);
    }
  });

  it('of the service is answered without a fault', async () => {
    const request = graphqlRequests(schema, ids);
    await fc.assert(
      fc.asyncProperty(request, async (given) => expectAnswer(await send(api.url, given, SERVICE_KEY))),
      { numRuns: 200 },
    );
  }, 300_000);

  it.each(Object.entries(HOSTILE_DOCUMENTS))(
    'holds nobody up: %s',
    async (_what, { query, variables, code }) => {
      // Each is another document, so that none is known already.
      const bodies = [0, 1, 2].map((time) =>
        JSON.stringify({ query: `${query}#${time}`, variables: { id: otherWebhook, ...variables } }),
      );
      let answer: GraphqlAnswer | undefined;
      const stall = await stallOf(async (time) => {
        answer = await post(bodies[time] ?? '', other.bearer);
      });
      expect([code].flat(), answer?.text.slice(0, 500)).toContain(answer && codesOf(answer)[0]);
      expect(answer?.text.length).toBeLessThan(100_000);
      expect(stall).toBeLessThan(LONGEST_STALL_MS);
    },
    240_000,
  );

  it.each(Object.entries(REFUSED_VALUES))('refuses %s', async (_what, query) => {
    const answer = await post({ query, variables: { id: otherWebhook } }, other.bearer);
    expect(codesOf(answer)).toEqual(['invalid_request']);
  });

  it('keeps no more than some of the documents that were sent', async () => {
    const fill = async (name: string, count: number): Promise<number> => {
      const variables = Array.from({ length: 900 }, (_, n) => `$${name}${n}: Int`).join(' ');
      for (let n = 0; n < count; n += 1)
        await post({ query: `query ${name}${n} (${variables}) { __typename }` }, other.bearer);
      collect();
      return process.memoryUsage().heapUsed;
    };
    const full = await fill('a', 50);
    expect((await fill('b', 40)) - full).toBeLessThan(15e6);
  }, 120_000);
});
