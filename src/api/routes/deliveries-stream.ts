import { Readable } from 'node:stream';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Feed } from '../../live/feed.js';
import { DELIVERY_STATUSES } from '../../manage/deliveries/list.js';
import { answers } from '../openapi/answers.js';
import { serverSentEvents } from '../v1/event-stream.js';
import { uuid } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { StreamEnd, type StreamTimes } from '../v1/stream-end.js';
import { whoseStream } from '../v1/whose-stream.js';

const Query = Type.Object(
  {
    webhook_id: Type.Optional(uuid('Of this webhook alone.')),
    event_type: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Of this event type alone.' })),
    status: Type.Optional(
      Type.Enum([...DELIVERY_STATUSES], {
        type: 'string',
        description: 'Changes that lead to this status alone.',
      }),
    ),
    user_id: Type.Optional(uuid('Of this user alone; for the service.')),
    external_user_id: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: 'The same, by the application’s own id.' }),
    ),
  },
  { additionalProperties: false },
);

const Headers = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({ pattern: '^[0-9]{1,15}$', description: 'The id of the event after which to go on.' }),
  ),
});

const DESCRIPTION =
  'Server-sent events: `open`, then one event for each change, named `created`, `attempted`, `succeeded`, `failed` or `retrying`, whose data is ' +
  '`{"kind", "changed_at", "delivery"}`. With `Last-Event-ID` it goes on where a stream ended, within an hour: nothing is lost, and nothing comes twice. What ' +
  'cannot be told any more is an event `gap`: list the deliveries again. A comment comes every 15 s. The stream ends with its token, after an event ' +
  '`end` whose data is the problem; a reader who takes nothing for 30 s is dropped.';

/** `GET /v1/deliveries/stream`: the caller's deliveries as they are made and as they change; for the service everybody's, or one user's. */
export function deliveryStreamRoutes(app: FastifyInstance, v1: V1, feed: Feed, times?: StreamTimes): void {
  const schema = {
    operationId: 'streamDeliveries',
    summary: 'Live stream of deliveries',
    description: DESCRIPTION,
    tags: ['Deliveries'],
    querystring: Query,
    headers: Headers,
    response: answers(
      {
        200: {
          description: 'The stream.',
          content: { 'text/event-stream': { schema: Type.String({ description: 'Server-sent events.' }) } },
        },
      },
      ['forbidden', 'unknown_user', 'too_many_streams', 'shutting_down'],
    ),
  };
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  // A HEAD would open a stream that nobody reads.
  routes.get('/v1/deliveries/stream', { schema, exposeHeadRoute: false }, async (request, reply) => {
    const { webhook_id: webhookId, event_type: eventType, status } = request.query;
    const whose = await v1.read(request, (tx) => whoseStream(tx, request.caller, request.query));
    const lastEventId = request.headers['last-event-id'];
    const end = new StreamEnd(request, reply, v1.auth, times);
    try {
      const items = await feed.follow(whose, {
        after: lastEventId === undefined ? undefined : Number(lastEventId),
        filter: { webhookId, eventType, status },
        signal: end.signal,
      });
      reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no').header('connection', 'close');
      return reply.type('text/event-stream; charset=utf-8').send(Readable.from(serverSentEvents(items, end)));
    } catch (error) {
      end.end();
      throw error;
    }
  });
}
