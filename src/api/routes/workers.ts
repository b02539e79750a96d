import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { listWorkers } from '../../manage/workers/workers.js';
import { answers, jsonAnswer, OF_SERVICE } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { nullable, timestamp, uuid } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';

const share = (of: string) => nullable(Type.Integer(), `Its share of the calls in flight of ${of}; null: it has none.`);

const Worker = Type.Object(
  {
    id: uuid(),
    name: Type.String({ description: 'Of its machine and process.' }),
    started_at: timestamp(),
    heartbeat_at: timestamp('It beats every five seconds.'),
    is_alive: Type.Boolean({ description: 'It has beaten within 15 seconds; else others take over what it holds.' }),
    is_idle: Type.Boolean({ description: 'It waits to be told of new work.' }),
    in_flight: Type.Integer({ description: 'Deliveries that it holds.' }),
    calls_per_webhook: share('a webhook'),
    calls_per_user: share('a user'),
    rollbacks: Type.Integer({ description: 'Transactions that were rolled back and tried again since it started.' }),
  },
  { title: 'Worker' },
);

const list = {
  operationId: 'listWorkers',
  summary: 'List workers',
  description:
    'For the service: those that have signed on and not off, the latest first, 1,000 at most. One that has stopped beating is forgotten by the next heartbeat of ' +
    'another.',
  tags: ['Operation'],
  response: answers(
    { 200: jsonAnswer('The workers.', Type.Object({ data: Type.Array(Worker) }, { title: 'WorkerList' })) },
    OF_SERVICE,
  ),
};

/** `GET /v1/workers`, for the service. */
export function workerRoutes(app: FastifyInstance, v1: V1): void {
  app.get('/v1/workers', { onRequest: [v1.auth.requireService], schema: list }, async (request, reply) => {
    return sendJson(reply, `{"data":${await v1.read(request, listWorkers)}}`);
  });
}
