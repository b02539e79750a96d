import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { listAllReplays, listOwnReplays, REPLAY_STATES } from '../../manage/replays/replays.js';
import { namedUser } from '../../manage/users/named-user.js';
import { answers, jsonAnswer, LISTING, listOf } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { PAGE_QUERY, pageBody, pageRequest } from '../v1/page.js';
import type { V1 } from '../v1/scope.js';
import { checkUserName } from '../v1/user-name.js';
import { Replay } from './replays.js';
import { USER_NAME } from './webhook-schemas.js';

const list = {
  operationId: 'listAllReplays',
  summary: 'List replays',
  description:
    "Of all webhooks of the caller, newest first; the service sees everybody's, or those of the user that it names. Those of a deleted webhook are gone with it.",
  tags: ['Replays'],
  querystring: Type.Object(
    { state: Type.Optional(Type.Enum([...REPLAY_STATES], { type: 'string' })), ...USER_NAME, ...PAGE_QUERY },
    { additionalProperties: false },
  ),
  response: answers({ 200: jsonAnswer('A page of replays.', listOf('ReplayList', Replay)) }, [
    ...LISTING,
    'forbidden',
    'unknown_user',
  ]),
};

/** `GET /v1/replays`: replays over all webhooks. */
export function allReplaysRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get('/v1/replays', { schema: list }, async (request, reply) => {
    const { state = null, ...query } = request.query;
    checkUserName(request.caller, query);
    const page = await v1.read(request, async (tx) => {
      if (request.caller.kind !== 'service') return listOwnReplays(tx, state, pageRequest(query));
      return listAllReplays(tx, (await namedUser(tx, query)) ?? null, state, pageRequest(query));
    });
    return sendJson(reply, pageBody(page));
  });
}
