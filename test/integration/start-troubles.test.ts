import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { toldOf } from '../../src/cli/print-error.js';
import { loadConfig } from '../../src/config.js';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { startHookline } from '../../src/main.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook, deliveryWith, silent, trigger } from '../harness/delivering.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { startReceiver } from '../harness/receiver-server.js';
import { doctor, type Login, makeLogin, makeServingLogin } from './doctor-helpers.js';

/** What the operator is told when the start fails. */
async function refusalOf(env: Record<string, string>) {
  const starting = startHookline(loadConfig({ PORT: '0', HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8', ...env }), {
    api: true,
    worker: true,
    log: silent,
  });
  const running = await starting.catch((error: unknown) => toldOf(error));
  if ('stop' in running) {
    await running.stop();
    throw new Error('it started');
  }
  return running;
}

describe('hookline start in bad circumstances', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let owner: Database;
  let login: Login;
  const undo: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    database = await newPostgresDatabase();
    owner = openPostgres({ connectionString: database.url });
    login = await makeServingLogin(owner, database.url);
  });
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  });
  afterAll(async () => {
    await login.drop();
    await owner.close();
    await database.drop();
  });

  it('says that the database takes no writes, ends with 1, and delivers once it does', async () => {
    const receiver = await startReceiver();
    undo.push(() => receiver.close());
    const webhook = await createWebhook(owner, receiver.url);
    const [delivery = ''] = await trigger(owner, webhook.userId);
    await owner.query(`ALTER ROLE ${login.name} SET default_transaction_read_only = on`);
    const env = { DATABASE_URL: login.url, PORT: '0', HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8' };
    const refused = startHooklineProcess(['start'], env);
    expect(await refused.ended()).toBe(1);
    expect(refused.output()).toMatch(
      /Error: The database takes no writes\.\n(Cause: .*\n)?Hint: {2}default_transaction_read_only is on .*\nCode: {2}database_unavailable/,
    );
    await owner.query(`ALTER ROLE ${login.name} RESET default_transaction_read_only`);
    const running = await startHookline(loadConfig(env), { api: true, worker: true, log: silent });
    undo.push(() => running.stop());
    expect(await deliveryWith(owner, delivery, 'success')).toMatchObject({ attempt_number: 1 });
    const { of } = await doctor({ DATABASE_URL: login.url });
    for (const area of ['workers', 'queue', 'login', 'connections']) expect(of(`${area}.ok`)).toBeDefined();
  });

  it('says that the owner’s login may not write either, before anything is migrated', async () => {
    const empty = await newPostgresDatabase({ migrated: false });
    undo.push(() => empty.drop());
    const name = new URL(empty.url).pathname.slice(1);
    await owner.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const told = await refusalOf({ DATABASE_URL: empty.url, HOOKLINE_MIGRATE_DATABASE_URL: empty.url });
    expect(told).toMatchObject({ code: 'database_unavailable', message: 'The database takes no writes.' });
    expect(told.hint).toContain('HOOKLINE_MIGRATE_DATABASE_URL leads to a standby, or');
  });

  it('refuses a database of a newer version, and changes nothing in it', async () => {
    await owner.query("INSERT INTO hookline.migrations (name, hash) VALUES ('9999_of_tomorrow.sql', 'x')");
    undo.push(() => owner.query("DELETE FROM hookline.migrations WHERE name LIKE '9999%'"));
    const ledger = () => owner.query('SELECT * FROM hookline.migrations ORDER BY name', []);
    const before = await ledger();
    for (const env of [{ DATABASE_URL: login.url }, { DATABASE_URL: database.url }]) {
      expect(await refusalOf(env)).toMatchObject({
        code: 'migration_missing',
        message: expect.stringContaining('9999_of_tomorrow.sql'),
        hint: expect.stringContaining('A newer Hookline migrated this database'),
      });
    }
    expect((await ledger()).rows).toEqual(before.rows);
    expect((await owner.query('SELECT FROM hookline.workers', [])).rowCount).toBe(0);
  });

  it('says that the migrations make the login, where it is not there', async () => {
    const empty = await newPostgresDatabase({ migrated: false });
    undo.push(() => empty.drop());
    const url = Object.assign(new URL(empty.url), {
      username: `absent_${randomBytes(4).toString('hex')}`,
      password: 'x',
    });
    const told = await refusalOf({ DATABASE_URL: url.href });
    expect(told).toMatchObject({
      code: 'database_refused',
      hint: expect.stringContaining('run `hookline migrate` as its owner first'),
    });
    expect(told.hint).toContain('HOOKLINE_MIGRATE_DATABASE_URL');
  });

  it('names the variable of the login that is refused: one that may not log in, and the owner’s', async () => {
    const barred = await makeLogin(owner, database.url, 'NOINHERIT');
    undo.push(() => barred.drop());
    await owner.query(`ALTER ROLE ${barred.name} NOLOGIN`);
    const told = await refusalOf({ DATABASE_URL: barred.url });
    expect(told).toMatchObject({ code: 'database_refused', cause: expect.stringContaining('not permitted to log in') });
    expect(told.hint).toMatch(/^Correct the user in DATABASE_URL/);
    const ofOwner = await refusalOf({ DATABASE_URL: login.url, HOOKLINE_MIGRATE_DATABASE_URL: barred.url });
    expect(ofOwner.hint).toBe(
      'Correct the user in HOOKLINE_MIGRATE_DATABASE_URL; pg_hba.conf decides who may log in from where.',
    );
  });

  it('says that a never migrated database needs the owner, to a login that may not migrate', async () => {
    const empty = await newPostgresDatabase({ migrated: false });
    undo.push(() => empty.drop());
    const url = Object.assign(new URL(login.url), { pathname: new URL(empty.url).pathname });
    expect(await refusalOf({ DATABASE_URL: url.href })).toMatchObject({
      code: 'not_migrated',
      message: 'The database has not been migrated.',
      hint: expect.stringContaining('HOOKLINE_MIGRATE_DATABASE_URL'),
    });
  });
});
