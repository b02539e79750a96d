import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { type Pooler, startPgbouncer } from '../harness/services/pgbouncer.js';
import { addWorkerRow, doctor, type Login, makeServingLogin } from './doctor-helpers.js';

/** On Debian as root PgBouncer is installed first. */
const INSTALL_MS = 600_000;

describe('hookline doctor behind PgBouncer', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let owner: Database;
  let login: Login;
  let poolers: Readonly<Record<'session' | 'transaction', Pooler>>;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    owner = openPostgres({ connectionString: database.url });
    login = await makeServingLogin(owner, database.url);
    await addWorkerRow(owner, 'host:1', '-1 h');
    poolers = {
      session: await startPgbouncer(login.url, 'session'),
      transaction: await startPgbouncer(login.url, 'transaction'),
    };
  }, INSTALL_MS);
  afterAll(async () => {
    await poolers?.session.stop();
    await poolers?.transaction.stop();
    await login.drop();
    await owner.close();
    await database.drop();
  });
  const pooledOf = async (url: string): Promise<boolean> => {
    const { findings } = await doctor({ DATABASE_URL: url });
    expect(findings.filter((one) => one.code === 'doctor.check_failed')).toEqual([]);
    return findings.some((one) => one.code === 'session.pooled');
  };

  it('tells a transaction pooler from one in session mode, and from PostgreSQL itself, each time', async () => {
    for (let round = 0; round < 3; round += 1) {
      expect(await pooledOf(poolers.transaction.address)).toBe(true);
      expect(await pooledOf(poolers.session.address)).toBe(false);
      expect(await pooledOf(login.url)).toBe(false);
    }
  });

  it('tells it while others use the pooler, and what to mend', async () => {
    const others = openPostgres({ connectionString: poolers.transaction.address, poolSize: 4 });
    let isOver = false;
    const busy = Array.from({ length: 4 }, async () => {
      while (!isOver) await others.query('SELECT pg_sleep(0.002)', []);
    });
    const { code, of } = await doctor({ DATABASE_URL: poolers.transaction.address });
    isOver = true;
    await Promise.all(busy);
    await others.close();
    expect(code).toBe(1);
    expect(of('session.pooled')).toMatchObject({
      severity: 'failure',
      found: expect.stringContaining('LISTEN'),
      mend: expect.stringContaining('pool_mode = session'),
    });
  });
});
