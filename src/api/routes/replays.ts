import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import {
  cancelReplay,
  countReplay,
  createReplay,
  listReplays,
  REPLAY_STATES,
  readReplay,
} from '../../manage/replays/replays.js';
import { answers, jsonAnswer, LISTING, listOf, WRITING, WRITING_BODY } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { PAGE_QUERY, pageBody, pageRequest } from '../v1/page.js';
import { nullable, timestamp, uuid, WEBHOOK_PARAMS } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { time } from '../v1/time.js';

const tags = ['Replays'];
const params = Type.Object({ replay_id: uuid('The replay.') });

export const Replay = Type.Object(
  {
    id: uuid(),
    webhook_id: uuid(),
    user_id: uuid(),
    state: Type.Enum([...REPLAY_STATES], {
      type: 'string',
      description: '`completed`: a delivery was made for each. `expired`: it waited for its webhook for too long.',
    }),
    status_filter: Type.Enum(['failed', 'all'], { type: 'string' }),
    since: nullable(timestamp(), 'Null: from the beginning.'),
    until: timestamp(),
    rate_per_second: Type.Integer(),
    total: Type.Integer({ description: 'Deliveries that were counted at its beginning.' }),
    created: Type.Integer({ description: 'Deliveries that it has made.' }),
    waiting_for: nullable(
      Type.Enum(['inactive', 'unverified', 'paused', 'backlog'], { type: 'string' }),
      'What keeps it from going on.',
    ),
    waiting_since: nullable(timestamp()),
    created_at: timestamp(),
    started_at: nullable(timestamp()),
    ended_at: nullable(timestamp()),
  },
  { title: 'Replay' },
);

const create = {
  operationId: 'createReplay',
  summary: 'Send deliveries again',
  description:
    'Each ended delivery that was made in this time is sent as a new one, in order of creation, while newer ones go on. One replay of a webhook runs at a time. ' +
    'With `dry_run` they are only counted.',
  tags,
  params: WEBHOOK_PARAMS,
  body: Type.Object(
    {
      since: time('Made then or later.'),
      until: Type.Optional(time('Made then or earlier; left out: until now.')),
      status: Type.Optional(
        Type.Enum(['failed', 'all'], {
          type: 'string',
          default: 'failed',
          description: '`all`: also those that succeeded.',
        }),
      ),
      rate_per_second: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
      dry_run: Type.Optional(Type.Boolean()),
    },
    { title: 'CreateReplay', additionalProperties: false },
  ),
  response: answers(
    {
      200: jsonAnswer(
        'How many it would be, of a dry run.',
        Type.Object({ total: Type.Integer() }, { title: 'ReplayCount' }),
      ),
      202: jsonAnswer('The replay, which begins within a second.', Replay, { location: Type.String() }),
    },
    [...WRITING_BODY, 'webhook_not_found', 'invalid_parameter', 'replay_running'],
  ),
};

const list = {
  operationId: 'listReplays',
  summary: 'List the replays of a webhook',
  description: 'The latest hundred are kept.',
  tags,
  params: WEBHOOK_PARAMS,
  querystring: Type.Object(PAGE_QUERY, { additionalProperties: false }),
  response: answers({ 200: jsonAnswer('A page of replays.', listOf('ReplayList', Replay)) }, [
    ...LISTING,
    'webhook_not_found',
  ]),
};

const read = {
  operationId: 'getReplay',
  summary: 'Watch a replay',
  tags,
  params,
  response: answers({ 200: jsonAnswer('The replay, and how far it is.', Replay) }, ['replay_not_found']),
};

const cancel = {
  operationId: 'cancelReplay',
  summary: 'End a replay',
  description: 'No delivery is made after this; those that were made are sent. One that has ended stays as it is.',
  tags,
  params,
  response: answers({ 200: jsonAnswer('The replay.', Replay) }, [...WRITING, 'replay_not_found']),
};

/** Bulk replays of the caller's webhooks. */
export function replayRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.post('/v1/webhooks/:webhook_id/replays', { schema: create }, async (request, reply) => {
    const { dry_run: isDry, rate_per_second: rate, ...wanted } = request.body;
    const replay = { webhookId: request.params.webhook_id, ...wanted };
    if (isDry) {
      const total = await v1.read(request, (tx) => countReplay(tx, replay));
      return sendJson(reply, `{"total":${total}}`);
    }
    const { id, json } = await v1.write(request, (tx) => createReplay(tx, replay, rate));
    return sendJson(reply.code(202).header('location', `/v1/replays/${id}`), json);
  });

  routes.get('/v1/webhooks/:webhook_id/replays', { schema: list }, async (request, reply) => {
    const { webhook_id: webhookId } = request.params;
    const page = await v1.read(request, (tx) => listReplays(tx, webhookId, pageRequest(request.query)));
    return sendJson(reply, pageBody(page));
  });

  routes.get('/v1/replays/:replay_id', { schema: read }, async (request, reply) => {
    const json = await v1.read(request, (tx) => readReplay(tx, request.params.replay_id));
    return sendJson(reply, json);
  });

  routes.post('/v1/replays/:replay_id/cancel', { schema: cancel }, async (request, reply) => {
    const json = await v1.write(request, (tx) => cancelReplay(tx, request.params.replay_id));
    return sendJson(reply, json);
  });
}
