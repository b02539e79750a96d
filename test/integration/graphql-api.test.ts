import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { createWebhook, trigger } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { SERVICE_KEY, serveApi } from './api-client.js';
import { inSeconds, JWT_SECRET, sign, userClaims } from './api-tokens.js';
import { olderTransactionsEnded, setStatus } from './live-helpers.js';

const URL_OF_NOBODY = 'http://127.0.0.1:9/never-called';

interface GraphqlAnswer {
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; path?: unknown[]; extensions: Record<string, unknown> }[];
}

/** What these tests look at in the answers. */
interface Thing {
  readonly id: string;
  readonly secret: string;
  readonly webhook: { readonly id: string };
  readonly data: readonly { readonly id: string; readonly user_id: string }[];
  readonly next_cursor: string | null;
}
type Root =
  | 'create_webhook'
  | 'rotate_webhook_secret'
  | 'send_test_event'
  | 'webhook'
  | 'webhooks'
  | 'deliveries'
  | 'retry_delivery'
  | 'create_replay'
  | 'cancel_replay'
  | '__schema';

describeOnPostgres('/graphql', (ctx) => {
  let served: Awaited<ReturnType<typeof serveApi>>;
  let owner: string;
  let bearer: string;
  let stranger: string;
  beforeAll(async () => {
    served = await serveApi(ctx.db(), { jwtSecret: JWT_SECRET, streams: { checkMs: 200, slowMs: 5_000 } });
    owner = await createUser(ctx.db());
    bearer = await sign(userClaims(owner));
    stranger = await sign(userClaims(await createUser(ctx.db())));
  });
  afterAll(() => served.app.close());

  async function ask(query: string, variables: object = {}, token = bearer): Promise<GraphqlAnswer> {
    const response = await fetch(`${served.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return { status: response.status, ...JSON.parse(await response.text()) };
  }
  async function data(query: string, variables: object = {}, token = bearer) {
    const { data: given, errors } = await ask(query, variables, token);
    expect(errors ?? []).toEqual([]);
    return given as unknown as Record<Root, Thing>;
  }
  const codes = ({ errors }: GraphqlAnswer) => errors?.map(({ extensions }) => extensions['code']);
  const CREATE = `mutation ($input: WebhookInput!) {
    create_webhook(input: $input, event_types: ["video.generated"]) { secret webhook { id name metadata subscriptions { data { event_type } } } } }`;
  const newWebhook = async (): Promise<string> =>
    (await data(CREATE, { input: { name: 'hook', url: URL_OF_NOBODY } }))['create_webhook']['webhook']['id'];

  it('manages webhooks and subscriptions', async () => {
    const created = await data(CREATE, {
      input: { name: 'mine', url: URL_OF_NOBODY, metadata: { a: [1] }, max_retries: 2 },
    });
    expect(created['create_webhook']).toMatchObject({
      secret: expect.stringMatching(/^[0-9a-f]{64}$/),
      webhook: { name: 'mine', metadata: { a: [1] }, subscriptions: { data: [{ event_type: 'video.generated' }] } },
    });
    const { id } = created['create_webhook']['webhook'];
    const changed = await data(
      `mutation ($id: UUID!) {
        update_webhook(id: $id, input: { name: "renamed", description: null, sign_asymmetric: true }) { name description max_retries sign_asymmetric }
        put_subscription(webhook_id: $id, event_type: "video.failed", filters: { reason: "x" }) { event_type is_active filters }
        delete_subscription(webhook_id: $id, event_type: "video.generated")
        rotate_webhook_secret(id: $id, overlap_seconds: 60) { secret overlap_ends_at }
        end_webhook_secret_overlap(id: $id)
        verify_webhook(id: $id)
        send_test_event(id: $id)
      }`,
      { id },
    );
    expect(changed).toMatchObject({
      update_webhook: { name: 'renamed', description: null, max_retries: 2, sign_asymmetric: true },
      put_subscription: { event_type: 'video.failed', is_active: true, filters: { reason: 'x' } },
      delete_subscription: true,
      verify_webhook: true,
    });
    expect(changed['rotate_webhook_secret']['secret']).not.toBe(created['create_webhook']['secret']);
    const read = await data(
      `query ($id: UUID!) { webhook(id: $id) { deliveries { data { id request_payload attempts { attempt_number } } } statistics { total_deliveries } } }`,
      { id },
    );
    expect(read['webhook']).toMatchObject({
      deliveries: { data: [{ id: changed['send_test_event'], request_payload: null, attempts: [] }] },
      statistics: { total_deliveries: 0 },
    });
    expect(await data(`mutation ($id: UUID!) { delete_webhook(id: $id) }`, { id })).toEqual({ delete_webhook: true });
    expect(codes(await ask('query ($id: UUID!) { webhook(id: $id) { id } }', { id }))).toEqual(['webhook_not_found']);
  });

  it('lists by pages, retries and replays', async () => {
    const hook = await createWebhook(ctx.db(), URL_OF_NOBODY);
    const token = await sign(userClaims(hook.userId));
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(...(await trigger(ctx.db(), hook.userId, { n })));
    for (const id of ids) await setStatus(ctx.db(), id, 'failed');
    const LIST = `query ($after: String) { deliveries(status: failed, first: 2, after: $after) { data { id status } next_cursor } }`;
    const first = (await data(LIST, {}, token))['deliveries'];
    const second = (await data(LIST, { after: first['next_cursor'] }, token))['deliveries'];
    const listed = [...first['data'], ...second['data']];
    expect(listed.map(({ id }) => id)).toEqual([...ids].reverse());
    expect(second['next_cursor']).toBeNull();
    const retried = await data(
      'mutation ($id: UUID!) { retry_delivery(id: $id) { status request_payload } }',
      { id: ids[0] },
      token,
    );
    expect(retried['retry_delivery']).toEqual({ status: 'retrying', request_payload: { n: 0 } });
    const input = { webhook_id: hook.id, since: '2020-01-01T00:00:00Z' };
    const counted = await data('query ($input: ReplayInput!) { replay_count(input: $input) }', { input }, token);
    expect(counted).toEqual({ replay_count: '2' });
    const begun = await data(
      'mutation ($input: ReplayInput!) { create_replay(input: $input) { id state total } }',
      { input },
      token,
    );
    expect(begun['create_replay']).toMatchObject({ state: 'running', total: 2 });
    const { id } = begun['create_replay'];
    const cancelled = await data('mutation ($id: UUID!) { cancel_replay(id: $id) { state } }', { id }, token);
    expect(cancelled['cancel_replay']).toEqual({ state: 'cancelled' });
  });

  it('keeps users apart; the service names whom it acts for', async () => {
    const id = await newWebhook();
    for (const query of [
      'query ($id: UUID!) { webhook(id: $id) { name } }',
      'mutation ($id: UUID!) { update_webhook(id: $id, input: { name: "theirs" }) { name } }',
      'mutation ($id: UUID!) { delete_webhook(id: $id) }',
      'mutation ($id: UUID!) { rotate_webhook_secret(id: $id) { secret } }',
      'mutation ($id: UUID!) { send_test_event(id: $id) }',
      'mutation ($id: UUID!) { put_subscription(webhook_id: $id, event_type: "video.failed") { id } }',
    ]) {
      const [theirs, nobodys] = [await ask(query, { id }, stranger), await ask(query, { id: randomUUID() }, stranger)];
      expect(codes(theirs)).toEqual(['webhook_not_found']);
      expect(theirs).toEqual(nobodys);
    }
    expect(await data('{ webhooks { data { id } } }', {}, stranger)).toEqual({ webhooks: { data: [] } });
    const named = await data(
      'query ($u: UUID!) { webhooks(user_id: $u) { data { user_id } } }',
      { u: owner },
      SERVICE_KEY,
    );
    expect(new Set(named['webhooks']['data'].map(({ user_id }) => user_id))).toEqual(new Set([owner]));
    expect(codes(await ask('query ($u: UUID!) { webhooks(user_id: $u) { data { id } } }', { u: owner }))).toEqual([
      'forbidden',
    ]);
    expect(codes(await ask(CREATE, { input: { name: 'x', url: URL_OF_NOBODY } }, SERVICE_KEY))).toEqual([
      'invalid_request',
    ]);
  });

  it('lets a credential that may only read read, and nothing else', async () => {
    const made = await fetch(`${served.url}/v1/api-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'reader', access: 'read' }),
    });
    const { key }: { key: string } = JSON.parse(await made.text());
    const id = await newWebhook();
    expect(await data('query ($id: UUID!) { webhook(id: $id) { id } }', { id }, key)).toEqual({ webhook: { id } });
    for (const field of ['delete_webhook', 'verify_webhook', 'end_webhook_secret_overlap', 'send_test_event']) {
      const answer = await ask(`mutation ($id: UUID!) { ${field}(id: $id) }`, { id }, key);
      expect(codes(answer)).toEqual(['read_only_credential']);
    }
    expect(codes(await ask(CREATE, { input: { name: 'x', url: URL_OF_NOBODY } }, key))).toEqual([
      'read_only_credential',
    ]);
  });

  it('follows deliveries over SSE, goes on after a position, and ends with its token', async () => {
    const hook = await createWebhook(ctx.db(), URL_OF_NOBODY);
    const follow = (token: string, after?: string) => {
      const got: { position: string; kind: string; delivery: { id: string; status: string } }[] = [];
      const client = createClient({
        url: `${served.url}/graphql`,
        headers: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
      });
      const ended = new Promise<unknown>((resolve) => {
        client.subscribe<{ delivery_changed: (typeof got)[number] }>(
          {
            query:
              'subscription ($after: String) { delivery_changed(after: $after) { position kind changed_at delivery { id status } } }',
            variables: { after },
          },
          {
            next: ({ data: told, errors }) => (told ? got.push(told.delivery_changed) : resolve(errors)),
            error: resolve,
            complete: () => resolve(undefined),
          },
        );
      });
      return { got, client, ended };
    };
    const token = await sign(userClaims(hook.userId));
    await olderTransactionsEnded(ctx.db(), hook.userId);
    const stream = follow(token);
    await waitUntil(
      async () => {
        if (stream.got.length === 0) await trigger(ctx.db(), hook.userId);
        return stream.got.length > 0;
      },
      { message: 'the subscription to begin', intervalMs: 200 },
    );
    const [id = ''] = await trigger(ctx.db(), hook.userId);
    await setStatus(ctx.db(), id, 'success');
    const isOf = ({ delivery }: { delivery: { id: string } }) => delivery.id === id;
    await waitUntil(() => stream.got.filter(isOf).length === 2, { message: () => JSON.stringify(stream.got) });
    expect(stream.got.filter(isOf).map(({ kind, delivery }) => [kind, delivery.status])).toEqual([
      ['created', 'pending'],
      ['succeeded', 'success'],
    ]);
    stream.client.dispose();
    const [missed] = await trigger(ctx.db(), hook.userId);
    const again = follow(await sign(userClaims(hook.userId, { exp: inSeconds(8) })), stream.got.at(-1)?.position);
    await waitUntil(() => again.got.length > 0, { message: 'what was missed' });
    expect(again.got.map(({ delivery }) => delivery.id)).toEqual([missed]);
    expect(JSON.stringify(await again.ended)).toContain('token_expired');
    again.client.dispose();
  });

  it.each([
    ['nonsense', '{', 'invalid_request'],
    ['an unknown field', '{ secrets }', 'invalid_request'],
    ['the secret of a webhook', '{ webhooks { data { secret } } }', 'invalid_request'],
    ['an id that is none', '{ webhook(id: "1") { id } }', 'invalid_request'],
    ['a time that is none', '{ deliveries(since: "yesterday") { next_cursor } }', 'invalid_request'],
    ['a cursor that is none', '{ webhooks(after: "x") { next_cursor } }', 'invalid_cursor'],
    ['a page too long', '{ webhooks(first: 101) { next_cursor } }', 'invalid_request'],
    [
      'an URL that is none',
      'mutation { create_webhook(input: { name: "x", url: "ftp://x" }) { secret } }',
      'invalid_url',
    ],
    [
      'a value out of range',
      `mutation { create_webhook(input: { name: "x", url: "${URL_OF_NOBODY}", max_retries: 99 }) { secret } }`,
      'invalid_parameter',
    ],
    [
      'too many rows',
      '{ webhooks(first: 100) { data { deliveries(first: 100) { data { id } } } } }',
      'query_too_large',
    ],
    [
      'too many fields',
      `{ ${Array.from({ length: 600 }, (_, n) => `a${n}: webhooks { next_cursor }`).join(' ')} }`,
      'query_too_large',
    ],
    ['too many tokens', `{ ${'__typename '.repeat(5_000)} }`, 'invalid_request'],
    [
      'fragments within fragments',
      `{ ...f0 } ${Array.from({ length: 20 }, (_, n) => `fragment f${n} on Query { ...f${n + 1} x${n}: __typename ...f${n + 1} }`).join(' ')} fragment f20 on Query { __typename }`,
      'query_too_large',
    ],
    ['a circle of fragments', '{ ...a } fragment a on Query { ...a }', 'invalid_request'],
  ])('refuses %s', async (_what, query, code) => {
    expect(codes(await ask(query))?.[0]).toBe(code);
  });

  it.each([
    [
      'webhooks with what hangs on them',
      '{ webhooks { data { id event_types: subscriptions { data { event_type } } deliveries { data { event_type status webhook_id } } } } }',
    ],
    [
      'a hundred deliveries with their attempts',
      '{ deliveries(first: 100) { data { event_type attempts { attempt_number } } } }',
    ],
    [
      'the same in fragments',
      '{ ...q } fragment q on Query { webhooks { data { ...w } } } fragment w on Webhook { deliveries { data { ...d } } } fragment d on Delivery { event_type }',
    ],
  ])('answers %s', async (_what, query) => {
    expect(codes(await ask(query))).toBeUndefined();
  });

  it('refuses to read more than it can answer at once', async () => {
    const input = { name: 'large', url: URL_OF_NOBODY, metadata: { text: 'x'.repeat(60_000) } };
    const made = await data('mutation ($input: WebhookInput!) { create_webhook(input: $input) { webhook { id } } }', {
      input,
    });
    const times = (count: number) =>
      `query ($id: UUID!) { ${Array.from({ length: count }, (_, n) => `a${n}: webhook(id: $id) { metadata }`).join(' ')} }`;
    const variables = { id: made.create_webhook.webhook.id };
    expect(codes(await ask(times(100), variables))).toBeUndefined();
    const tooMuch = await ask(times(150), variables);
    expect(new Set(codes(tooMuch))).toEqual(new Set(['query_too_large']));
    expect(JSON.stringify(tooMuch).length).toBeLessThan(8_100_000);
  });

  it('shows its schema, and nothing to who shows no credentials', async () => {
    const { __schema: schema } = await data('{ __schema { queryType { name } subscriptionType { name } } }');
    expect(schema).toEqual({ queryType: { name: 'Query' }, subscriptionType: { name: 'Subscription' } });
    const refused = await fetch(`${served.url}/graphql?query={__typename}`);
    expect(refused.status).toBe(401);
    expect(JSON.parse(await refused.text())).toMatchObject({ code: 'unauthorized' });
    const mutationByGet = await fetch(
      `${served.url}/graphql?query=${encodeURIComponent(`mutation { delete_webhook(id: "${randomUUID()}") }`)}`,
      {
        headers: { authorization: `Bearer ${bearer}` },
      },
    );
    expect(mutationByGet.status).toBe(405);
  });
});
