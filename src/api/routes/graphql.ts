import type { FastifyInstance } from 'fastify';
import { createSchema, createYoga } from 'graphql-yoga';
import type { Feed } from '../../live/feed.js';
import type { Context } from '../graphql/context.js';
import { toGraphqlError } from '../graphql/errors.js';
import { limitDocuments } from '../graphql/limits.js';
import { liveSubscription } from '../graphql/live.js';
import { MUTATION } from '../graphql/mutations.js';
import { BELOW, QUERY } from '../graphql/queries.js';
import { SCALARS } from '../graphql/scalars.js';
import { TYPE_DEFS } from '../graphql/type-defs.js';
import type { V1 } from '../v1/scope.js';
import type { StreamTimes } from '../v1/stream-end.js';

/** `/graphql`: webhooks managed, and deliveries followed, by the same functions and rules as under /v1. */
export function graphqlRoutes(app: FastifyInstance, v1: V1, feed: Feed, times?: StreamTimes): void {
  const yoga = createYoga<Context>({
    schema: createSchema<Context>({
      typeDefs: TYPE_DEFS,
      resolvers: {
        ...SCALARS,
        ...BELOW,
        Query: QUERY,
        Mutation: MUTATION,
        Subscription: liveSubscription(feed, times),
      },
    }),
    graphqlEndpoint: '/graphql',
    plugins: [limitDocuments()],
    maskedErrors: { maskError: (error) => toGraphqlError(error, app.log) },
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    logging: false,
  });
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const response = await yoga.handleNodeRequestAndResponse(request, reply, { incoming: request, reply, v1 });
      response.headers.forEach((value, name) => void reply.header(name, value));
      return reply.code(response.status).header('cache-control', 'no-store').send(response.body);
    },
  });
}
