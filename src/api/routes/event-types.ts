import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import {
  changeEventType,
  createEventType,
  deleteEventType,
  listEventTypes,
  lockEventType,
  readEventType,
} from '../../manage/event-types/event-types.js';
import { checkSchema, recentEvents, type SchemaChange, schemaChange } from '../../manage/event-types/schema-change.js';
import { createPayloadCheck } from '../../trigger/payload-schema.js';
import {
  answers,
  ETAG,
  emptyAnswer,
  jsonAnswer,
  LISTING,
  listOf,
  OF_SERVICE,
  WRITING_BODY,
} from '../openapi/answers.js';
import { checkPreconditions, etagOf, KNOWN_VERSION, OF_VERSION, sendVersioned } from '../v1/etag.js';
import { sendJson } from '../v1/json.js';
import { PAGE_QUERY, pageBody, pageRequest } from '../v1/page.js';
import type { V1 } from '../v1/scope.js';
import { ChangedEventType, ChangeEventType, CreateEventType, EventTypeBody, PARAMS } from './event-type-schemas.js';

const tags = ['Event types'];

const list = {
  operationId: 'listEventTypes',
  summary: 'List event types',
  description: 'Everybody who is signed in sees them all.',
  tags,
  querystring: Type.Object(
    {
      category: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
      is_enabled: Type.Optional(Type.Boolean()),
      ...PAGE_QUERY,
    },
    { additionalProperties: false },
  ),
  response: answers({ 200: jsonAnswer('A page of event types.', listOf('EventTypeList', EventTypeBody)) }, [
    ...LISTING,
    'not_storable',
  ]),
};

const read = {
  operationId: 'getEventType',
  summary: 'Read an event type',
  tags,
  params: PARAMS,
  headers: KNOWN_VERSION,
  response: answers(
    { 200: jsonAnswer('The event type.', EventTypeBody, ETAG), 304: emptyAnswer('It is of If-None-Match’s version.') },
    ['event_type_not_found', 'not_storable'],
  ),
};

const create = {
  operationId: 'createEventType',
  summary: 'Create an event type',
  description: 'For the service.',
  tags,
  body: CreateEventType,
  response: answers({ 201: jsonAnswer('The event type.', EventTypeBody, { ...ETAG, location: Type.String() }) }, [
    ...WRITING_BODY,
    ...OF_SERVICE,
    'event_type_exists',
    'invalid_payload_schema',
    'invalid_payload',
  ]),
};

const change = {
  operationId: 'updateEventType',
  summary: 'Change an event type',
  description:
    'For the service. A change of `payload_schema` tells what it breaks: `schema_change` says how many of the latest events would no longer pass.',
  tags,
  params: PARAMS,
  headers: OF_VERSION,
  querystring: Type.Object(
    { dry_run: Type.Optional(Type.Boolean({ description: 'Change nothing: only tell what it would break.' })) },
    { additionalProperties: false },
  ),
  body: ChangeEventType,
  response: answers(
    { 200: jsonAnswer('The event type as it is now; after a dry run as it was.', ChangedEventType, ETAG) },
    [
      ...WRITING_BODY,
      ...OF_SERVICE,
      'event_type_not_found',
      'version_changed',
      'invalid_payload_schema',
      'invalid_payload',
    ],
  ),
};

const remove = {
  operationId: 'deleteEventType',
  summary: 'Delete an event type',
  description: 'For the service. Only one that no webhook subscribes to and no delivery was made of; disable others.',
  tags,
  params: PARAMS,
  headers: OF_VERSION,
  response: answers({ 204: emptyAnswer('It is gone.') }, [
    ...OF_SERVICE,
    'event_type_not_found',
    'event_type_in_use',
    'version_changed',
    'not_storable',
  ]),
};

/** `/v1/event-types`: everybody reads them, the service manages them. */
export function eventTypeRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = v1.auth.requireService;
  const check = createPayloadCheck();
  const one = '/v1/event-types/:event_type';

  routes.get('/v1/event-types', { schema: list }, async (request, reply) => {
    const { category, is_enabled: isEnabled, ...query } = request.query;
    const page = await v1.read(request, (tx) => listEventTypes(tx, { category, isEnabled }, pageRequest(query)));
    return sendJson(reply, pageBody(page));
  });

  routes.get(one, { schema: read }, async (request, reply) => {
    const { json, updatedAt } = await v1.read(request, (tx) => readEventType(tx, request.params.event_type));
    return sendVersioned(request, reply, { etag: etagOf(updatedAt), json });
  });

  routes.post('/v1/event-types', { schema: create, onRequest }, async (request, reply) => {
    const { event_type: name, payload_schema: schema } = request.body;
    checkSchema(check, name, textOf(schema));
    const { json, updatedAt } = await v1.write(request, (tx) => createEventType(tx, name, request.jsonText));
    reply
      .code(201)
      .header('location', `/v1/event-types/${encodeURIComponent(name)}`)
      .header('etag', etagOf(updatedAt));
    return sendJson(reply, json);
  });

  routes.patch(one, { schema: change, onRequest }, async (request, reply) => {
    const { event_type: name } = request.params;
    // Events are looked at outside of the transaction that changes: it takes as long as the schema wants.
    const { payload_schema: schema } = request.body;
    const breaks = schema === undefined ? null : await whatBreaks(request, name, textOf(schema));
    const { json, updatedAt } = await (request.query.dry_run ? v1.read : v1.write)(request, async (tx) => {
      const known = request.query.dry_run ? await readEventType(tx, name) : undefined;
      checkPreconditions(request, known?.updatedAt ?? (await lockEventType(tx, name)));
      if (known !== undefined) return known;
      return changeEventType(tx, name, request.jsonText);
    });
    reply.header('etag', etagOf(updatedAt));
    return sendJson(reply, `${json.slice(0, -1)},"schema_change":${JSON.stringify(breaks)}}`);
  });

  routes.delete(one, { schema: remove, onRequest }, async (request, reply) => {
    const { event_type: name } = request.params;
    await v1.write(request, async (tx) => {
      checkPreconditions(request, await lockEventType(tx, name));
      await deleteEventType(tx, name);
    });
    return reply.code(204).send();
  });

  async function whatBreaks(request: FastifyRequest, name: string, after: string | null): Promise<SchemaChange> {
    const [{ payloadSchema: before }, events] = await v1.read(request, async (tx) => {
      const known = await readEventType(tx, name);
      return [known, await recentEvents(tx, name)] as const;
    });
    return schemaChange(check, name, { before, after }, events);
  }
}

/** As JSON, which payloads are checked against; null: none. PostgreSQL stores the schema as it came. */
function textOf(schema: unknown): string | null {
  return schema === undefined || schema === null ? null : JSON.stringify(schema);
}
