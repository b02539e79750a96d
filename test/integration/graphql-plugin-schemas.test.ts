import type { GraphQLSchema } from 'graphql';
import { createSchema, createYoga, type Plugin } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useHookline } from '../../src/graphql/index.js';
import { createHookline } from '../../src/in-process/index.js';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';

interface Context {
  readonly tag: string;
}

const typeDefs = `
  type Query { ok: Boolean! }
  type Mutation { create: String }
  type Subscription { ready: String }
`;

async function* two(): AsyncGenerator<{ ready: string }, void> {
  yield { ready: 'one' };
  yield { ready: 'two' };
}

/** An application's schema; without resolvers its fields are those of the root value. */
function newSchema(hasResolvers = true): GraphQLSchema {
  if (!hasResolvers) return createSchema({ typeDefs });
  return createSchema({
    typeDefs,
    resolvers: { Mutation: { create: () => 'made' }, Subscription: { ready: { subscribe: two } } },
  });
}

/** Replaces the schema by one that is made from it, as plugins do that change or filter schemas. */
const replacing: Plugin = {
  onSchemaChange({ schema, replaceSchema }) {
    if (schema.getQueryType()?.getFields()['more'] !== undefined) return;
    const resolve = schema.getMutationType()?.getFields()['create']?.resolve;
    const subscribe = schema.getSubscriptionType()?.getFields()['ready']?.subscribe;
    replaceSchema(
      createSchema({
        typeDefs: [typeDefs, 'extend type Query { more: Boolean }'],
        resolvers: { Mutation: { create: { resolve } }, Subscription: { ready: { subscribe } } },
      }),
    );
  },
};

/** Has the result come in parts, as an executor does that knows @defer. */
const inParts: Plugin = {
  onExecute({ executeFn, setExecuteFn }) {
    setExecuteFn(async function* (args: Parameters<typeof executeFn>[0]) {
      yield { ...(await executeFn(args)), hasNext: true };
      yield { incremental: [], hasNext: false };
    } as unknown as typeof executeFn);
  },
};

const withRootValue: Plugin = {
  onExecute: ({ args }) => void Object.assign(args, { rootValue: { create: () => 'made' } }),
  onSubscribe: ({ args }) => void Object.assign(args, { rootValue: { ready: two } }),
};

describe('hookline/graphql', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
  });
  afterAll(() => database.drop());

  /** Events have no key here that would make one of two. */
  const plugin = () =>
    useHookline<{ 'video.generated': { tag: string } }, Context>({
      hookline: createHookline({ pool: database.db }),
      mutations: {
        create: {
          type: 'video.generated',
          payload: (_result, _args, context) => ({ tag: context.tag }),
          recipient: () => ({ broadcast: true }),
        },
      },
      subscriptions: {
        ready: {
          type: 'video.generated',
          payload: (_result, _args, context) => ({ tag: context.tag }),
          recipient: () => ({ broadcast: true }),
          idempotencyKey: () => crypto.randomUUID(),
        },
      },
      onError: (error) => expect.fail(String(error)),
    });
  const serve = (schema: GraphQLSchema, tag: string, plugins: readonly Plugin[] = []) =>
    createYoga({ logging: false, schema, context: { tag }, plugins: [plugin(), ...plugins] });

  async function ask(yoga: Pick<ReturnType<typeof serve>, 'fetch'>, query: string): Promise<string> {
    const response = await yoga.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    });
    return response.text();
  }

  async function eventsOf(tag: string): Promise<number> {
    const sql = "SELECT FROM hookline.events WHERE payload->>'tag' = $1::text";
    return (await database.db.query(sql, [tag])).rowCount;
  }

  it.each([
    ['replaces its schema', true, [replacing]],
    ['gives results in parts', true, [inParts]],
    ['has a root value in place of resolvers', false, [withRootValue]],
  ])('makes one event each where an application %s', async (tag, hasResolvers, plugins) => {
    const yoga = serve(newSchema(hasResolvers), tag, plugins);
    expect(await ask(yoga, 'mutation { create }')).toContain('made');
    expect(await eventsOf(tag)).toBe(1);
    expect(await ask(yoga, 'subscription { ready }')).toContain('two');
    expect(await eventsOf(tag)).toBe(3);
  });

  it('wraps a field once, however often its schema is set', () => {
    const schema = newSchema();
    const fields = [
      schema.getMutationType()?.getFields()['create'],
      schema.getSubscriptionType()?.getFields()['ready'],
    ];
    const { onSchemaChange } = plugin();
    const functions = () => {
      onSchemaChange?.({ schema, replaceSchema: () => undefined });
      return fields.flatMap((field) => [field?.resolve, field?.subscribe]);
    };
    expect(functions()).toEqual(functions());
  });

  it('makes events of what its own server does alone, where servers share a schema', async () => {
    const schema = newSchema();
    const [mine] = [serve(schema, 'mine'), serve(schema, 'theirs')];
    expect(await ask(mine, 'mutation { create }')).toContain('made');
    expect(await ask(mine, 'subscription { ready }')).toContain('two');
    const another = createYoga({ schema, context: { tag: 'nobody' }, logging: false });
    expect(await ask(another, 'mutation { create }')).toContain('made');
    expect(await ask(another, 'subscription { ready }')).toContain('two');
    expect([await eventsOf('mine'), await eventsOf('theirs'), await eventsOf('nobody')]).toEqual([3, 0, 0]);
  });
});
