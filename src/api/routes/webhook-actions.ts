import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import {
  endOverlap,
  readSecret,
  requestVerification,
  rotateSecret,
  sendTestEvent,
} from '../../manage/webhooks/actions.js';
import { type Keyring, NO_KEYS } from '../../secrets/keyring.js';
import { answers, jsonAnswer, WRITING, WRITING_BODY } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { jsonObject, timestamp, uuid, WEBHOOK_PARAMS } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { DAY_S } from '../v1/time.js';
import { EVENT_TYPE } from './webhook-schemas.js';

const secret = {
  operationId: 'getWebhookSecret',
  summary: 'Read the secret',
  description: 'Needs a caller that may write.',
  tags: ['Secrets'],
  params: WEBHOOK_PARAMS,
  response: answers(
    { 200: jsonAnswer('The secret that signs now.', Type.Object({ secret: Type.String() }, { title: 'Secret' })) },
    [...WRITING, 'webhook_not_found', 'secret_key_missing', 'secret_unreadable'],
  ),
};

const rotate = {
  operationId: 'rotateWebhookSecret',
  summary: 'Rotate the secret',
  description:
    'During the overlap the old secret signs beside the new one, so that subscribers change when it suits them. With an overlap of 0 every earlier one ends.',
  tags: ['Secrets'],
  params: WEBHOOK_PARAMS,
  body: Type.Object(
    {
      overlap_seconds: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 30 * DAY_S, default: DAY_S, description: '0 to 30 days.' }),
      ),
    },
    { title: 'RotateSecret', additionalProperties: false },
  ),
  response: answers(
    {
      200: jsonAnswer(
        'The new secret.',
        Type.Object({ secret: Type.String(), overlap_ends_at: timestamp() }, { title: 'RotatedSecret' }),
      ),
    },
    [...WRITING_BODY, 'webhook_not_found', 'too_many_secrets'],
  ),
};

const end = {
  operationId: 'endWebhookSecretOverlap',
  summary: 'End the overlap of a rotation',
  description: 'From now on the current secret alone signs.',
  tags: ['Secrets'],
  params: WEBHOOK_PARAMS,
  response: answers(
    {
      200: jsonAnswer(
        'How many earlier secrets ended.',
        Type.Object({ ended_count: Type.Integer() }, { title: 'EndedOverlap' }),
      ),
    },
    [...WRITING, 'webhook_not_found'],
  ),
};

const verify = {
  operationId: 'verifyWebhook',
  summary: 'Verify the URL',
  description:
    'A worker posts a token to the URL within seconds, and the endpoint answers with it. What came of it stands on the webhook.',
  tags: ['Webhooks'],
  params: WEBHOOK_PARAMS,
  response: answers(
    {
      202: jsonAnswer(
        'It is under way.',
        Type.Object({ webhook_id: uuid(), requested_at: timestamp() }, { title: 'RequestedVerification' }),
      ),
    },
    [...WRITING, 'webhook_not_found'],
  ),
};

const test = {
  operationId: 'sendTestEvent',
  summary: 'Send a test event',
  description:
    'To this webhook alone, whatever it subscribes to: a delivery like any other, with `{"test": true}` in its metadata. One a second at most.',
  tags: ['Webhooks'],
  params: WEBHOOK_PARAMS,
  body: Type.Object(
    {
      event_type: Type.Optional(
        Type.String({ ...EVENT_TYPE, description: 'A registered one; by default `webhook.test`.' }),
      ),
      payload: Type.Optional(jsonObject('By default `{"test": true}` with the ids.')),
    },
    { title: 'TestEvent', additionalProperties: false },
  ),
  response: answers(
    {
      202: jsonAnswer(
        'It will be sent within a second or so.',
        Type.Object({ delivery_id: uuid(), event_type: Type.String() }, { title: 'SentTestEvent' }),
      ),
    },
    [
      ...WRITING_BODY,
      'webhook_not_found',
      'unknown_event_type',
      'webhook_inactive',
      'webhook_unverified',
      'test_too_soon',
      'backlog_full',
      'payload_too_large',
      'invalid_payload',
    ],
  ),
};

/** What is done with one webhook beside changing its settings: its secret, verification, test events. */
export function webhookActionRoutes(app: FastifyInstance, v1: V1, keyring: Keyring = NO_KEYS): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get('/v1/webhooks/:webhook_id/secret', { schema: secret }, async (request, reply) => {
    const body = await v1.write(request, (tx) => readSecret(tx, request.params.webhook_id, keyring));
    return sendJson(reply.header('cache-control', 'no-store'), body);
  });
  routes.post('/v1/webhooks/:webhook_id/secret/rotate', { schema: rotate }, async (request, reply) => {
    const { overlap_seconds: overlap = DAY_S } = request.body;
    const body = await v1.write(request, (tx) => rotateSecret(tx, request.params.webhook_id, overlap));
    return sendJson(reply.header('cache-control', 'no-store'), body);
  });
  routes.post('/v1/webhooks/:webhook_id/secret/end-overlap', { schema: end }, async (request, reply) => {
    const body = await v1.write(request, (tx) => endOverlap(tx, request.params.webhook_id));
    return sendJson(reply, body);
  });
  routes.post('/v1/webhooks/:webhook_id/verify', { schema: verify }, async (request, reply) => {
    const body = await v1.write(request, (tx) => requestVerification(tx, request.params.webhook_id));
    return sendJson(reply.code(202), body);
  });
  routes.post('/v1/webhooks/:webhook_id/test', { schema: test }, async (request, reply) => {
    const body = await v1.write(request, (tx) => sendTestEvent(tx, request.params.webhook_id, request.jsonText));
    return sendJson(reply.code(202), body);
  });
}
