import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { type ContractedApi, serveContract } from '../integration/api-callers.js';
import { SERVICE_KEY } from '../integration/api-client.js';
import { sign, userClaims } from '../integration/api-tokens.js';
import { HTTP_CALLS } from './http/matrix.js';
import { type Makers, withThings } from './http/things.js';
import { makeWorld } from './world.js';

/** Never ends, so its answer is not read. */
const STREAM = '/v1/deliveries/stream';

// Suites of routes run on PostgreSQL alone. What may differ on the embedded database, a route's own SQL and the types that come back, each call shows once.
describe('every route on the embedded database', () => {
  let database: TestDatabase;
  let api: ContractedApi;
  let makers: Makers;
  let owner: string;
  beforeAll(async () => {
    database = await openTestDatabase('pglite');
    const world = await makeWorld(database.db);
    await database.db.query('UPDATE hookline.settings SET webhooks_per_user = 10000, api_keys_per_user = 10000');
    api = await serveContract(database.db);
    owner = await sign(userClaims(world.owner.id));
    makers = { db: database.db, owner: world.owner.id, service: api.service };
  });
  afterAll(async () => {
    await api.app.close();
    await database.drop();
  });

  for (const call of HTTP_CALLS.filter(({ path }) => path !== STREAM)) {
    it(`${call.method} ${call.path} ${call.body ?? ''} answers as the document and the matrix say`, async () => {
      for (const [caller, bearer] of [
        ['owner', owner],
        ['service', SERVICE_KEY],
      ] as const) {
        const [path = '', body] = (await withThings(`${call.path} ${call.body ?? ''}`, makers)).split(/ (.*)/s);
        const { status } = await api.call(call.method, path, {
          bearer,
          ...(body !== undefined && body !== '' && { body }),
        });
        expect(status, caller).toBe(call.statuses[caller]);
      }
    });
  }
});
