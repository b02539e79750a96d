import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../../db/database.js';
import { HooklineError } from '../../errors.js';
import { jsonAnswer, problemAnswers } from '../openapi/answers.js';

/** How long the database may take to answer before this process counts as unhealthy. */
const ANSWER_WITHIN_MS = 2_000;

const health = {
  operationId: 'getHealth',
  summary: 'Whether this process is healthy',
  tags: ['Operation'],
  security: [],
  response: {
    200: jsonAnswer(
      'The database answers.',
      Type.Object(
        {
          status: Type.Enum(['ok'], { type: 'string' }),
          database: Type.Enum(['postgres', 'pglite'], { type: 'string' }),
        },
        { title: 'Health' },
      ),
    ),
    ...problemAnswers(['invalid_request', 'database_unavailable', 'shutting_down']),
  },
};

/** `GET /healthz`: 200 while the database answers, else 503 `database_unavailable`. */
export function healthRoutes(app: FastifyInstance, deps: { readonly db: Database }): void {
  app.get('/healthz', { schema: health }, async (_request, reply) => {
    await answersInTime(deps.db);
    reply.header('cache-control', 'no-store');
    return { status: 'ok', database: deps.db.kind };
  });
}

async function answersInTime(db: Database): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new HooklineError('database_unavailable')), ANSWER_WITHIN_MS);
  });
  try {
    await Promise.race([db.query('SELECT 1', []), late]);
  } catch (error) {
    throw new HooklineError('database_unavailable', undefined, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
