import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from 'graphql-sse';
import { createPubSub, createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { afterEach, beforeAll, expect, it } from 'vitest';
import type { Database, Param, Queryable } from '../../src/db/database.js';
import { useHookline } from '../../src/graphql/index.js';
import { createHookline, type PostgresClient } from '../../src/in-process/index.js';
import { describeOnPostgres } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';

interface Video {
  readonly id: string;
  readonly owner: string;
}

interface Context {
  readonly client?: PostgresClient;
}

interface App {
  readonly createVideo: { readonly result: Video; readonly args: { readonly id: string } };
  readonly dropVideo: { readonly result: boolean; readonly args: { readonly id: string } };
}

type Events = { 'video.generated': { video_id: string }; 'video.failed': { video_id: string } };

const typeDefs = `
  type Video { id: ID! broken: String! }
  type Query { ok: Boolean! }
  type Mutation { createVideo(id: ID!): Video dropVideo(id: ID!): Boolean }
  type Subscription { ready: Video! }
`;

function clientOf(tx: Queryable): PostgresClient {
  return { query: (text, values) => tx.query(text, values as Param[]) };
}

/** An application's own plugin: a transaction around each mutation, which is rolled back when anything fails. */
function transactionAroundMutations(db: Database): Plugin {
  return {
    async onExecute({ args, executeFn, setExecuteFn }) {
      if (args.contextValue.params?.extensions?.['inTransaction'] !== true) return;
      setExecuteFn(async (given) => {
        let result: { errors?: readonly unknown[] } = {};
        await db
          .transaction(async (tx) => {
            Object.assign(given.contextValue, { client: clientOf(tx) });
            result = await executeFn(given);
            if (result.errors !== undefined) throw new Error('rolled back');
          })
          .catch((error: Error) => {
            if (error.message !== 'rolled back') throw error;
          });
        return result;
      });
    },
  };
}

describeOnPostgres('hookline/graphql', (ctx) => {
  let owner: string;
  let servers: Server[] = [];
  const failures: unknown[] = [];
  beforeAll(async () => {
    ({ userId: owner } = await createWebhook(ctx.db(), 'https://example.com/hook'));
  });
  afterEach(async () => {
    for (const server of servers) server.closeAllConnections();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    servers = [];
    failures.length = 0;
  });

  async function serve() {
    const pubSub = createPubSub<{ ready: [Video] }>();
    const recipient = (video: Video) => ({ userId: video.owner });
    const yoga = createYoga({
      logging: false,
      maskedErrors: false,
      schema: createSchema({
        typeDefs,
        resolvers: {
          Video: {
            broken: () => {
              throw new Error('broken');
            },
          },
          Mutation: {
            createVideo: (_: unknown, { id }: { id: string }): Video | Error => {
              if (id === 'refused') return new Error('refused');
              return { id, owner: id === 'stray' ? '00000000-0000-4000-8000-000000000000' : owner };
            },
            dropVideo: () => true,
          },
          Subscription: { ready: { subscribe: () => pubSub.subscribe('ready'), resolve: (video: Video) => video } },
        },
      }),
      plugins: [
        transactionAroundMutations(ctx.db()),
        useHookline<Events, Context, App, { ready: { result: Video; args: object } }>({
          hookline: createHookline<Events>({ pool: clientOf(ctx.db()) }),
          transaction: ({ client }) => client,
          mutations: {
            createVideo: {
              type: 'video.generated',
              payload: ({ id }) => ({ video_id: id }),
              recipient,
              idempotencyKey: (_result, { id }) => `created ${id}`,
            },
            dropVideo: { type: 'video.failed', payload: () => null, recipient: () => ({ broadcast: true }) },
          },
          subscriptions: {
            ready: {
              type: 'video.generated',
              payload: ({ id }) => ({ video_id: id }),
              recipient,
              idempotencyKey: ({ id }) => `ready ${id}`,
            },
          },
          onError: (error, about) => failures.push({ error, about }),
        }),
      ],
    });
    const server = createServer(yoga);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    return { url, pubSub };
  }

  async function mutate(query: string, inTransaction = false) {
    const { url } = await serve();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `mutation { ${query} }`, extensions: { inTransaction } }),
    });
    return JSON.parse(await response.text());
  }

  async function videos(id: string): Promise<number> {
    const { rows } = await ctx
      .db()
      .query<{ n: number }>(
        `SELECT count(*)::int AS n FROM webhook_deliveries WHERE user_id = $1::uuid AND request_payload = jsonb_build_object('video_id', $2::text)`,
        [owner, id],
      );
    return rows[0]?.n ?? 0;
  }

  it('makes events of mutations that succeed, each of several, once for a key', async () => {
    const answer = await mutate(
      'a: createVideo(id: "v1") { id } b: createVideo(id: "v2") { id } again: createVideo(id: "v1") { id }',
    );
    expect(answer).toEqual({ data: { a: { id: 'v1' }, b: { id: 'v2' }, again: { id: 'v1' } } });
    expect([await videos('v1'), await videos('v2')]).toEqual([1, 1]);
    expect(failures).toEqual([]);
  });

  it('makes none of a field with an error in it or below it, nor of what its mapping passes over', async () => {
    const { data, errors } = await mutate(
      'bad: createVideo(id: "refused") { id } below: createVideo(id: "v3") { broken } good: createVideo(id: "v4") { id } dropVideo(id: "v5")',
    );
    expect(data).toEqual({ bad: null, below: null, good: { id: 'v4' }, dropVideo: true });
    expect(errors).toHaveLength(2);
    expect([await videos('v3'), await videos('v4')]).toEqual([0, 1]);
    expect(failures).toEqual([]);
  });

  it('is part of the transaction that the context gives: rolled back, nothing is delivered', async () => {
    expect((await mutate('createVideo(id: "v6") { id broken }', true)).errors).toHaveLength(1);
    expect(await videos('v6')).toBe(0);
    expect(await mutate('createVideo(id: "v7") { id }', true)).toEqual({ data: { createVideo: { id: 'v7' } } });
    expect(await videos('v7')).toBe(1);
    const refused = await mutate('createVideo(id: "refused") { id }', true);
    expect(refused.errors).toMatchObject([{ message: 'refused' }]);
  });

  it('fails the field when its transaction cannot take the event, and tells onError without one', async () => {
    const { data, errors } = await mutate('createVideo(id: "stray") { id }', true);
    expect(data).toEqual({ createVideo: null });
    expect(errors).toMatchObject([{ path: ['createVideo'] }]);
    expect(await mutate('createVideo(id: "stray") { id }')).toEqual({ data: { createVideo: { id: 'stray' } } });
    expect(failures).toMatchObject([
      { error: { code: 'unknown_user' }, about: { field: 'createVideo', type: 'video.generated' } },
    ]);
  });

  it('makes an event of each value of a subscription, once for all its subscribers and servers', async () => {
    const { url, pubSub } = await serve();
    const clients = [createClient({ url, retryAttempts: 0 }), createClient({ url, retryAttempts: 0 })];
    const got: unknown[] = [];
    const begun = new Set<unknown>();
    for (const client of clients) {
      const next = ({ data }: { data?: unknown }) => {
        begun.add(client);
        got.push(data);
      };
      client.subscribe(
        { query: 'subscription { ready { id } }' },
        { next, error: () => undefined, complete: () => undefined },
      );
    }
    // What is published before they have subscribed reaches nobody.
    await waitUntil(
      () => {
        if (begun.size < clients.length) pubSub.publish('ready', { id: 'warm', owner });
        return begun.size === clients.length;
      },
      { message: 'both to subscribe', intervalMs: 100 },
    );
    pubSub.publish('ready', { id: 'v8', owner });
    pubSub.publish('ready', { id: 'v9', owner });
    const of = (id: string) => got.filter((data) => JSON.stringify(data).includes(id)).length;
    await waitUntil(() => of('v8') + of('v9') === 4, { message: () => `both twice; there are ${JSON.stringify(got)}` });
    expect([await videos('v8'), await videos('v9'), await videos('warm')]).toEqual([1, 1, 1]);
    expect(failures).toEqual([]);
    for (const client of clients) client.dispose();
  });

  it('refuses at start a map of a field that there is not', () => {
    const start = () =>
      createYoga({
        schema: createSchema({ typeDefs }),
        plugins: [
          useHookline({
            hookline: createHookline({ pool: clientOf(ctx.db()) }),
            mutations: {
              noSuch: { type: 'video.failed', payload: () => ({}), recipient: () => ({ broadcast: true }) },
            },
            onError: () => undefined,
          }),
        ],
      });
    expect(start).toThrow('no field noSuch');
  });
});
