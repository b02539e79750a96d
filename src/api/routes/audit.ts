import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { ACTIONS, ACTOR_KINDS, listAudit } from '../../manage/audit/audit.js';
import { namedUser } from '../../manage/users/named-user.js';
import { answers, jsonAnswer, LISTING, listOf } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { PAGE_QUERY, pageBody, pageRequest } from '../v1/page.js';
import { nullable, timestamp, uuid } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { time } from '../v1/time.js';
import { checkUserName } from '../v1/user-name.js';
import { USER_NAME } from './webhook-schemas.js';

const Change = Type.Object(
  {
    column: Type.String(),
    old: Type.Optional(Type.Unknown({ description: 'Absent where it was made.' })),
    new: Type.Optional(Type.Unknown({ description: 'Absent where it was deleted.' })),
    is_hidden: Type.Optional(Type.Boolean({ description: 'It changed; what it holds is secret, or too long.' })),
  },
  { title: 'AuditChange' },
);

const Entry = Type.Object(
  {
    id: uuid(),
    at: timestamp(),
    action: Type.String({ description: 'Such as `webhook.updated` or `api_key.revoked`.' }),
    actor_kind: Type.Enum([...ACTOR_KINDS], {
      type: 'string',
      description: '`system`: a worker or command of Hookline. `sql`: a statement of a login of the database.',
    }),
    actor_id: nullable(
      Type.String(),
      'The user, the API key or the portal token; of `sql` the login, for the service.',
    ),
    login: nullable(Type.String(), 'Who is logged in to PostgreSQL, for the service.'),
    user_id: nullable(uuid(), "Whose it is; null: the installation's."),
    thing_kind: Type.String(),
    thing_id: Type.String({ description: 'Of a subscription its webhook, of an event type its name.' }),
    thing_name: nullable(Type.String(), 'As it was called then; of a subscription the event type.'),
    changes: Type.Array(Change),
    request_id: nullable(Type.String()),
    ip: nullable(Type.String(), 'Null for a user where somebody else acted.'),
    user_agent: nullable(Type.String()),
  },
  { title: 'AuditEntry' },
);

const narrowing = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 255, description }));

const list = {
  operationId: 'listAudit',
  summary: 'List who changed what',
  description:
    'Changes to webhooks, subscriptions, API keys, portal tokens and replays of the caller, newest first; for the service those of everybody, or of the user ' +
    'that it names, and those to event types, signing keys and settings.',
  tags: ['Operation'],
  querystring: Type.Object(
    {
      action: Type.Optional(Type.Enum([...ACTIONS], { type: 'string', description: 'What was done.' })),
      thing: narrowing('`thing_id`.'),
      actor: narrowing('`actor_id`.'),
      since: Type.Optional(time('Then or later.')),
      until: Type.Optional(time('Then or earlier.')),
      ...USER_NAME,
      ...PAGE_QUERY,
    },
    { additionalProperties: false },
  ),
  response: answers({ 200: jsonAnswer('A page of entries.', listOf('AuditList', Entry)) }, [
    ...LISTING,
    'forbidden',
    'unknown_user',
  ]),
};

/** `GET /v1/audit`: who changed what, when, and from where. */
export function auditRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get('/v1/audit', { schema: list }, async (request, reply) => {
    const { query } = request;
    checkUserName(request.caller, query);
    const page = await v1.read(request, async (tx) =>
      listAudit(tx, (await namedUser(tx, query)) ?? null, query, pageRequest(query)),
    );
    return sendJson(reply, pageBody(page));
  });
}
