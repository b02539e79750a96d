import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { namedUser } from '../../manage/users/named-user.js';
import { changeWebhook, createWebhook } from '../../manage/webhooks/settings.js';
import { CONDITIONS, deleteWebhook, listWebhooks, lockWebhook, readWebhook } from '../../manage/webhooks/webhooks.js';
import { answers, ETAG, emptyAnswer, jsonAnswer, LISTING, listOf, WRITING, WRITING_BODY } from '../openapi/answers.js';
import { checkPreconditions, etagOf, OF_VERSION } from '../v1/etag.js';
import { sendJson } from '../v1/json.js';
import { PAGE_QUERY, pageBody, pageRequest } from '../v1/page.js';
import { WEBHOOK_PARAMS } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { checkUserName, ownerOfNew } from '../v1/user-name.js';
import { ChangeWebhook, CreatedWebhook, CreateWebhook, EVENT_TYPE, USER_NAME, Webhook } from './webhook-schemas.js';

const tags = ['Webhooks'];

const list = {
  operationId: 'listWebhooks',
  summary: 'List webhooks',
  description: "The caller's own; the service sees everybody's, or those of the user that it names.",
  tags,
  querystring: Type.Object(
    {
      is_active: Type.Optional(Type.Boolean()),
      event_type: Type.Optional(EVENT_TYPE),
      condition: Type.Optional(
        Type.Enum([...CONDITIONS], {
          type: 'string',
          description:
            '`breaker_open`: only probes go. `paused`: until a time that is still to come. `disabled`: the system made it inactive. `unverified`: its URL has ' +
            'not proved that it wants these calls. `failing`: it has only failed of late.',
        }),
      ),
      ...USER_NAME,
      ...PAGE_QUERY,
    },
    { additionalProperties: false },
  ),
  response: answers({ 200: jsonAnswer('A page of webhooks.', listOf('WebhookList', Webhook)) }, [
    ...LISTING,
    'forbidden',
    'unknown_user',
  ]),
};

const create = {
  operationId: 'createWebhook',
  summary: 'Create a webhook',
  description: 'The answer has its secret. The service names the user whose it is.',
  tags,
  body: CreateWebhook,
  response: answers({ 201: jsonAnswer('The webhook.', CreatedWebhook, { ...ETAG, location: Type.String() }) }, [
    ...WRITING_BODY,
    'invalid_url',
    'invalid_parameter',
    'unknown_event_type',
    'forbidden',
    'unknown_user',
    'webhook_quota_reached',
  ]),
};

const read = {
  operationId: 'getWebhook',
  summary: 'Read a webhook',
  description:
    'Its ETag is of its settings, for `If-Match`. What it counts, and how calls of it fare, changes without it: there is no 304.',
  tags,
  params: WEBHOOK_PARAMS,
  response: answers({ 200: jsonAnswer('The webhook.', Webhook, ETAG) }, ['webhook_not_found']),
};

const change = {
  operationId: 'updateWebhook',
  summary: 'Change a webhook',
  description:
    'With `If-Match` only where its settings are still of that version. A changed URL has to be verified anew.',
  tags,
  params: WEBHOOK_PARAMS,
  headers: OF_VERSION,
  body: ChangeWebhook,
  response: answers({ 200: jsonAnswer('The webhook as it is now.', Webhook, ETAG) }, [
    ...WRITING_BODY,
    'webhook_not_found',
    'version_changed',
    'invalid_url',
    'invalid_parameter',
  ]),
};

const remove = {
  operationId: 'deleteWebhook',
  summary: 'Delete a webhook',
  description: 'Its subscriptions, deliveries and statistics go with it.',
  tags,
  params: WEBHOOK_PARAMS,
  headers: OF_VERSION,
  response: answers({ 204: emptyAnswer('It is gone.') }, [...WRITING, 'webhook_not_found', 'version_changed']),
};

/** `/v1/webhooks`: the caller's webhooks. */
export function webhookRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get('/v1/webhooks', { schema: list }, async (request, reply) => {
    const { is_active: isActive, event_type: eventType, condition, ...query } = request.query;
    checkUserName(request.caller, query);
    const page = await v1.read(request, async (tx) => {
      const userId = await namedUser(tx, query);
      return listWebhooks(tx, { userId, isActive, eventType, condition }, pageRequest(query));
    });
    return sendJson(reply, pageBody(page));
  });

  routes.post('/v1/webhooks', { schema: create }, async (request, reply) => {
    const { user_id, external_user_id, event_types = [], ...values } = request.body;
    const name = { ...(user_id && { user_id }), ...(external_user_id && { external_user_id }) };
    checkUserName(request.caller, name);
    const { id, json, updatedAt } = await v1.write(request, async (tx) => {
      const userId = await ownerOfNew(tx, request.caller, name);
      return createWebhook(tx, { values, jsonText: request.jsonText }, userId, event_types);
    });
    reply.code(201).header('location', `/v1/webhooks/${id}`).header('etag', etagOf(updatedAt));
    return sendJson(reply.header('cache-control', 'no-store'), json);
  });

  routes.get('/v1/webhooks/:webhook_id', { schema: read }, async (request, reply) => {
    const { json, updatedAt } = await v1.read(request, (tx) => readWebhook(tx, request.params.webhook_id));
    return sendJson(reply.header('etag', etagOf(updatedAt)).header('cache-control', 'private, no-store'), json);
  });

  routes.patch('/v1/webhooks/:webhook_id', { schema: change }, async (request, reply) => {
    const { webhook_id: id } = request.params;
    const { json, updatedAt } = await v1.write(request, async (tx) => {
      checkPreconditions(request, await lockWebhook(tx, id));
      return changeWebhook(tx, id, { values: request.body, jsonText: request.jsonText });
    });
    return sendJson(reply.header('etag', etagOf(updatedAt)), json);
  });

  routes.delete('/v1/webhooks/:webhook_id', { schema: remove }, async (request, reply) => {
    const { webhook_id: id } = request.params;
    await v1.write(request, async (tx) => {
      checkPreconditions(request, await lockWebhook(tx, id));
      await deleteWebhook(tx, id);
    });
    return reply.code(204).send();
  });
}
