import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { readHeaders, setHeaders } from '../../manage/headers/headers.js';
import { lockWebhook, readWebhook } from '../../manage/webhooks/webhooks.js';
import { answers, ETAG, emptyAnswer, jsonAnswer, WRITING, WRITING_BODY } from '../openapi/answers.js';
import { checkPreconditions, etagOf, OF_VERSION } from '../v1/etag.js';
import { sendJson } from '../v1/json.js';
import { nullable, timestamp, WEBHOOK_PARAMS } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';

const HeadersBody = Type.Object(
  {
    headers: Type.Record(Type.String(), Type.String(), {
      description:
        'Name to value: at most 20, 16 KiB together. A name is a token of RFC 9110, and not reserved: HTTP’s own headers and Hookline’s, `content-*`, `proxy-*`, ' +
        '`webhook-*`, `x-webhook-*`, `x-forwarded-*`, … A value has 1 to 4,096 visible ASCII characters, and spaces between them.',
      examples: [{ Authorization: 'Bearer …' }],
    }),
  },
  { additionalProperties: false },
);

const CustomHeaders = Type.Object(
  {
    names: Type.Array(Type.String()),
    set_at: nullable(timestamp(), 'When they were set; null where there are none.'),
  },
  { title: 'CustomHeaders' },
);

const ANSWER = jsonAnswer('The names. Nobody reads the values again.', CustomHeaders, ETAG);

/** `/v1/webhooks/{webhook_id}/headers`: headers that go with each call of a webhook. Their values are taken, sent, and never shown. */
export function webhookHeaderRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  const url = '/v1/webhooks/:webhook_id/headers';
  const common = { tags: ['Webhooks'], params: WEBHOOK_PARAMS };

  const read = {
    ...common,
    operationId: 'getWebhookHeaders',
    summary: 'Names of custom headers',
    description:
      'The names of the headers that go with each call of the webhook, and when they were set. The ETag is the webhook’s.',
    response: answers({ 200: ANSWER }, ['webhook_not_found']),
  };
  routes.get(url, { schema: read }, async (request, reply) => {
    const { webhook_id: id } = request.params;
    const { json, updatedAt } = await v1.read(request, async (tx) => {
      const { updatedAt } = await readWebhook(tx, id);
      return { json: await readHeaders(tx, id), updatedAt };
    });
    return sendJson(reply.header('etag', etagOf(updatedAt)), json);
  });

  const set = {
    ...common,
    operationId: 'setWebhookHeaders',
    summary: 'Set custom headers',
    description:
      'Sets the headers that go with each call of the webhook from now on, in place of those that it had. They are kept like secrets: what is recorded of a ' +
      'delivery has `***` in place of the values. With `If-Match` only where the webhook is still of that version.',
    headers: OF_VERSION,
    body: HeadersBody,
    response: answers({ 200: ANSWER }, [...WRITING_BODY, 'webhook_not_found', 'version_changed', 'invalid_headers']),
  };
  routes.put(url, { schema: set }, async (request, reply) => {
    const { webhook_id: id } = request.params;
    const { json, updatedAt } = await v1.write(request, async (tx) => {
      checkPreconditions(request, await lockWebhook(tx, id));
      const json = await setHeaders(tx, id, request.body.headers);
      return { json, updatedAt: await lockWebhook(tx, id) };
    });
    return sendJson(reply.header('etag', etagOf(updatedAt)), json);
  });

  const remove = {
    ...common,
    operationId: 'deleteWebhookHeaders',
    summary: 'Take custom headers away',
    description: 'The next calls have none.',
    headers: OF_VERSION,
    response: answers({ 204: emptyAnswer('There are none.') }, [...WRITING, 'webhook_not_found', 'version_changed']),
  };
  routes.delete(url, { schema: remove }, async (request, reply) => {
    const { webhook_id: id } = request.params;
    await v1.write(request, async (tx) => {
      checkPreconditions(request, await lockWebhook(tx, id));
      await setHeaders(tx, id, {});
    });
    return reply.code(204).send();
  });
}
