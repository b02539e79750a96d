import type { FastifyInstance } from 'fastify';
import type { Database } from '../../db/database.js';
import { HooklineError } from '../../errors.js';

/** How long the database may take to answer before this process counts as unhealthy. */
const ANSWER_WITHIN_MS = 2_000;

/** `GET /healthz`: 200 while the database answers, else 503 `database_unavailable`. */
export function healthRoutes(app: FastifyInstance, deps: { readonly db: Database }): void {
  app.get('/healthz', async (_request, reply) => {
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
