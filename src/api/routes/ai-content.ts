import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { HooklineError } from '../../errors.js';
import { type ContentFilter, listContent, readContent } from '../../manage/content/content.js';
import type { ContentElsewhere } from '../../manage/content/elsewhere.js';
import { namedUser, namesOfUser } from '../../manage/users/named-user.js';
import { answers, jsonAnswer, LISTING, listOf } from '../openapi/answers.js';
import { contentPageBody, contentPageRequest } from '../v1/content-page.js';
import { sendJson } from '../v1/json.js';
import { PAGE_QUERY } from '../v1/page.js';
import type { V1 } from '../v1/scope.js';
import { checkUserName } from '../v1/user-name.js';
import { Content, ContentSummary, callbackState, eventState } from './ai-content-schemas.js';
import { USER_NAME } from './webhook-schemas.js';

const tags = ['AI content'];
const params = Type.Object({
  content_id: Type.String({ pattern: '^[0-9]{1,19}$', description: 'The received webhook.' }),
});

const ListQuery = Type.Object(
  {
    event_name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    callback_state: Type.Optional(callbackState),
    event_state: Type.Optional(eventState),
    ...USER_NAME,
    ...PAGE_QUERY,
  },
  { additionalProperties: false },
);

const list = {
  operationId: 'listAiContent',
  summary: 'List received AI webhooks',
  description:
    "The caller's own; the service sees everybody's, or those of the user that it names. A page is found within a bounded time: where few match, it has fewer " +
    'than `limit`, or none, while there are more. The end is where `next_cursor` is null. Where they are stored in another database, the service alone sees them, ' +
    'and those of a user are the ones that name them so.',
  tags,
  querystring: ListQuery,
  response: answers({ 200: jsonAnswer('A page of received webhooks.', listOf('AiContentList', ContentSummary)) }, [
    ...LISTING,
    'forbidden',
    'unknown_user',
    'content_stored_elsewhere',
    'internal_error',
  ]),
};

const read = {
  operationId: 'getAiContent',
  summary: 'Read a received AI webhook',
  description: 'With its body, metadata and payload.',
  tags,
  params,
  response: answers({ 200: jsonAnswer('The received webhook.', Content) }, [
    'content_not_found',
    'content_stored_elsewhere',
    'internal_error',
  ]),
};

/** `/v1/ai-content`: the AI webhooks that came in. `elsewhere`: the store of the receiver, when it is not Hookline's own database. */
export function aiContentRoutes(app: FastifyInstance, v1: V1, elsewhere: ContentElsewhere | undefined): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get('/v1/ai-content', { schema: list }, async (request, reply) => {
    const { query } = request;
    checkUserName(request.caller, query);
    const store = storeFor(request);
    const page = contentPageRequest(query);
    const found =
      store === undefined
        ? await v1.read(request, async (tx) =>
            listContent(tx, { ...filterOf(query), userId: await namedUser(tx, query) }, page),
          )
        : await store.list(
            { ...filterOf(query), userNames: await v1.read(request, (tx) => namesOfUser(tx, query)) },
            page,
          );
    return sendJson(reply, contentPageBody(found));
  });

  routes.get('/v1/ai-content/:content_id', { schema: read }, async (request, reply) => {
    const { content_id: id } = request.params;
    const store = storeFor(request);
    return sendJson(reply, await (store?.read(id) ?? v1.read(request, (tx) => readContent(tx, id))));
  });

  /** Throws `content_stored_elsewhere` for users where there is another store: who may see what is decided by PostgreSQL. */
  function storeFor({ caller }: FastifyRequest): ContentElsewhere | undefined {
    if (elsewhere === undefined || caller.kind === 'service') return elsewhere;
    throw new HooklineError('content_stored_elsewhere', undefined, {
      hint: 'The service sees them. For users, let the receiver store in the database of DATABASE_URL: leave HOOKLINE_RECEIVER_URL and PLANETSCALE_HOST out.',
    });
  }
}

function filterOf(query: Static<typeof ListQuery>): ContentFilter {
  return { eventName: query.event_name, callbackState: query.callback_state, eventState: query.event_state };
}
