import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/errors.js';
import { describeOnPostgres } from '../harness/databases.js';
import { type ApiUser, type ContractedApi, serveContract } from '../integration/api-callers.js';
import { SERVICE_KEY } from '../integration/api-client.js';
import { openApiOf } from '../integration/api-contract.js';
import { type Described, type HostileRequest, hostileRequests } from './api-requests.js';

/** Stands in everything of the stranger's, and in no request. */
const MARK = 'the-strangers-own-d41d8cd98f';
const INSIDE =
  /\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\s+\w|node_modules|\.[jt]s:\d|pg_catalog|hookline\.\w+_\w+\(|syntax error/;

describeOnPostgres('any request to any route', (ctx) => {
  let api: ContractedApi;
  let owner: ApiUser;
  let stranger: ApiUser;
  let bearers: readonly (string | undefined)[];
  let document: Described;
  let ids: readonly string[];
  beforeAll(async () => {
    api = await serveContract(ctx.db());
    document = (await openApiOf(api.url)) as unknown as Described;
    [owner, stranger] = [await api.user(), await api.user()];
    const made: string[] = [];
    for (const [user, name] of [
      [owner, 'mine'],
      [stranger, MARK],
    ] as const) {
      const url = `https://${name}.example`;
      const body = { name, url, description: name, event_types: ['video.generated'], metadata: { name } };
      const { body: webhook } = await api.call<{ id: string }>('POST', '/v1/webhooks', { bearer: user.bearer, body });
      const event = { type: 'video.generated', payload: { name }, user_id: user.id };
      const { body: sent } = await api.service<{ deliveries: { id: string }[] }>('POST', '/v1/events', { body: event });
      const key = { name, access: 'read', user_id: user.id };
      const { body: reader } = await api.service<{ id: string; key: string }>('POST', '/v1/api-keys', { body: key });
      made.push(webhook.id, user.id, reader.id, ...sent.deliveries.map(({ id }) => id));
      if (user === owner) bearers = [undefined, owner.bearer, owner.bearer, reader.key, 'hk_wrong', 'a.b.c'];
    }
    ids = made;
  });
  afterAll(() => api.app.close());

  /** All that is the stranger's. */
  const theirs = async (): Promise<unknown> => {
    const rows = await ctx.db().query(
      `SELECT (SELECT json_agg(w ORDER BY w.id)::text FROM public.webhooks w WHERE w.user_id = u.id) AS webhooks,
              (SELECT json_agg(s ORDER BY s.id)::text FROM public.webhook_event_subscriptions s JOIN public.webhooks w ON w.id = s.webhook_id WHERE w.user_id = u.id) AS subscriptions,
              (SELECT json_agg(d ORDER BY d.id)::text FROM public.webhook_deliveries d WHERE d.user_id = u.id) AS deliveries,
              (SELECT json_agg(t ORDER BY t.id)::text FROM hookline.access_tokens t WHERE t.user_id = u.id) AS tokens
       FROM auth.users u WHERE u.id = $1::uuid`,
      [stranger.id],
    );
    return rows.rows;
  };

  async function send({ method, path, headers, body }: HostileRequest, bearer: string | undefined) {
    const response = await fetch(api.url + path, {
      method,
      headers: { ...headers, ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }) },
      ...(body !== undefined && { body }),
    });
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('text/event-stream')) {
      await response.body?.cancel();
      return { status: response.status, type, text: '' };
    }
    return { status: response.status, type, text: await response.text() };
  }

  function expectAnswer({ status, type, text }: Awaited<ReturnType<typeof send>>): void {
    expect(status).toBeLessThan(500);
    if (status >= 400) {
      expect(type).toMatch(/^application\/problem\+json/);
      expect(Object.keys(CATALOGUE)).toContain(JSON.parse(text).code);
      expect(text).not.toMatch(INSIDE);
    }
  }

  it('of a user, a reader or nobody is answered without a 5xx, without a leak, and touches nothing of a stranger', async () => {
    const before = await theirs();
    const request = fc.tuple(hostileRequests(document, ids), fc.constantFrom(...bearers));
    await fc.assert(
      fc.asyncProperty(request, async ([given, bearer]) => {
        const answer = await send(given, bearer);
        expectAnswer(answer);
        expect(answer.text).not.toContain(MARK);
      }),
      { numRuns: 1_000 },
    );
    expect(await theirs()).toEqual(before);
  }, 300_000);

  it('of the service is answered without a 5xx and without a leak', async () => {
    await fc.assert(
      fc.asyncProperty(hostileRequests(document, ids), async (given) => expectAnswer(await send(given, SERVICE_KEY))),
      { numRuns: 1_000 },
    );
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  }, 300_000);
});
