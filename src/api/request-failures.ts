import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Database } from '../db/database.js';
import { toHooklineError } from '../db/sql-errors.js';
import { loopLogOf } from '../observe/outage.js';

const FAILED = 'request.failed';
/** Routes whose answer, when it is a good one, came from the database; that of a stream came when it began, and is logged when it ends. */
const FROM_DATABASE = /^\/(v1\/(?!session$|deliveries\/stream$)|rest\/)/;

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Tells the log why a request failed on our side; `code` is what it was refused with. Each is told, but those of a database that is away, full or read-only as the
     * loops tell them (observe/outage.ts), since they come by the thousand then: each has its own line with the code all the same.
     */
    logFailure(log: FastifyBaseLogger, error: unknown, code: string): void;
  }
}

/** Decorates the server with `logFailure`, and has good answers say that the database serves again. */
export function tellFailures(app: FastifyInstance, db: Database, log: Logger): void {
  const loopLog = loopLogOf(db, log);
  app.decorate('logFailure', (ofRequest: FastifyBaseLogger, error: unknown, code: string) => {
    if (toHooklineError(error).code === 'database_unavailable') loopLog.failed(FAILED, error, { code }, 'error');
    else ofRequest.error({ err: error, code }, FAILED);
  });
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode < 300 && FROM_DATABASE.test(request.routeOptions.url ?? '')) loopLog.worked(FAILED);
  });
}
