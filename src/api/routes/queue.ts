import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { readQueue } from '../../manage/queue/queue.js';
import { namedUser } from '../../manage/users/named-user.js';
import { answers, jsonAnswer } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { nullable, timestamp } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { checkUserName } from '../v1/user-name.js';
import { USER_NAME } from './webhook-schemas.js';

const Queue = Type.Object(
  {
    waiting: Type.Integer({ description: 'Not tried yet, and not in flight.' }),
    retrying: Type.Integer({ description: 'Tried before, and waiting for the next attempt or its turn.' }),
    in_flight: Type.Integer({ description: 'Held by a worker.' }),
    oldest_due_at: nullable(
      timestamp(),
      'Since when what has waited longest could have gone; null when nothing is due.',
    ),
    is_capped: Type.Boolean({ description: 'There is more than was counted.' }),
  },
  { title: 'Queue' },
);

const read = {
  operationId: 'getQueue',
  summary: 'How the queue stands',
  description:
    "Unfinished deliveries of the caller; the service sees everybody's, or those of the user that it names. 100,000 are looked at at most, in no certain order: " +
    'with `is_capped` there are more, and the figures are of those. What is in flight of everybody is always counted whole.',
  tags: ['Statistics'],
  querystring: Type.Object(USER_NAME, { additionalProperties: false }),
  response: answers({ 200: jsonAnswer('What is unfinished.', Queue) }, ['forbidden', 'unknown_user', 'not_storable']),
};

/** `GET /v1/queue`: what is unfinished. */
export function queueRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get('/v1/queue', { schema: read }, async (request, reply) => {
    checkUserName(request.caller, request.query);
    const json = await v1.read(request, async (tx) => readQueue(tx, (await namedUser(tx, request.query)) ?? null));
    return sendJson(reply, json);
  });
}
