import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { HooklineError } from '../../errors.js';
import {
  changeSubscription,
  deleteSubscription,
  listSubscriptions,
  lockSubscription,
  putSubscription,
  readSubscription,
  type SubscriptionKey,
} from '../../manage/subscriptions/subscriptions.js';
import { answers, ETAG, emptyAnswer, jsonAnswer, LISTING, listOf, WRITING, WRITING_BODY } from '../openapi/answers.js';
import { checkPreconditions, etagOf, KNOWN_VERSION, OF_VERSION, OF_VERSION_OR_NEW, sendVersioned } from '../v1/etag.js';
import { sendJson } from '../v1/json.js';
import { PAGE_QUERY, pageBody, pageRequest } from '../v1/page.js';
import { jsonObject, nullable, timestamp, uuid, WEBHOOK_PARAMS } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { EVENT_TYPE } from './webhook-schemas.js';

const tags = ['Subscriptions'];
const NOT_FOUND = ['webhook_not_found', 'subscription_not_found'] as const;

const params = Type.Object({ webhook_id: WEBHOOK_PARAMS.properties.webhook_id, event_type: EVENT_TYPE });
const SETTINGS = {
  is_active: Type.Boolean({ description: 'An inactive subscription lets nothing through.' }),
  filters: nullable(
    jsonObject('Matched against the payload, `{"status": "completed", "duration": {"$gte": 10}}` say.'),
    'Null: every event of the type.',
  ),
};
const Subscription = Type.Object(
  {
    id: uuid(),
    webhook_id: uuid(),
    event_type: Type.String(),
    ...SETTINGS,
    created_at: timestamp(),
    updated_at: timestamp(),
  },
  { title: 'Subscription' },
);
const settings = Type.Partial(Type.Object(SETTINGS)).properties;

const list = {
  operationId: 'listSubscriptions',
  summary: 'List the subscriptions of a webhook',
  tags,
  params: WEBHOOK_PARAMS,
  querystring: Type.Object(PAGE_QUERY, { additionalProperties: false }),
  response: answers({ 200: jsonAnswer('A page of subscriptions.', listOf('SubscriptionList', Subscription)) }, [
    ...LISTING,
    'webhook_not_found',
  ]),
};

const read = {
  operationId: 'getSubscription',
  summary: 'Read a subscription',
  tags,
  params,
  headers: KNOWN_VERSION,
  response: answers(
    {
      200: jsonAnswer('The subscription.', Subscription, ETAG),
      304: emptyAnswer('It is of the version of If-None-Match.'),
    },
    NOT_FOUND,
  ),
};

const put = {
  operationId: 'putSubscription',
  summary: 'Subscribe to an event type, or set the subscription',
  description:
    'What is left out gets its default: active, without filters. With `If-None-Match: *` only where there is none yet.',
  tags,
  params,
  headers: OF_VERSION_OR_NEW,
  body: Type.Object(settings, { title: 'PutSubscription', additionalProperties: false }),
  response: answers(
    {
      200: jsonAnswer('It was there, and is as asked.', Subscription, ETAG),
      201: jsonAnswer('It is new.', Subscription, ETAG),
    },
    [...WRITING_BODY, 'webhook_not_found', 'version_changed', 'unknown_event_type', 'invalid_filter'],
  ),
};

const change = {
  operationId: 'updateSubscription',
  summary: 'Change a subscription',
  tags,
  params,
  headers: OF_VERSION,
  body: Type.Object(settings, {
    title: 'ChangeSubscription',
    additionalProperties: false,
    minProperties: 1,
    description: 'What is left out stays as it is.',
  }),
  response: answers({ 200: jsonAnswer('The subscription as it is now.', Subscription, ETAG) }, [
    ...WRITING_BODY,
    ...NOT_FOUND,
    'version_changed',
    'invalid_filter',
  ]),
};

const remove = {
  operationId: 'deleteSubscription',
  summary: 'Unsubscribe from an event type',
  tags,
  params,
  headers: OF_VERSION,
  response: answers({ 204: emptyAnswer('It is gone.') }, [...WRITING, ...NOT_FOUND, 'version_changed']),
};

/** `/v1/webhooks/{webhook_id}/subscriptions`: which events the webhook gets. */
export function subscriptionRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  const one = '/v1/webhooks/:webhook_id/subscriptions/:event_type';

  routes.get('/v1/webhooks/:webhook_id/subscriptions', { schema: list }, async (request, reply) => {
    const page = await v1.read(request, (tx) =>
      listSubscriptions(tx, request.params.webhook_id, pageRequest(request.query)),
    );
    return sendJson(reply, pageBody(page));
  });

  routes.get(one, { schema: read }, async (request, reply) => {
    const { json, updatedAt } = await v1.read(request, (tx) => readSubscription(tx, keyOf(request.params)));
    return sendVersioned(request, reply, { etag: etagOf(updatedAt), json });
  });

  routes.put(one, { schema: put }, async (request, reply) => {
    const key = keyOf(request.params);
    const { json, updatedAt, isNew } = await v1.write(request, async (tx) => {
      const version = await lockSubscription(tx, key);
      checkPreconditions(request, version);
      const set = await putSubscription(tx, key, request.jsonText, version !== null);
      // What is not there cannot be locked: somebody may have made it since.
      if (version === null && !set.isNew) checkPreconditions(request, set.updatedAt);
      return set;
    });
    return sendJson(reply.code(isNew ? 201 : 200).header('etag', etagOf(updatedAt)), json);
  });

  routes.patch(one, { schema: change }, async (request, reply) => {
    const key = keyOf(request.params);
    const names = (['is_active', 'filters'] as const).filter((name) => request.body[name] !== undefined);
    const { json, updatedAt } = await v1.write(request, async (tx) => {
      const version = await lockSubscription(tx, key);
      if (version === null) throw new HooklineError('subscription_not_found');
      checkPreconditions(request, version);
      return changeSubscription(tx, key, request.jsonText, names);
    });
    return sendJson(reply.header('etag', etagOf(updatedAt)), json);
  });

  routes.delete(one, { schema: remove }, async (request, reply) => {
    const key = keyOf(request.params);
    await v1.write(request, async (tx) => {
      const version = await lockSubscription(tx, key);
      if (version === null) throw new HooklineError('subscription_not_found');
      checkPreconditions(request, version);
      await deleteSubscription(tx, key);
    });
    return reply.code(204).send();
  });
}

function keyOf(params: { readonly webhook_id: string; readonly event_type: string }): SubscriptionKey {
  return { webhookId: params.webhook_id, eventType: params.event_type };
}
