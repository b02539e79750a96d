import type { FastifyInstance } from 'fastify';
import { createSchema, createYoga } from 'graphql-yoga';
import { HooklineError } from '../../errors.js';
import type { Feed } from '../../live/feed.js';
import type { Context } from '../graphql/context.js';
import { toGraphqlError } from '../graphql/errors.js';
import { documentCaches, limitDocuments } from '../graphql/limits.js';
import { liveSubscription } from '../graphql/live.js';
import { MUTATION } from '../graphql/mutations.js';
import { BELOW, QUERY } from '../graphql/queries.js';
import { SCALARS } from '../graphql/scalars.js';
import { inTurns } from '../graphql/turns.js';
import { TYPE_DEFS } from '../graphql/type-defs.js';
import type { V1 } from '../v1/scope.js';
import type { StreamTimes } from '../v1/stream-end.js';

/** `/graphql`: webhooks managed, and deliveries followed, by the same functions and rules as under /v1. */
export function graphqlRoutes(app: FastifyInstance, v1: V1, feed: Feed, times?: StreamTimes): void {
  const logFailure = (error: unknown, code: string): void => app.logFailure(app.log, error, code);
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
    parserAndValidationCache: documentCaches(),
    maskedErrors: { maskError: (error) => toGraphqlError(error, logFailure) },
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
      if (request.method === 'POST') checkBody(request.body);
      const context = { incoming: request, reply, v1: inTurns(v1), taken: { characters: 0 } };
      const response = await yoga.handleNodeRequestAndResponse(request, reply, context);
      if (response.status === 406) throw new HooklineError('invalid_request', NOT_ACCEPTABLE);
      if (response.status === 415) throw new HooklineError('unsupported_media_type');
      response.headers.forEach((value, name) => void reply.header(name, value));
      return reply.code(response.status).header('cache-control', 'no-store').send(response.body);
    },
  });
}

const NOT_ACCEPTABLE =
  'Accept leaves no way to answer: an answer is application/json or application/graphql-response+json, that of a subscription text/event-stream.';

/** What Yoga says of a body without any member is that it is no JSON. Throws `invalid_request`. */
function checkBody(body: unknown): void {
  if (typeof body === 'object' && body !== null && !Array.isArray(body) && 'query' in body) return;
  throw new HooklineError(
    'invalid_request',
    'The body takes one object with query, and with variables and operationName where it needs them.',
  );
}
