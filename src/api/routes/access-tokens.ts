import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema, onRequestAsyncHookHandler } from 'fastify';
import { type Static, Type } from 'typebox';
import { type CreatedToken, listTokens, readToken, revokeToken, type TokenKind } from '../../manage/tokens/tokens.js';
import { namedUser } from '../../manage/users/named-user.js';
import { sendJson } from '../v1/json.js';
import { PAGE_QUERY, pageBody, pageRequest } from '../v1/page.js';
import { nullable, timestamp, uuid } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { checkUserName } from '../v1/user-name.js';
import { USER_NAME } from './webhook-schemas.js';

/** What the routes of API keys and of portal tokens share. */
export const ACCESS = Type.Enum(['read', 'write'], {
  type: 'string',
  description: '`read` changes nothing, and sees no secret.',
});

export const LIST_QUERY = Type.Object({ ...PAGE_QUERY, ...USER_NAME }, { additionalProperties: false });

/** The members of both kinds. */
export const TOKEN_MEMBERS = {
  id: uuid(),
  user_id: uuid('Whom it acts as.'),
  name: nullable(Type.String()),
  prefix: Type.String({ description: 'What it begins with.' }),
  access: ACCESS,
  created_at: timestamp(),
  expires_at: nullable(timestamp()),
  last_used_at: nullable(timestamp(), 'When it was last used, to the minute.'),
  revoked_at: nullable(timestamp()),
};

/** What the list and the single token of one kind are called, and how they are documented. */
export interface TokenRoutes {
  readonly kind: TokenKind;
  readonly path: string;
  /** The path's parameter of one. */
  readonly id: string;
  readonly schemas: Readonly<Record<'list' | 'read' | 'revoke', FastifySchema>>;
  /** Hooks that let a caller pass. */
  readonly onRequest?: onRequestAsyncHookHandler[];
}

/** The routes that list, read and revoke tokens of one kind. */
export function tokenRoutes(
  app: FastifyInstance,
  v1: V1,
  { kind, path, id, schemas, onRequest = [] }: TokenRoutes,
): void {
  type One = { Params: Record<string, string> };
  const idOf = ({ params }: FastifyRequest<One>): string => params[id] ?? '';

  app.get<{ Querystring: Static<typeof LIST_QUERY> }>(
    path,
    { onRequest, schema: schemas.list },
    async (request, reply) => {
      checkUserName(request.caller, request.query);
      const page = await v1.read(request, async (tx) => {
        const userId = (await namedUser(tx, request.query)) ?? null;
        return listTokens(tx, kind, userId, pageRequest(request.query));
      });
      return sendJson(reply, pageBody(page));
    },
  );

  app.get<One>(`${path}/:${id}`, { onRequest, schema: schemas.read }, async (request, reply) => {
    return sendJson(reply, await v1.read(request, (tx) => readToken(tx, kind, idOf(request))));
  });

  app.delete<One>(`${path}/:${id}`, { onRequest, schema: schemas.revoke }, async (request, reply) => {
    await v1.write(request, (tx) => revokeToken(tx, kind, idOf(request)));
    return reply.code(204).send();
  });
}

/** The answer to the request that made one: it alone holds the secret, in the members `shown`. */
export function sendCreated(
  reply: FastifyReply,
  path: string,
  { id, json }: CreatedToken,
  shown: Readonly<Record<string, string>>,
): FastifyReply {
  reply.code(201).header('location', `${path}/${id}`).header('cache-control', 'no-store');
  return sendJson(reply, `${json.slice(0, -1)},${JSON.stringify(shown).slice(1)}`);
}
