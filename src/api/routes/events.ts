import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../../db/database.js';
import { HooklineError } from '../../errors.js';
import type { NewEvent, Triggered } from '../../trigger/event.js';
import { gatheredTrigger } from '../../trigger/gather.js';
import { originOf } from '../../trigger/origin.js';
import { answers, jsonAnswer } from '../openapi/answers.js';
import { toProblem } from '../problem.js';
import { toRequestError } from '../request-errors.js';
import { sendJson } from '../v1/json.js';
import { uuid } from '../v1/schemas.js';
import { Body, bodyValidator, eventOf, eventsOf, idempotencyKey, isBatch, MOST_EVENTS } from './events-body.js';

/** A thousand events of 4 KB come in; reading them keeps the event loop from others for some 100 ms. */
const BODIES_OF_A_BATCH = 4;
/** What `#999` takes of a key. */
const LONGEST_KEY_OF_A_BATCH = 251;

const Accepted = Type.Object(
  {
    event_id: uuid(),
    duplicate: Type.Boolean({ description: 'It was triggered before under its idempotency key; the rest is of then.' }),
    deliveries: Type.Array(Type.Object({ id: uuid(), webhook_id: uuid(), url: Type.String() })),
    skipped: Type.Optional(
      Type.Integer({
        description: 'Of an event for everyone: users who were passed over, since their backlog is full.',
      }),
    ),
  },
  { title: 'AcceptedEvent' },
);
const Results = Type.Object(
  {
    results: Type.Array(
      Type.Union([Accepted, Type.Object({ error: Type.Object({}, { additionalProperties: true }) })]),
      {
        description: 'For each event in order: what it has become, or a problem document.',
      },
    ),
  },
  { title: 'EventResults' },
);

const schema = {
  operationId: 'createEvents',
  summary: 'Trigger events',
  description:
    `One event, or \`events\`, 1 to ${MOST_EVENTS} of them, each for one user or for everyone. Of a batch each stands for itself: ` +
    '`results` has what came of it or its problem, in order. The header `Idempotency-Key` makes a request repeatable; each event of a batch may have a key of its own.',
  tags: ['Events'],
  headers: Type.Object({
    'idempotency-key': Type.Optional(
      Type.String({ description: '1 to 255 printable ASCII characters; 251 for a batch.' }),
    ),
  }),
  body: Body,
  response: answers(
    {
      200: jsonAnswer('It came before under this key: the answer of then.', Accepted),
      202: jsonAnswer('Triggered.', Type.Union([Accepted, Results])),
    },
    [
      ...(['forbidden', 'invalid_json', 'body_too_large', 'unsupported_media_type', 'not_storable'] as const),
      ...([
        'unknown_event_type',
        'unknown_user',
        'invalid_payload',
        'invalid_payload_schema',
        'payload_too_large',
      ] as const),
      ...(['idempotency_conflict', 'service_key_not_set', 'backlog_full'] as const),
    ],
  ),
};

/**
 * `POST /v1/events` for the service: triggers an event for one user (`user_id`, or `external_user_id`, the application's own id) or for everyone
 * (`broadcast: true`), when its payload fulfils the schema of the event type. 202 with the deliveries that it made; 200 with those of the first request when the
 * idempotency key was used before. A batch gets 202 with a result for each of its events, in order; bodies may be four times as large here.
 */
export function eventRoutes(app: FastifyInstance, { db }: { readonly db: Database }): void {
  const trigger = fromRequests(gatheredTrigger(db));
  const bodyLimit = (app.initialConfig.bodyLimit ?? 1_048_576) * BODIES_OF_A_BATCH;
  app.post<{ Body: Body }>(
    '/v1/events',
    { bodyLimit, schema, validatorCompiler: bodyValidator },
    async (request, reply) => {
      const { body, jsonText, headers, log } = request;
      if (isBatch(body)) {
        const key = idempotencyKey(headers['idempotency-key'], LONGEST_KEY_OF_A_BATCH);
        const results = await triggerAll(eventsOf(body, jsonText, key), trigger, request);
        return sendJson(reply.code(202), `{"results":[${results.join(',')}]}`);
      }
      const event = eventOf(body, jsonText, idempotencyKey(headers['idempotency-key']));
      const [outcome] = await trigger([event], request);
      if (outcome?.status !== 'fulfilled') throw outcome?.reason;
      const { value: triggered } = outcome;
      log.info(
        {
          event_id: triggered.eventId,
          type: event.type,
          duplicate: triggered.isDuplicate,
          deliveries: triggered.matched,
        },
        'event.accepted',
      );
      return sendJson(reply.code(triggered.isDuplicate ? 200 : 202), textOf(triggered));
    },
  );
}

type Trigger = (
  events: readonly NewEvent[],
  request: Pick<FastifyRequest, 'id' | 'headers'>,
) => ReturnType<ReturnType<typeof gatheredTrigger>>;

/** The events bear where they come from. */
function fromRequests(trigger: ReturnType<typeof gatheredTrigger>): Trigger {
  return (events, request) => {
    const { requestId, traceparent } = originOf(request);
    return trigger(events.map((event) => ({ ...event, requestId, traceparent })));
  };
}

/** The results' JSON. Throws when each of them failed on our side: then the request did. */
async function triggerAll(
  events: readonly (NewEvent | HooklineError)[],
  trigger: Trigger,
  request: FastifyRequest,
): Promise<string[]> {
  const { log, server } = request;
  const wellFormed = events.filter((event): event is NewEvent => !(event instanceof HooklineError));
  const outcomes = await trigger(wellFormed, request);
  let next = 0;
  const results = events.map((event) => {
    if (event instanceof HooklineError) return event;
    const outcome = outcomes[next++];
    return outcome?.status === 'fulfilled' ? outcome.value : toRequestError(outcome?.reason, 0);
  });
  const refused = results.filter((result) => result instanceof HooklineError);
  const failed = refused.filter(({ status }) => status >= 500);
  const [first] = failed;
  if (first !== undefined && failed.length === events.length) throw first;
  if (first !== undefined) server.logFailure(log, first.cause ?? first, first.code);
  log.info({ events: events.length, refused: refused.length, failed: failed.length }, 'events.accepted');
  return results.map((result) =>
    result instanceof HooklineError ? JSON.stringify({ error: toProblem(result) }) : textOf(result),
  );
}

function textOf({ eventId, isDuplicate, deliveries, skipped }: Triggered): string {
  const more = skipped > 0 ? `,"skipped":${skipped}` : '';
  return `{"event_id":"${eventId}","duplicate":${isDuplicate},"deliveries":${deliveries}${more}}`;
}
