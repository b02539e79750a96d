import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { listUsers } from '../../manage/users/users.js';
import { answers, jsonAnswer, LISTING, listOf, OF_SERVICE } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { PAGE_QUERY, pageBody, pageRequest } from '../v1/page.js';
import { nullable, timestamp, uuid } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';

const User = Type.Object(
  {
    user_id: uuid(),
    external_user_id: nullable(Type.String(), 'The id that the application has, where it is no UUID of auth.users.'),
    created_at: nullable(timestamp(), 'Null where auth.users does not say.'),
    webhooks: Type.Integer(),
    active_webhooks: Type.Integer(),
    stopped_webhooks: Type.Integer({
      description: 'Those that the system keeps from being called: disabled by it, paused, or with an open breaker.',
    }),
    last_delivery_at: nullable(timestamp()),
    successful_deliveries: Type.Integer({ description: 'Of the webhooks that there are.' }),
    failed_deliveries: Type.Integer(),
  },
  { title: 'User' },
);

const list = {
  operationId: 'listUsers',
  summary: 'List users',
  description:
    'For the service: users, newest first, and what they have. Of each user 10,000 webhooks are counted at most. A page looks at 50,000 users at most: where few ' +
    'match, it has fewer than `limit`, or none, while `next_cursor` says that there are more.',
  tags: ['Operation'],
  querystring: Type.Object(
    {
      search: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 255,
          description: 'What `external_user_id` holds, in whichever case, or `user_id` begins with.',
        }),
      ),
      ...PAGE_QUERY,
    },
    { additionalProperties: false },
  ),
  response: answers({ 200: jsonAnswer('A page of users.', listOf('UserList', User)) }, [...LISTING, ...OF_SERVICE]),
};

/** `GET /v1/users`, for the service. */
export function userRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get('/v1/users', { onRequest: [v1.auth.requireService], schema: list }, async (request, reply) => {
    const { search = null, ...query } = request.query;
    const page = await v1.read(request, (tx) => listUsers(tx, search, pageRequest(query)));
    return sendJson(reply, pageBody(page));
  });
}
