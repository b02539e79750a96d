import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { membersOf } from '@hookline/receiver';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { readEventType } from '../../manage/event-types/event-types.js';
import { findingsOf } from '../../manage/event-types/schema-change.js';
import { refuseTooLarge } from '../../trigger/event.js';
import { createPayloadCheck } from '../../trigger/payload-schema.js';
import { answers, jsonAnswer, OF_BODIES } from '../openapi/answers.js';
import { jsonObject } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { PARAMS } from './event-type-schemas.js';

const schema = {
  operationId: 'checkPayload',
  summary: 'Check a payload',
  description:
    'Against the `payload_schema` of the event type, as an event is when it is triggered. Nothing is stored or sent, so credentials that may only read may do it.',
  tags: ['Event types'],
  params: PARAMS,
  body: Type.Object(
    { payload: jsonObject('256 KiB at most.') },
    { title: 'PayloadToCheck', additionalProperties: false },
  ),
  response: answers(
    {
      200: jsonAnswer(
        'Whether an event may have the payload.',
        Type.Object(
          {
            is_valid: Type.Boolean(),
            errors: Type.Array(
              Type.Object({
                pointer: Type.String({ description: 'Where in the body of this request, a JSON pointer (RFC 6901).' }),
                detail: Type.String(),
              }),
              { description: 'What is wrong where; 20 places at most.' },
            ),
          },
          { title: 'PayloadCheck' },
        ),
      ),
    },
    [...OF_BODIES, 'event_type_not_found', 'payload_too_large', 'invalid_payload_schema'],
  ),
};

/** `POST /v1/event-types/{event_type}/check`: by the validator that events go through. */
export function eventTypeCheckRoutes(app: FastifyInstance, v1: V1): void {
  const check = createPayloadCheck();
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  routes.post('/v1/event-types/:event_type/check', { schema }, async (request) => {
    const { payload } = request.body;
    const { event_type: name } = request.params;
    refuseTooLarge({ payload, json: membersOf(request.jsonText).get('payload') ?? 'null' });
    const { payloadSchema } = await v1.read(request, (tx) => readEventType(tx, name));
    const errors = payloadSchema === null ? [] : findingsOf(check, name, payloadSchema, payload);
    return { is_valid: errors.length === 0, errors };
  });
}
