import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Database } from '../../db/database.js';
import { asService } from '../../db/roles.js';
import { loadSql } from '../../db/sql-file.js';
import { HooklineError } from '../../errors.js';
import { requireServiceKey } from '../auth.js';

const TRIGGER_EVENT = loadSql(import.meta.url, './trigger-event.sql');

const Body = Type.Object(
  {
    type: Type.String({ minLength: 1, maxLength: 100 }),
    payload: Type.Object({}),
    user_id: Type.Optional(Type.String({ format: 'uuid' })),
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
 * `POST /v1/events` for the service key: triggers an event for one user (`user_id`) or for everyone (`broadcast: true`).
 * 202 with the deliveries that it made; 200 with those of the first request when the `Idempotency-Key` was used before.
 */
export function eventRoutes(
  app: FastifyInstance,
  deps: { readonly db: Database; readonly serviceKey: string | undefined },
): void {
  const onRequest = requireServiceKey(deps.serviceKey);
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .post('/v1/events', { onRequest, schema: { body: Body } }, async (request, reply) => {
      const recipient = recipientOf(request.body);
      const key = idempotencyKey(request.headers['idempotency-key']);
      const { rows } = await asService(deps.db, (tx) =>
        tx.query<TriggeredRow>(TRIGGER_EVENT, [request.body.type, request.jsonText, recipient, key]),
      );
      const [row] = rows;
      if (row === undefined) {
        throw new HooklineError('unknown_user', undefined, { hint: 'user_id takes the id of a row of auth.users.' });
      }
      const { event_id, is_duplicate: duplicate } = row;
      const deliveries = Value.Parse(Deliveries, JSON.parse(row.deliveries));
      const { type } = request.body;
      request.log.info({ event_id, type, duplicate, deliveries: deliveries.length }, 'event.accepted');
      reply.code(duplicate ? 200 : 202);
      return { event_id, duplicate, deliveries };
    });
}

/** The user an event is for, or null for everyone, which must be said: no event reaches everyone by accident. */
function recipientOf(body: Body): string | null {
  if ((body.user_id === undefined) === (body.broadcast === undefined)) {
    throw new HooklineError('invalid_request', 'Give either user_id or broadcast: true.');
  }
  return body.user_id ?? null;
}

function idempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(header)) {
    throw new HooklineError('invalid_request', 'Idempotency-Key takes 1 to 255 printable ASCII characters.');
  }
  return header;
}
