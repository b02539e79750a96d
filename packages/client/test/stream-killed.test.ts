import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { openPostgres } from '../../../src/db/pg.js';
import { openPglite } from '../../../src/db/pglite.js';
import { createUser, newPostgresDatabase } from '../../../test/harness/databases.js';
import { type HooklineProcess, startHooklineProcess } from '../../../test/harness/hookline-process.js';
import { fillDataDir } from '../../../test/harness/pglite-databases.js';
import { type ReceiverServer, startReceiver } from '../../../test/harness/receiver-server.js';
import { freePort } from '../../../test/harness/services/free-port.js';
import { waitUntil } from '../../../test/harness/wait-until.js';
import { SERVICE_KEY } from '../../../test/integration/api-client.js';
import { createClient, ok } from '../src/index.js';
import { follow } from './following.js';

const DATABASES = {
  async postgres() {
    const { url, drop } = await newPostgresDatabase();
    return { owner: openPostgres({ connectionString: url }), env: { DATABASE_URL: url }, drop };
  },
  async pglite() {
    const dataDir = mkdtempSync(join(inject('runFolder'), 'stream-killed-'));
    await fillDataDir(inject('runFolder'), dataDir);
    const owner = await openPglite({ dataDir: join(dataDir, 'pglite') });
    return { owner, env: { HOOKLINE_DATA_DIR: dataDir }, drop: async () => undefined };
  },
};

describe.each(Object.entries(DATABASES))('hookline killed with SIGKILL on %s', (_kind, open) => {
  let subscriber: ReceiverServer;
  let database: Awaited<ReturnType<typeof open>>;
  let user_id: string;
  let hookline: HooklineProcess | undefined;
  beforeEach(async () => {
    subscriber = await startReceiver();
    database = await open();
    user_id = await createUser(database.owner);
    // A data folder is one process's at a time.
    await database.owner.close();
  });
  afterEach(async () => {
    await hookline?.end('SIGKILL');
    await subscriber.close();
    await database.drop();
  });

  it('its streams go on where it was started again: all is told, once; lists and events come through, too', async () => {
    const port = await freePort();
    const keys = { PORT: String(port), HOOKLINE_SERVICE_KEY: SERVICE_KEY, HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8' };
    const start = async (): Promise<void> => {
      hookline = startHooklineProcess(['start'], { ...keys, ...database.env });
      await hookline.waitForOutput('hookline.started');
    };
    await start();
    const options = { url: `http://127.0.0.1:${port}`, token: SERVICE_KEY, retries: 20, backoffMs: 100 };
    const client = createClient(options);
    const body = { user_id, name: 'mine', url: subscriber.url, event_types: ['video.generated'] };
    await client.POST('/v1/webhooks', { body }).then(ok);
    const told = follow(client, { params: { query: { user_id } } });
    await told.waitFor('open');

    const sending = Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        client.POST('/v1/events', { body: { type: 'video.generated', user_id, payload: { n } } }).then(ok),
      ),
    );
    await told.waitFor('created');
    await hookline?.end('SIGKILL');
    await start();
    await sending;
    await client.POST('/v1/events', { body: { type: 'video.generated', user_id, payload: { n: 40 } } }).then(ok);

    // However long the start takes: the client's pauses between its tries grow as long as that.
    await waitUntil(() => told.created().length >= 41, {
      message: () => `41; ${told.created().length} were told`,
      timeoutMs: 40_000,
    });
    const listed: string[] = [];
    const query = { user_id, limit: 10 };
    for await (const { id } of client.each('/v1/deliveries', { params: { query } })) listed.push(id);
    expect(listed).toHaveLength(41);
    expect(told.created().toSorted()).toEqual(listed.toSorted());
    expect(told.interruptions.length).toBeGreaterThan(0);
    expect(told.items.map(({ kind }) => kind)).not.toContain('gap');
    await told.stop();
  }, 180_000);
});
