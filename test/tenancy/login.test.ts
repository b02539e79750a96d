import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { asService } from '../../src/db/roles.js';
import { sqlError } from '../conformance/spec-helpers.js';
import { asUserId, describeOnEachDatabase, newPostgresDatabase } from '../harness/databases.js';
import { fillIn } from './acting.js';
import { matrixFor } from './matrix/index.js';
import { makeWorld, type World } from './world.js';

const { tables, calls } = matrixFor(true);

/** Everything there is to see or call, asked of a login that has taken no role: what it may. */
async function mayWithoutRole(run: (sql: string) => Promise<unknown>, world: World): Promise<string[]> {
  const may: string[] = [];
  for (const sql of [
    ...tables.map(({ table }) => `SELECT FROM ${table}`),
    ...tables.filter(({ viewOf }) => viewOf === undefined).map(({ table }) => `DELETE FROM ${table}`),
    ...calls.map((call) => `SELECT ${fillIn(call.sql, 'owner', world)}`),
  ]) {
    const code = await run(sql).then(
      () => 'no error',
      async (error: Error) => (await sqlError(Promise.reject(error))).code,
    );
    if (code !== '42501') may.push(`${sql}: ${code}`);
  }
  return may;
}

describe('logged in as hookline_login', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let owner: Database;
  let login: Database;
  let world: World;

  beforeAll(async () => {
    database = await newPostgresDatabase();
    owner = openPostgres({ connectionString: database.url });
    world = await makeWorld(owner);
    const password = randomBytes(16).toString('hex');
    await owner.query(`ALTER ROLE hookline_login PASSWORD '${password}'`);
    login = openPostgres({
      connectionString: Object.assign(new URL(database.url), { username: 'hookline_login', password }).href,
    });
  });
  afterAll(async () => {
    await login?.close();
    await owner?.query('ALTER ROLE hookline_login PASSWORD NULL');
    await owner?.close();
    await database?.drop();
  });

  it('without SET ROLE it may nothing', async () => {
    expect(await mayWithoutRole((sql) => login.query(sql, []), world)).toEqual([]);
  });

  it('with SET LOCAL ROLE it acts: a user on their rows, the service on all, nobody afterwards', async () => {
    const hooks = 'SELECT id FROM webhooks';
    expect((await asUserId(login, world.owner.id, (tx) => tx.query(hooks))).rowCount).toBe(2);
    expect((await asUserId(login, world.stranger.id, (tx) => tx.query(hooks))).rowCount).toBe(1);
    expect((await asService(login, (tx) => tx.query(hooks))).rowCount).toBe(3);
    const statistics = `SELECT * FROM get_webhook_statistics('${world.owner.hook}')`;
    expect((await asUserId(login, world.owner.id, (tx) => tx.query(statistics))).rowCount).toBe(1);
    expect((await sqlError(asUserId(login, world.stranger.id, (tx) => tx.query(statistics)))).code).toBe('HK002');
    expect((await sqlError(login.query(hooks))).code).toBe('42501');
  });

  it('it can make itself no other role', async () => {
    for (const sql of [
      'SET ROLE postgres',
      'SET SESSION AUTHORIZATION service_role',
      'ALTER ROLE hookline_login BYPASSRLS',
      'CREATE ROLE hookline_test_another',
      'GRANT pg_read_all_data TO hookline_login',
    ])
      expect((await sqlError(login.query(sql))).code, sql).toMatch(/^(42501|42704|22023)$/);
  });
});

describeOnEachDatabase('a session of hookline_login', (ctx) => {
  it('may nothing without SET ROLE', async () => {
    const world = await makeWorld(ctx.db());
    const run = (sql: string) =>
      ctx.db().transaction(async (tx) => {
        await tx.query('SET LOCAL SESSION AUTHORIZATION hookline_login');
        await tx.query(sql, []);
      });
    expect(await mayWithoutRole(run, world)).toEqual([]);
  });
});
