import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { createToken, listTokens, readToken, revokeToken } from '../../manage/tokens/tokens.js';
import { namedUser } from '../../manage/users/named-user.js';
import { answers, emptyAnswer, jsonAnswer, LISTING, listOf, WRITING_BODY } from '../openapi/answers.js';
import { pageBody, pageRequest } from '../v1/page.js';
import { uuid } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { checkUserName } from '../v1/user-name.js';
import { ACCESS, createdBody, LIST_QUERY, ownerOfNew, TOKEN_MEMBERS } from './access-tokens.js';
import { USER_NAME } from './webhook-schemas.js';

const DAY_IN_SECONDS = 86_400;
const DEFAULT_SECONDS = 3_600;
const JSON_TYPE = 'application/json; charset=utf-8';
const PARAMS = Type.Object({ portal_token_id: uuid('The token.') });
const PortalToken = Type.Object(TOKEN_MEMBERS, { title: 'PortalToken' });
const NewPortalToken = Type.Object(
  { ...TOKEN_MEMBERS, token: Type.String({ description: 'The token itself, which is shown this once.' }) },
  { title: 'NewPortalToken' },
);
const Body = Type.Object(
  {
    access: ACCESS,
    expires_in_seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: DAY_IN_SECONDS, default: DEFAULT_SECONDS })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'What it is for.' })),
    ...USER_NAME,
  },
  { additionalProperties: false },
);

/** `/v1/portal-tokens`, for the service: short-lived tokens that it hands to a user's browser, which then acts as that user. */
export function portalTokenRoutes(scope: FastifyInstance, v1: V1): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = v1.auth.requireService;

  app.post('/v1/portal-tokens', { onRequest, schema: CREATE }, async (request, reply) => {
    const { name = null, access, expires_in_seconds: expiresInSeconds = DEFAULT_SECONDS, ...named } = request.body;
    checkUserName(request.caller, named);
    const made = await v1.write(request, async (tx) => {
      const userId = await ownerOfNew(tx, request.caller, named);
      return createToken(tx, 'portal_token', { name, access, expiresInSeconds, userId });
    });
    reply
      .code(201)
      .header('location', `/v1/portal-tokens/${made.id}`)
      .header('cache-control', 'no-store')
      .type(JSON_TYPE);
    return createdBody(made, 'token');
  });

  app.get('/v1/portal-tokens', { onRequest, schema: LIST }, async (request, reply) => {
    checkUserName(request.caller, request.query);
    const page = await v1.read(request, async (tx) => {
      const userId = (await namedUser(tx, request.query)) ?? null;
      return listTokens(tx, 'portal_token', userId, pageRequest(request.query));
    });
    reply.type(JSON_TYPE);
    return pageBody(page);
  });

  app.get('/v1/portal-tokens/:portal_token_id', { onRequest, schema: READ }, async (request, reply) => {
    reply.type(JSON_TYPE);
    return v1.read(request, (tx) => readToken(tx, 'portal_token', request.params.portal_token_id));
  });

  app.delete('/v1/portal-tokens/:portal_token_id', { onRequest, schema: REVOKE }, async (request, reply) => {
    await v1.write(request, (tx) => revokeToken(tx, 'portal_token', request.params.portal_token_id));
    return reply.code(204).send();
  });
}

const TAGS = ['Access'];

const CREATE = {
  operationId: 'createPortalToken',
  summary: 'Make a portal token',
  description: 'For a user whom the service names. It acts as that user, within its access, until it expires.',
  tags: TAGS,
  body: Body,
  response: answers({ 201: jsonAnswer('Made.', NewPortalToken) }, [
    ...WRITING_BODY,
    'forbidden',
    'unknown_user',
    'invalid_parameter',
  ]),
};

const LIST = {
  operationId: 'listPortalTokens',
  summary: 'List portal tokens',
  description: 'Newest first. What expired or was revoked is kept for a day.',
  tags: TAGS,
  querystring: LIST_QUERY,
  response: answers({ 200: jsonAnswer('A page.', listOf('PortalTokenList', PortalToken)) }, [
    ...LISTING,
    'forbidden',
    'unknown_user',
  ]),
};

const READ = {
  operationId: 'getPortalToken',
  summary: 'Read a portal token',
  description: 'Everything but the token itself.',
  tags: TAGS,
  params: PARAMS,
  response: answers({ 200: jsonAnswer('The token.', PortalToken) }, ['forbidden', 'access_token_not_found']),
};

const REVOKE = {
  operationId: 'revokePortalToken',
  summary: 'Revoke a portal token',
  description: 'Within two seconds no process takes it any more.',
  tags: TAGS,
  params: PARAMS,
  response: answers({ 204: emptyAnswer('Revoked, now or before.') }, ['forbidden', 'access_token_not_found']),
};
