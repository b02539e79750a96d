import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { openPostgres } from '../../src/db/pg.js';
import { type GatewaySim, startGatewaySim } from '../../src/dev/gateway-sim/gateway-sim.js';
import { startPlanetscaleGateway } from '../../src/dev/planetscale-gateway/gateway.js';
import { startHookline } from '../../src/main.js';
import { captureLog } from '../harness/captured-log.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { waitUntil } from '../harness/wait-until.js';

const ROWS = 'SELECT id, title, callback_state, event_state, event_id FROM ai_content ORDER BY id';
const KEYS = {
  MODELRIVER_WEBHOOK_SECRET: 'mr-secret',
  MODELRIVER_API_KEY: 'mr-key',
  LOG_LEVEL: 'silent',
  HOOKLINE_SERVICE_KEY: 'the-service-key-of-tests',
};

interface OtherStore {
  readonly url: string;
  /** What callbacks name it. */
  readonly name: string;
  rows(): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

async function mysqlRows(url: string): Promise<Record<string, unknown>[]> {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query(ROWS);
    return (rows as Record<string, unknown>[]).map((row) => ({ ...row, id: String(row['id']) }));
  } finally {
    await connection.end();
  }
}

const STORES: Record<string, (migrated: boolean) => Promise<OtherStore>> = {
  async 'a MySQL database'(migrated) {
    const { url, drop } = await newMariadbDatabase({ migrated });
    return { url, name: 'mysql', rows: () => mysqlRows(url), drop };
  },
  async 'a PlanetScale database'(migrated) {
    const { url: mysql, drop } = await newMariadbDatabase({ migrated });
    const gateway = await startPlanetscaleGateway({ mysql, user: 'u', password: 'p' });
    return {
      url: gateway.url,
      name: 'planetscale',
      rows: () => mysqlRows(mysql),
      drop: async () => {
        await gateway.close();
        await drop();
      },
    };
  },
  async 'another PostgreSQL database'(migrated) {
    const { url, drop } = await newPostgresDatabase({ migrated });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return {
      url,
      name: 'postgres',
      rows: async () => (await client.query(ROWS)).rows,
      drop: async () => {
        await client.end();
        await drop();
      },
    };
  },
};

describe.each(Object.entries(STORES))('Hookline with %s as the store of its receiver', (_, open) => {
  let own: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let store: OtherStore;
  let subscriber: ReceiverServer;
  let sim: GatewaySim;
  beforeAll(async () => {
    own = await newPostgresDatabase();
    store = await open(true);
    subscriber = await startReceiver();
    sim = await startGatewaySim({ secret: 'mr-secret', apiKey: 'mr-key', timeScale: 0.1 });
  });
  afterAll(async () => {
    await sim.close();
    await subscriber.close();
    await store.drop();
    await own.drop();
  });
  const start = (receiverUrl: string, log = captureLog().log) =>
    startHookline(
      loadConfig({
        DATABASE_URL: own.url,
        HOOKLINE_RECEIVER_URL: receiverUrl,
        HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8',
        HOOKLINE_CALLBACK_ORIGINS: sim.callbackOrigin,
        PORT: '0',
        ...KEYS,
      }),
      { api: true, worker: true, log },
    );
  const event = (userId: string) => {
    const channel_id = randomUUID();
    return {
      type: 'task.ai_generated',
      event: 'video.generated',
      channel_id,
      ai_response: { data: { title: 'A title' } },
      callback_url: sim.callbackUrl(channel_id),
      customer_data: { user_id: userId },
    };
  };

  it('stores there, calls back with that record, and tells the customers of its own database', async () => {
    const db = openPostgres({ connectionString: own.url });
    const { userId } = await createWebhook(db, subscriber.url);
    await db.close();
    const hookline = await start(store.url);
    try {
      const given = event(userId);
      const request = sim.send(given, { to: `${hookline.url}/webhooks/modelriver` });
      await request.settled();
      expect(request.state).toBe('called_back');
      const [delivered] = await subscriber.waitFor(1);
      const isNoted = async () => {
        const [row] = await store.rows();
        return row?.['callback_state'] === 'done' && row['event_state'] === 'done';
      };
      await waitUntil(isNoted, { message: 'callback and event to be noted as done' });
      const [row, ...more] = await store.rows();
      expect(more).toEqual([]);
      expect(row).toMatchObject({ title: 'A title', callback_state: 'done', event_state: 'done' });
      const read = await fetch(`${hookline.url}/v1/ai-content`, {
        headers: { authorization: `Bearer ${KEYS.HOOKLINE_SERVICE_KEY}` },
      });
      expect(await read.json()).toMatchObject({
        data: [{ id: row?.['id'], title: 'A title', user_id: userId, channel_id: given.channel_id }],
      });
      expect(sim.callbacks[0]?.body).toMatchObject({
        task_id: `${store.name}_${row?.['id']}`,
        metadata: { database: store.name, record_id: row?.['id'] },
      });
      expect(JSON.parse(delivered?.body.toString() ?? '')).toEqual({
        title: 'A title',
        id: row?.['id'],
        channel_id: given.channel_id,
      });
      const { rows } = await hookline.db.query<{ id: string }>('SELECT id::text AS id FROM hookline.events');
      expect(rows).toEqual([{ id: (await store.rows())[0]?.['event_id'] }]);
    } finally {
      await hookline.stop();
    }
  });

  it('starts while the store cannot be reached, and asks the gateway to send again', async () => {
    const away = new URL(store.url);
    away.port = '1';
    const { log, lines } = captureLog();
    const hookline = await start(away.href, log);
    try {
      const request = sim.send(event(randomUUID()), { to: `${hookline.url}/webhooks/modelriver`, attempts: 1 });
      await request.settled();
      expect(request.attempts).toMatchObject([{ status: 503 }]);
      expect(lines('receiver.store_unreachable: AI webhooks are answered 503 until it is back.')).toHaveLength(1);
    } finally {
      await hookline.stop();
    }
  });

  it('does not start on a database without its table, and says what to run', async () => {
    const bare = await open(false);
    try {
      await expect(start(bare.url)).rejects.toMatchObject({
        code: 'not_migrated',
        hint: expect.stringContaining('hookline migrate'),
      });
    } finally {
      await bare.drop();
    }
  });
});
