import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { createToken } from '../../manage/tokens/tokens.js';
import { ensuredUser } from '../../manage/users/named-user.js';
import { answers, emptyAnswer, jsonAnswer, LISTING, listOf, OF_SERVICE, WRITING_BODY } from '../openapi/answers.js';
import { uuid } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { DAY_S } from '../v1/time.js';
import { checkUserName, ownerOfNew } from '../v1/user-name.js';
import { ACCESS, LIST_QUERY, sendCreated, TOKEN_MEMBERS, tokenRoutes } from './access-tokens.js';
import { USER_NAME } from './webhook-schemas.js';

const DEFAULT_SECONDS = 3_600;
const PATH = '/v1/portal-tokens';
const PARAMS = Type.Object({ portal_token_id: uuid('The token.') });
const PortalToken = Type.Object(TOKEN_MEMBERS, { title: 'PortalToken' });
const NewPortalToken = Type.Object(
  {
    ...TOKEN_MEMBERS,
    token: Type.String({ description: 'The token itself, which is shown this once.' }),
    dashboard_path: Type.String({
      description: 'Opens the dashboard signed in, put behind the address of this server. It holds the token.',
    }),
  },
  { title: 'NewPortalToken' },
);
const Body = Type.Object(
  {
    access: ACCESS,
    expires_in_seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: DAY_S, default: DEFAULT_SECONDS })),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255, description: 'What it is for.' })),
    ...USER_NAME,
  },
  { additionalProperties: false },
);

/** `/v1/portal-tokens`, for the service: short-lived tokens that it hands to a user's browser, which then acts as that user. */
export function portalTokenRoutes(scope: FastifyInstance, v1: V1): void {
  const app = scope.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = [v1.auth.requireService];

  app.post(PATH, { onRequest, schema: CREATE }, async (request, reply) => {
    const { name = null, access, expires_in_seconds: expiresInSeconds = DEFAULT_SECONDS, ...named } = request.body;
    checkUserName(request.caller, named);
    const made = await v1.write(request, async (tx) => {
      const userId = await ownerOfNew(tx, request.caller, named, ensuredUser);
      return createToken(tx, 'portal_token', { name, access, expiresInSeconds, userId });
    });
    return sendCreated(reply, PATH, made, { token: made.secret, dashboard_path: `/#token=${made.secret}` });
  });
  const schemas = { list: LIST, read: READ, revoke: REVOKE };
  tokenRoutes(scope, v1, { kind: 'portal_token', path: PATH, id: 'portal_token_id', schemas, onRequest });
}

const TAGS = ['Access'];

const CREATE = {
  operationId: 'createPortalToken',
  summary: 'Make a portal token',
  description:
    'For a user whom the service names, and who is made by it where Hookline keeps the users. It acts as that user, within its access, until it expires.',
  tags: TAGS,
  body: Body,
  response: answers({ 201: jsonAnswer('Made.', NewPortalToken) }, [
    ...WRITING_BODY,
    ...OF_SERVICE,
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
    ...OF_SERVICE,
    'unknown_user',
  ]),
};

const READ = {
  operationId: 'getPortalToken',
  summary: 'Read a portal token',
  description: 'Everything but the token itself.',
  tags: TAGS,
  params: PARAMS,
  response: answers({ 200: jsonAnswer('The token.', PortalToken) }, [...OF_SERVICE, 'access_token_not_found']),
};

const REVOKE = {
  operationId: 'revokePortalToken',
  summary: 'Revoke a portal token',
  description: 'Within two seconds no process takes it any more.',
  tags: TAGS,
  params: PARAMS,
  response: answers({ 204: emptyAnswer('Revoked, now or before.') }, [...OF_SERVICE, 'access_token_not_found']),
};
