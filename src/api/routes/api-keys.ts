import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { createToken } from '../../manage/tokens/tokens.js';
import { answers, emptyAnswer, jsonAnswer, LISTING, listOf, WRITING, WRITING_BODY } from '../openapi/answers.js';
import { uuid } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { checkUserName, ownerOfNew } from '../v1/user-name.js';
import { ACCESS, LIST_QUERY, sendCreated, TOKEN_MEMBERS, tokenRoutes } from './access-tokens.js';
import { USER_NAME } from './webhook-schemas.js';

const TEN_YEARS_S = 315_360_000;
const PATH = '/v1/api-keys';
const PARAMS = Type.Object({ api_key_id: uuid('The key.') });
const ApiKey = Type.Object(TOKEN_MEMBERS, { title: 'ApiKey' });
const NewApiKey = Type.Object(
  { ...TOKEN_MEMBERS, key: Type.String({ description: 'The key itself, which is shown this once.' }) },
  { title: 'NewApiKey' },
);
const Body = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255 }),
    access: ACCESS,
    expires_in_seconds: Type.Optional(
      Type.Integer({ minimum: 60, maximum: TEN_YEARS_S, description: 'Left out: it does not expire.' }),
    ),
    ...USER_NAME,
  },
  { additionalProperties: false },
);

/** `/v1/api-keys`: keys that act as their user. A signed-in user makes and revokes their own, the service those of anybody; keys make no keys. */
export function apiKeyRoutes(scope: FastifyInstance, v1: V1): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();

  app.post(PATH, { schema: CREATE }, async (request, reply) => {
    const { name, access, expires_in_seconds, ...named } = request.body;
    checkUserName(request.caller, named);
    const made = await v1.write(request, async (tx) => {
      const userId = await ownerOfNew(tx, request.caller, named);
      return createToken(tx, 'api_key', { name, access, expiresInSeconds: expires_in_seconds ?? null, userId });
    });
    return sendCreated(reply, PATH, made, { key: made.secret });
  });
  const schemas = { list: LIST, read: READ, revoke: REVOKE };
  tokenRoutes(scope, v1, { kind: 'api_key', path: PATH, id: 'api_key_id', schemas });
}

const TAGS = ['Access'];

const CREATE = {
  operationId: 'createApiKey',
  summary: 'Make an API key',
  description: 'By a signed-in user or the service, not by a key or portal token. The service names the user.',
  tags: TAGS,
  body: Body,
  response: answers({ 201: jsonAnswer('Made.', NewApiKey) }, [
    ...WRITING_BODY,
    'forbidden',
    'sign_in_required',
    'api_key_quota_reached',
    'unknown_user',
    'invalid_parameter',
  ]),
};

const LIST = {
  operationId: 'listApiKeys',
  summary: 'List API keys',
  description: 'Newest first. What expired or was revoked is kept for 30 days.',
  tags: TAGS,
  querystring: LIST_QUERY,
  response: answers({ 200: jsonAnswer('A page.', listOf('ApiKeyList', ApiKey)) }, [
    ...LISTING,
    'forbidden',
    'unknown_user',
  ]),
};

const READ = {
  operationId: 'getApiKey',
  summary: 'Read an API key',
  description: 'Everything but the key itself.',
  tags: TAGS,
  params: PARAMS,
  response: answers({ 200: jsonAnswer('The key.', ApiKey) }, ['access_token_not_found']),
};

const REVOKE = {
  operationId: 'revokeApiKey',
  summary: 'Revoke an API key',
  description: 'Within two seconds no process takes it any more. By a signed-in user or the service.',
  tags: TAGS,
  params: PARAMS,
  response: answers({ 204: emptyAnswer('Revoked, now or before.') }, [
    ...WRITING,
    'sign_in_required',
    'access_token_not_found',
  ]),
};
