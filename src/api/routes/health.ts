import type { FastifyInstance, FastifyReply } from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { Database } from '../../db/database.js';
import { ALIVE, type ProbeAnswer, probeAnswer } from '../../manage/readiness/answers.js';
import type { Readiness } from '../../manage/readiness/readiness.js';
import { jsonAnswer, problemAnswers } from '../openapi/answers.js';

const Check = Type.Object(
  {
    status: Type.Enum(['ok', 'degraded', 'failed', 'skipped'], {
      type: 'string',
      description: 'Degraded is told alone: it does not make the process not ready.',
    }),
    detail: Type.Optional(Type.String({ description: 'What was found.' })),
    hint: Type.Optional(Type.String({ description: 'What to do about it.' })),
  },
  { title: 'ReadinessCheck' },
);

const Report = Type.Object(
  {
    status: Type.Enum(['ready', 'degraded', 'not_ready'], { type: 'string' }),
    checks: Type.Object({
      process: Check,
      database: Check,
      migrations: Check,
      worker: Check,
      queue: Check,
    }),
  },
  { title: 'Readiness' },
);

const liveness = {
  operationId: 'getHealth',
  summary: 'Whether this process is alive',
  description: 'It answers, and asks nobody. Whether it can do its work is at /readyz.',
  tags: ['Operation'],
  security: [],
  response: {
    200: jsonAnswer(
      'It is.',
      Type.Object(
        {
          status: Type.Enum(['ok'], { type: 'string' }),
          database: Type.Enum(['postgres', 'pglite'], { type: 'string', description: 'Which it is made for.' }),
        },
        { title: 'Health' },
      ),
    ),
    ...problemAnswers(['invalid_request', 'shutting_down']),
  },
};

const readinessSchema = {
  operationId: 'getReadiness',
  summary: 'Whether this process can do its work',
  description:
    'Its database answers and takes writes, the schema is migrated, and its own worker, where it has one, beats. Of workers elsewhere and of the queue it tells, and is ' +
    'ready whatever they do. What is told is at most a second old.',
  tags: ['Operation'],
  security: [],
  response: {
    ...problemAnswers(['invalid_request']),
    200: jsonAnswer('It can, with or without something to tell.', Report),
    503: withReport(problemAnswers(['shutting_down'])[503], 'It cannot.', Report),
  },
};

/** `GET /healthz` and `GET /readyz`, which take no credentials. */
export function healthRoutes(
  app: FastifyInstance,
  deps: { readonly db: Database; readonly readiness: Readiness },
): void {
  const { db, readiness } = deps;

  app.get('/healthz', { schema: liveness }, async (_request, reply) =>
    send(reply, { ...ALIVE, body: { ...ALIVE.body, database: db.kind } }),
  );

  app.get('/readyz', { schema: readinessSchema }, async (_request, reply) =>
    send(reply, await probeAnswer('/readyz', readiness)),
  );
}

function send(reply: FastifyReply, answer: ProbeAnswer | undefined): object {
  reply.header('cache-control', 'no-store');
  reply.code(answer?.status ?? 503);
  return answer?.body ?? {};
}

/** A status that is answered with a problem or with a report. */
function withReport(
  problem: ReturnType<typeof problemAnswers>[number] | undefined,
  description: string,
  schema: TSchema,
) {
  const report = jsonAnswer(description, schema);
  return {
    description: [report.description, problem?.description].filter(Boolean).join('\n\n'),
    content: { ...report.content, ...problem?.content },
  };
}
