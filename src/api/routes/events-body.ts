import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import { elementsOf, membersOf } from '@hookline/receiver';
import type { FastifySchemaCompiler } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';
import { HooklineError } from '../../errors.js';
import type { NewEvent } from '../../trigger/event.js';
import { invalidFields } from '../request-errors.js';
import { jsonObject } from '../v1/schemas.js';

export const MOST_EVENTS = 1_000;
const IDEMPOTENCY_KEY = /^[\x20-\x7e]{1,255}$/;

const Event = Type.Object(
  {
    type: Type.String({ minLength: 1, maxLength: 100, description: 'A registered event type.' }),
    payload: jsonObject('256 KiB at most. It is delivered as it is, and fulfils the schema of the event type.'),
    user_id: Type.Optional(Type.String({ format: 'uuid', description: 'The user whose webhooks are told.' })),
    external_user_id: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: "The same user by your application's own id." }),
    ),
    broadcast: Type.Optional(Type.Literal(true, { description: 'Instead of a user: everyone is told.' })),
    idempotency_key: Type.Optional(
      Type.String({
        pattern: IDEMPOTENCY_KEY.source,
        description: 'Printable ASCII. The same event under the same key is triggered once in 24 hours.',
      }),
    ),
  },
  {
    additionalProperties: false,
    title: 'NewEvent',
    description: 'For exactly one of user_id, external_user_id and broadcast.',
  },
);
type Event = Static<typeof Event>;

const batchOf = <Item extends TSchema>(item: Item) =>
  Type.Object(
    { events: Type.Array(item, { minItems: 1, maxItems: MOST_EVENTS }) },
    { additionalProperties: false, title: 'NewEvents' },
  );

/** One event, or many. */
export const Body = Type.Union([Event, batchOf(Event)]);
export type Body = Event | { readonly events: readonly unknown[] };

const checkOf = (schema: TSchema): ReturnType<FastifySchemaCompiler<unknown>> =>
  TypeBoxValidatorCompiler({ schema, method: 'POST', url: '/v1/events', httpPart: 'body' });
const checkEvent = checkOf(Event);
const checkBatch = checkOf(batchOf(Type.Unknown()));

/** Validates a body as what it means to be: of a union it could only be said that no part of it fits. Events of a batch are checked each by itself. */
export const bodyValidator: FastifySchemaCompiler<TSchema> = (part) =>
  part.httpPart === 'body' ? (body) => (isBatch(body) ? checkBatch : checkEvent)(body) : TypeBoxValidatorCompiler(part);

export function isBatch(body: unknown): body is { readonly events: readonly unknown[] } {
  return typeof body === 'object' && body !== null && 'events' in body;
}

/** The event of a body of one; `key` is that of the header, which an own one goes before. Throws `invalid_request`, `not_storable`. */
export function eventOf(body: Event, jsonText: string, key: string | null): NewEvent {
  const given = [body.user_id, body.external_user_id, body.broadcast].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw new HooklineError('invalid_request', 'Give one of user_id, external_user_id and broadcast: true.');
  }
  // One would have the whole statement refused, and every event of it repeated alone.
  if (`${body.type}${body.external_user_id ?? ''}`.includes('\0')) {
    throw new HooklineError('not_storable', undefined, { hint: 'Remove \\u0000 from type and external_user_id.' });
  }
  return {
    type: body.type,
    payload: body.payload,
    json: membersOf(jsonText).get('payload') ?? 'null',
    userId: body.user_id ?? null,
    externalUserId: body.external_user_id ?? null,
    idempotencyKey: body.idempotency_key ?? key,
  };
}

/** The events of a batch, or what is wrong with each. With a key in the header, those without their own have one made of that and their place. */
export function eventsOf(
  { events }: { readonly events: readonly unknown[] },
  jsonText: string,
  key: string | null,
): (NewEvent | HooklineError)[] {
  const texts = elementsOf(membersOf(jsonText).get('events'));
  return events.map((item, at) => {
    try {
      const checked: unknown = checkEvent(item);
      if (hasErrors(checked)) throw invalidFields({ validation: checked.error, validationContext: 'body' });
      return eventOf(item as Event, texts[at] ?? '', key === null ? null : `${key}#${at}`);
    } catch (error) {
      if (error instanceof HooklineError) return error;
      throw error;
    }
  });
}

type Findings = NonNullable<Parameters<typeof invalidFields>[0]['validation']>;

function hasErrors(checked: unknown): checked is { readonly error: Findings } {
  return typeof checked === 'object' && checked !== null && 'error' in checked;
}

/** The header Idempotency-Key; null without one. Throws `invalid_request`. `most`: characters that are left for it. */
export function idempotencyKey(header: string | string[] | undefined, most = 255): string | null {
  if (header === undefined) return null;
  if (typeof header !== 'string' || !IDEMPOTENCY_KEY.test(header) || header.length > most) {
    throw new HooklineError('invalid_request', `Idempotency-Key takes 1 to ${most} printable ASCII characters.`);
  }
  return header;
}
