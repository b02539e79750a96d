import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/db/pg.js';
import { startPlanetscaleGateway } from '../../src/dev/planetscale-gateway/gateway.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { doctor } from './doctor-helpers.js';

interface Elsewhere {
  readonly url: string;
  /** Adds a row whose callback is late, and one whose callback failed. */
  addTrouble(): Promise<unknown>;
  drop(): Promise<unknown>;
}

const TROUBLE = (now: string) => `INSERT INTO ai_content (title, callback_state, callback_next_at) VALUES
  ('late', 'pending', ${now} - INTERVAL '6' MINUTE), ('no', 'expired', NULL)`;

async function inMysql(url: string, statement: string): Promise<void> {
  const connection = await createConnection({ uri: url, timezone: 'Z' });
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}

const STORES: Record<string, (migrated: boolean) => Promise<Elsewhere>> = {
  async MySQL(migrated) {
    const { url, drop } = await newMariadbDatabase({ migrated });
    return { url, addTrouble: () => inMysql(url, TROUBLE('UTC_TIMESTAMP(3)')), drop };
  },
  async PlanetScale(migrated) {
    const { url: mysql, drop } = await newMariadbDatabase({ migrated });
    const gateway = await startPlanetscaleGateway({ mysql, user: 'u', password: 'password-of-the-gateway' });
    return {
      url: gateway.url,
      addTrouble: () => inMysql(mysql, TROUBLE('UTC_TIMESTAMP(3)')),
      drop: async () => {
        await gateway.close();
        await drop();
      },
    };
  },
  async 'another PostgreSQL'(migrated) {
    const { url, drop } = await newPostgresDatabase({ migrated });
    return {
      url,
      async addTrouble() {
        const db = openPostgres({ connectionString: url, poolSize: 1 });
        await db.query(TROUBLE('now()')).finally(() => db.close());
      },
      drop,
    };
  },
};

describe('hookline doctor where AI webhooks are stored elsewhere', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  beforeAll(async () => {
    database = await newPostgresDatabase();
  });
  afterAll(() => database.drop());
  const at = (url: string) => doctor({ DATABASE_URL: database.url, HOOKLINE_RECEIVER_URL: url });

  it.each(Object.keys(STORES))('looks into %s: that it serves, and at its callbacks', async (kind) => {
    const store = await STORES[kind]?.(true);
    if (store === undefined) throw new Error('no such store');
    try {
      const fine = await at(store.url);
      expect(fine.of('receiver.ok').found).toContain('answers');
      expect(fine.of('callbacks.ok')).toBeDefined();
      await store.addTrouble();
      const { of } = await at(store.url);
      expect(of('callbacks.late').found).toContain('1 callback has been due');
      expect(of('callbacks.given_up').found).toContain('1 failed for good');
    } finally {
      await store.drop();
    }
  });

  it.each(Object.keys(STORES))('says that %s lacks the table', async (kind) => {
    const store = await STORES[kind]?.(false);
    if (store === undefined) throw new Error('no such store');
    try {
      const { code, of } = await at(store.url);
      expect(code).toBe(1);
      expect(of('receiver.not_migrated').mend).toContain('hookline migrate');
    } finally {
      await store.drop();
    }
  });

  it.each([
    'mysql://u:hidden-password@127.0.0.1:1/app',
    'postgres://u:hidden-password@127.0.0.1:1/app',
    'http://u:hidden-password@127.0.0.1:1',
  ])('says that nothing answers at %s', async (url) => {
    const { code, of } = await at(url);
    expect(code).toBe(1);
    expect(of('receiver.unreachable').found).toContain('gives no answer');
  });
});
