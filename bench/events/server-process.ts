import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { createServer } from '../../src/api/server.js';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { serve } from '../stand/serve.js';

export interface ServerSettings {
  readonly url: string;
  readonly serviceKey: string;
}

let running: { app: FastifyInstance; db: Database } | undefined;
const delay = monitorEventLoopDelay({ resolution: 5 });

serve({
  /** Gives the server's address. It logs as it does by default, to where nobody reads. */
  async start({ url, serviceKey }: ServerSettings) {
    const db = openPostgres({ connectionString: url });
    const log = pino({ level: 'info' }, pino.destination('/dev/null'));
    const app = createServer({ db, log, serviceKey, maxBodyBytes: 1_048_576 });
    running = { app, db };
    delay.enable();
    return app.listen({ host: '127.0.0.1', port: 0 });
  },
  /** Forgets how long the event loop stood still until now. */
  reset() {
    delay.reset();
  },
  /** The longest that the event loop stood still since, in ms. */
  stall() {
    return delay.max / 1e6;
  },
  async stop() {
    await running?.app.close();
    await running?.db.close();
    running = undefined;
  },
});
