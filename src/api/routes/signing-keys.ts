import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { listSigningKeys, rotateSigningKey } from '../../manage/signing-keys/signing-keys.js';
import { answers, jsonAnswer, listOf, OF_SERVICE, WRITING_BODY } from '../openapi/answers.js';
import { sendJson } from '../v1/json.js';
import { pageBody } from '../v1/page.js';
import { nullable, timestamp } from '../v1/schemas.js';
import type { V1 } from '../v1/scope.js';
import { DAY_S } from '../v1/time.js';

const SigningKey = Type.Object(
  {
    id: Type.String({ description: '`kid` in the key set.' }),
    public_key: Type.String({ description: '`whpk_` and the 32 bytes in base64, as Standard Webhooks shows them.' }),
    state: Type.Enum(['current', 'retiring', 'retired'], {
      description: '`retiring` still signs beside the current one; `retired` is only published.',
    }),
    created_at: timestamp(),
    retired_at: nullable(timestamp(), 'Until when it signs.'),
    published_until: nullable(timestamp()),
  },
  { title: 'SigningKey' },
);

const Rotation = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30 * DAY_S,
        default: DAY_S,
        description: 'For how long the earlier keys sign beside the new one.',
      }),
    ),
    published_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 365 * DAY_S,
        default: 7 * DAY_S,
        description:
          'For how long they are published after that. 0, with an overlap of 0: nobody is to trust them any more.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** `/v1/signing-keys`, for the service: the installation's keys of Ed25519, and their rotation. Private keys are in no answer. */
export function signingKeyRoutes(app: FastifyInstance, v1: V1): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = v1.auth.requireService;
  const common = { tags: ['Keys'] };
  const keys = jsonAnswer(
    'The keys that sign or are published, the current one first.',
    listOf('SigningKeys', SigningKey),
  );
  const body = (items: readonly string[]) => pageBody({ items, next: null });

  const list = {
    ...common,
    operationId: 'listSigningKeys',
    summary: 'List signing keys',
    description:
      'For the service. There is none before the first webhook that wants asymmetric signatures is called, or the key set is read.',
    response: answers({ 200: keys }, OF_SERVICE),
  };
  routes.get('/v1/signing-keys', { schema: list, onRequest }, async (request, reply) => {
    const json = body(await v1.read(request, listSigningKeys));
    return sendJson(reply, json);
  });

  const rotate = {
    ...common,
    operationId: 'rotateSigningKey',
    summary: 'Rotate the signing key',
    description:
      'For the service. A new key is published and signs at once; the earlier ones sign beside it for the overlap.',
    body: Rotation,
    response: answers({ 200: keys }, [...WRITING_BODY, ...OF_SERVICE, 'too_many_signing_keys']),
  };
  routes.post('/v1/signing-keys/rotate', { schema: rotate, onRequest }, async (request, reply) => {
    const { overlap_seconds: overlapSeconds = DAY_S, published_seconds: publishedSeconds = 7 * DAY_S } = request.body;
    const json = body(await v1.write(request, (tx) => rotateSigningKey(tx, { overlapSeconds, publishedSeconds })));
    return sendJson(reply, json);
  });
}
