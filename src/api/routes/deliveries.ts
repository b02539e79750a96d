import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { readAttempts, readBody, readDelivery, retryDelivery } from '../../manage/deliveries/delivery.js';
import { DELIVERY_STATUSES, listDeliveries } from '../../manage/deliveries/list.js';
import { namedUser } from '../../manage/users/named-user.js';
import { answers, jsonAnswer, LISTING, listOf, WRITING } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { PAGE_QUERY, pageBody, pageRequest } from '../v1/page.js';
import { uuid } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { time } from '../v1/time.js';
import { checkUserName } from '../v1/user-name.js';
import { Attempt, Delivery, DeliverySummary } from './delivery-schemas.js';
import { EVENT_TYPE, USER_NAME } from './webhook-schemas.js';

const tags = ['Deliveries'];
const params = Type.Object({ delivery_id: uuid('The delivery.') });

const list = {
  operationId: 'listDeliveries',
  summary: 'List deliveries',
  description:
    "The caller's own; the service sees everybody's, or those of the user that it names. A page is found within a bounded time: where few match, it has fewer " +
    'than `limit`, or none, while there are more. The end is where `next_cursor` is null.',
  tags,
  querystring: Type.Object(
    {
      webhook_id: Type.Optional(uuid('Of this webhook.')),
      event_type: Type.Optional(EVENT_TYPE),
      status: Type.Optional(Type.Enum([...DELIVERY_STATUSES], { type: 'string' })),
      response_status: Type.Optional(
        Type.String({
          pattern: '^([1-5]([0-9]{2}|xx)|none)$',
          description:
            'Of the latest answer: a status as `404`, a class as `5xx`, or `none`: there was no answer, or none yet.',
        }),
      ),
      event_id: Type.Optional(uuid('Those that this event made, without their replays.')),
      since: Type.Optional(time('Made then or later.')),
      until: Type.Optional(time('Made then or earlier.')),
      ...USER_NAME,
      ...PAGE_QUERY,
    },
    { additionalProperties: false },
  ),
  response: answers({ 200: jsonAnswer('A page of deliveries.', listOf('DeliveryList', DeliverySummary)) }, [
    ...LISTING,
    'forbidden',
    'unknown_user',
    'not_storable',
  ]),
};

const read = {
  operationId: 'getDelivery',
  summary: 'Read a delivery',
  description: 'With its payload, and what was sent and answered in the latest attempt.',
  tags,
  params,
  response: answers({ 200: jsonAnswer('The delivery.', Delivery) }, ['delivery_not_found']),
};

const attempts = {
  operationId: 'listDeliveryAttempts',
  summary: 'List the attempts of a delivery',
  description: 'The latest first, a hundred at most, on one page.',
  tags,
  params,
  response: answers({ 200: jsonAnswer('The attempts.', listOf('AttemptList', Attempt)) }, ['delivery_not_found']),
};

const body = {
  operationId: 'getDeliveryBody',
  summary: 'Read the body of a delivery',
  description: 'Byte by byte as it is sent, to check a signature against.',
  tags,
  params,
  response: answers(
    { 200: jsonAnswer('The body.', Type.Unknown({ description: 'The payload, as compact as JavaScript writes it.' })) },
    ['delivery_not_found'],
  ),
};

const retry = {
  operationId: 'retryDelivery',
  summary: 'Try a failed delivery again',
  description: 'Once more, now. It is made by a worker, soon after the answer.',
  tags,
  params,
  response: answers({ 202: jsonAnswer('The delivery, which is due.', Delivery) }, [
    ...WRITING,
    'delivery_not_found',
    'delivery_not_failed',
  ]),
};

/** `/v1/deliveries`: every call of the caller's webhooks. */
export function deliveryRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get('/v1/deliveries', { schema: list }, async (request, reply) => {
    const { query } = request;
    checkUserName(request.caller, query);
    const page = await v1.read(request, async (tx) => {
      const filter = {
        userId: await namedUser(tx, query),
        webhookId: query.webhook_id,
        eventType: query.event_type,
        status: query.status,
        responseStatus: query.response_status,
        eventId: query.event_id,
        since: query.since,
        until: query.until,
      };
      return listDeliveries(tx, filter, pageRequest(query));
    });
    return sendJson(reply, pageBody(page));
  });

  routes.get('/v1/deliveries/:delivery_id', { schema: read }, async (request, reply) => {
    const json = await v1.read(request, (tx) => readDelivery(tx, request.params.delivery_id));
    return sendJson(reply, json);
  });

  routes.get('/v1/deliveries/:delivery_id/attempts', { schema: attempts }, async (request, reply) => {
    const json = await v1.read(request, (tx) => readAttempts(tx, request.params.delivery_id));
    return sendJson(reply, `{"data":${json},"next_cursor":null}`);
  });

  routes.get('/v1/deliveries/:delivery_id/body', { schema: body }, async (request, reply) => {
    const text = await v1.read(request, (tx) => readBody(tx, request.params.delivery_id));
    return sendJson(reply, text);
  });

  routes.post('/v1/deliveries/:delivery_id/retry', { schema: retry }, async (request, reply) => {
    const json = await v1.write(request, (tx) => retryDelivery(tx, request.params.delivery_id));
    return sendJson(reply.code(202), json);
  });
}
