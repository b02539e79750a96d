import { pino } from 'pino';
import { createServer } from '../src/api/server.js';
import { openPostgres } from '../src/db/pg.js';

/** The server's OpenAPI document, as the caller reads it. It needs no database: nothing is asked of this one. */
export async function openApiDocument<Document>(): Promise<Document> {
  const db = openPostgres({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
  const app = createServer({ db, log: pino({ level: 'silent' }), serviceKey: 'none', maxBodyBytes: 1_048_576 });
  try {
    return (await app.inject('/openapi.json')).json<Document>();
  } finally {
    await app.close();
    await db.close();
  }
}
