import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';
import { createPayloadCheck } from '../../trigger/payload-schema.js';
import type { Auth } from '../auth/auth.js';

const EVENT_SCHEMA = loadSql(import.meta.url, './event-schema.sql');
const TRIGGER_EVENT = loadSql(import.meta.url, './trigger-event.sql');

/** As hookline.check_payload has it. */
const PAYLOAD_LIMIT_BYTES = 262_144;
const UNKNOWN_USER_HINT =
  'user_id takes the id of a row of auth.users; for another id of the user there is external_user_id.';

const Body = Type.Object(
  {
    type: Type.String({ minLength: 1, maxLength: 100 }),
    payload: Type.Object({}),
    user_id: Type.Optional(Type.String({ format: 'uuid' })),
    external_user_id: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    broadcast: Type.Optional(Type.Literal(true)),
  },
  { additionalProperties: false },
);
type Body = Static<typeof Body>;

const Deliveries = Type.Array(Type.Object({ id: Type.String(), webhook_id: Type.String(), url: Type.String() }));

interface TriggeredRow {
  readonly event_id: string;
  readonly is_duplicate: boolean;
  readonly deliveries: string;
}

/**
 * `POST /v1/events` for the service: triggers an event for one user (`user_id`, or `external_user_id`, the application's own id) or for everyone
 * (`broadcast: true`), when its payload fulfils the schema of the event type.
 * 202 with the deliveries that it made; 200 with those of the first request when the `Idempotency-Key` was used before.
 */
export function eventRoutes(app: FastifyInstance, deps: { readonly db: Database; readonly auth: Auth }): void {
  const onRequest = deps.auth.requireService;
  const checkPayload = createPayloadCheck();
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post('/v1/events', { onRequest, schema: { body: Body } }, async (request, reply) => {
      const { type, payload, user_id, external_user_id } = checkRecipient(request.body);
      const key = idempotencyKey(request.headers['idempotency-key']);
      refuseTooLarge(payload, request.jsonText);
      const row = await asService(deps.db, async (tx) => {
        const { rows: types } = await tx.query<{ schema: string | null }>(EVENT_SCHEMA, [type, key]);
        if (typeof types[0]?.schema === 'string') checkPayload(type, types[0].schema, payload);
        const params = [type, request.jsonText, user_id ?? null, external_user_id ?? null, key];
        const { rows } = await tx.query<TriggeredRow>(TRIGGER_EVENT, params);
        return rows[0];
      });
      if (row === undefined) throw new HooklineError('unknown_user', undefined, { hint: UNKNOWN_USER_HINT });
      const { event_id, is_duplicate: duplicate } = row;
      const deliveries = Value.Parse(Deliveries, JSON.parse(row.deliveries));
      request.log.info({ event_id, type, duplicate, deliveries: deliveries.length }, 'event.accepted');
      reply.code(duplicate ? 200 : 202);
      return { event_id, duplicate, deliveries };
    });
}

/** That the body says whom the event is for: no event reaches everyone by accident. Gives the body. */
function checkRecipient(body: Body): Body {
  const given = [body.user_id, body.external_user_id, body.broadcast].filter((value) => value !== undefined);
  if (given.length === 1) return body;
  throw new HooklineError('invalid_request', 'Give one of user_id, external_user_id and broadcast: true.');
}

/** Before the schema is asked, which may take long. SQL judges by the exact numbers, which are never shorter than these. */
function refuseTooLarge(payload: object, jsonText: string): void {
  if (Buffer.byteLength(jsonText) <= PAYLOAD_LIMIT_BYTES) return;
  const size = Buffer.byteLength(JSON.stringify(payload));
  if (size <= PAYLOAD_LIMIT_BYTES) return;
  throw new HooklineError('payload_too_large', `The payload has ${size} bytes; ${PAYLOAD_LIMIT_BYTES} are allowed.`, {
    hint: 'Store large content elsewhere and put its URL into the payload.',
  });
}

function idempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(header)) {
    throw new HooklineError('invalid_request', 'Idempotency-Key takes 1 to 255 printable ASCII characters.');
  }
  return header;
}
