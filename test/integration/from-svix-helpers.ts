import Fastify from 'fastify';

/** An endpoint of the stand-in: what Svix's API tells of one, and its secret. */
interface StandInEndpoint {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly description?: string;
  readonly disabled?: boolean;
  readonly filterTypes?: readonly string[] | null;
  readonly channels?: readonly string[] | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sensitive?: readonly string[];
}

const TOKEN = 'testsk_token';
const TIMES = { createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' };

/** Answers the reads of Svix's API (its OpenAPI document) for these applications, a list in pages of one. */
export async function startSvix(apps: Readonly<Record<string, readonly StandInEndpoint[]>>) {
  const app = Fastify({ logger: false });
  app.addHook('onRequest', async ({ headers }, reply) => {
    if (headers.authorization !== `Bearer ${TOKEN}`) return reply.code(401).send({ code: 'authentication_failed' });
  });
  const page = (items: readonly object[], iterator: string | undefined) => {
    const at = Number(iterator ?? 0);
    return {
      data: items.slice(at, at + 1),
      done: at + 1 >= items.length,
      iterator: String(at + 1),
      prevIterator: null,
    };
  };
  type Query = { Querystring: { iterator?: string } };
  type One = { Params: { app: string; id: string } };
  const one = ({ app: name, id }: One['Params']): StandInEndpoint => {
    const found = apps[name]?.find((endpoint) => endpoint.id === id);
    if (found === undefined) throw new Error(`no endpoint ${id}`);
    return found;
  };
  app.get<Query>('/api/v1/event-type', ({ query }) =>
    page(
      ['video.generated', 'order.paid'].map((name) => ({
        ...{ name, description: `${name} of Svix`, deprecated: false, ...TIMES },
      })),
      query.iterator,
    ),
  );
  app.get<Query>('/api/v1/app', ({ query }) =>
    page(
      Object.keys(apps).map((id) => ({ id, uid: `uid-${id}`, name: id, metadata: {}, ...TIMES })),
      query.iterator,
    ),
  );
  app.get<Query & { Params: { app: string } }>('/api/v1/app/:app/endpoint', ({ params, query }) =>
    page(
      (apps[params.app] ?? []).map(({ secret: _, headers: __, sensitive: ___, ...endpoint }) => ({
        ...{ description: '', metadata: {}, version: 1, ...TIMES },
        ...endpoint,
      })),
      query.iterator,
    ),
  );
  app.get<One>('/api/v1/app/:app/endpoint/:id/secret', ({ params }) => ({ key: one(params).secret }));
  app.get<One>('/api/v1/app/:app/endpoint/:id/headers', ({ params }) => {
    const { headers = {}, sensitive = [] } = one(params);
    return { headers, sensitive };
  });
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }), token: TOKEN, close: () => app.close() };
}
