import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { keyringOf } from '../../src/secrets/keyring.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook, trigger } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { addWorkerRow, doctor, type Login, makeLogin, makeServingLogin } from './doctor-helpers.js';
import { newKey, sweep } from './secrets-helpers.js';

/** Test servers write nothing through, so that they are quick; and most have no secret key. */
const OF_TESTS = ['database.not_durable'];
/** Connections that a worker may open: a pool of ten, and two that listen. */
const OF_A_WORKER = 12;

describe('hookline doctor on PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let owner: Database;
  let login: Login;
  let env: Record<string, string>;
  const undo: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    database = await newPostgresDatabase();
    owner = openPostgres({ connectionString: database.url });
    login = await makeServingLogin(owner, database.url);
    env = { DATABASE_URL: login.url };
    await addWorkerRow(owner, 'host:1', '-1 h');
  });
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  });
  afterAll(async () => {
    await login.drop();
    await owner.close();
    await database.drop();
  });
  const name = (): string => new URL(database.url).pathname.slice(1);
  const run = (statement: string): Promise<unknown> => owner.query(statement);
  /** Breaks something for one test. */
  async function broken(statement: string, back: string): Promise<void> {
    undo.push(() => run(back));
    await run(statement);
  }
  async function troubleOf(changed: Record<string, string> = {}) {
    const examined = await doctor({ ...env, ...changed });
    return { ...examined, trouble: examined.trouble.filter((code) => !OF_TESTS.includes(code)) };
  }

  it('finds nothing on one that is set up as documented, and ends with 0', async () => {
    const { code, trouble, findings, of } = await troubleOf({ HOOKLINE_MIGRATE_DATABASE_URL: database.url });
    expect([code, trouble]).toEqual([0, []]);
    expect(of('migrations.ok')).toBeDefined();
    expect(of('owner.ok').found).toContain('may migrate');
    const unseen = findings.filter(({ severity }) => severity === 'skipped').map(({ area }) => area);
    expect(unseen).toEqual(['disk', 'redis', 'receiver']);
  });

  it('ends with 1 for a warning only when it is strict', async () => {
    const changed = { ...env, HOOKLINE_SERVICE_KEY: '' };
    expect((await doctor(changed)).code).toBe(0);
    const { code, of } = await doctor(changed, { strict: true });
    expect(code).toBe(1);
    expect(of('settings.service_key_missing').mend).toContain('16 characters');
  });

  it('says which settings are missing, contradict each other, or open every network', async () => {
    const { trouble } = await troubleOf({
      HOOKLINE_SERVICE_KEY: '',
      HOOKLINE_JWT_SECRET: '',
      MODELRIVER_WEBHOOK_SECRET: '',
      MODELRIVER_API_KEY: '',
      HOOKLINE_ALLOW_NETWORKS: '10.0.0.0/8,0.0.0.0/0',
    });
    // With neither of the gateway's keys nothing is received, which is as good a set-up.
    expect(trouble).toEqual([
      'settings.all_networks_allowed',
      'settings.service_key_missing',
      'settings.token_keys_missing',
    ]);
    expect((await troubleOf({ MODELRIVER_WEBHOOK_SECRET: '' })).trouble).toEqual(['settings.webhook_secret_missing']);
    expect((await troubleOf({ MODELRIVER_API_KEY: '' })).trouble).toEqual(['settings.api_key_missing']);
    const neither = await troubleOf({ MODELRIVER_WEBHOOK_SECRET: '', MODELRIVER_API_KEY: '' });
    expect([neither.trouble, neither.of('settings.ok').found]).toEqual([[], expect.stringContaining('not received')]);
    // Users come by portal tokens and API keys then.
    const noTokens = await troubleOf({ HOOKLINE_JWT_SECRET: '' });
    expect([noTokens.trouble, noTokens.of('settings.ok').found]).toEqual([
      [],
      expect.stringContaining('portal tokens'),
    ]);
    const without = await doctor({ REDIS_URL: 'redis://127.0.0.1:1', HOOKLINE_DATA_DIR: '/nowhere/at/all' });
    expect(without.of('settings.invalid').found).toContain('DATABASE_URL is not');
    expect(without.of('database.absent').found).toContain('/nowhere/at/all');
    const { code, findings } = await doctor({ ...env, PORT: 'http' });
    expect([code, findings]).toEqual([
      1,
      [expect.objectContaining({ code: 'settings.invalid', mend: expect.stringContaining('PORT') })],
    ]);
  });

  it.each([
    [
      'a password that is wrong',
      (url: URL) => Object.assign(url, { password: 'another-password' }),
      'database.refused',
    ],
    ['a database that is not there', (url: URL) => Object.assign(url, { pathname: '/nowhere' }), 'database.refused'],
    ['a port where nothing listens', (url: URL) => Object.assign(url, { port: '1' }), 'database.unreachable'],
  ])('says so of %s, and looks at the rest', async (_, change, expected) => {
    const { code, trouble, of, findings } = await troubleOf({ DATABASE_URL: change(new URL(login.url)).href });
    expect([code, trouble]).toEqual([1, [expected]]);
    expect(of(expected).mend).toMatch(/DATABASE_URL/);
    expect(findings.map(({ area }) => area)).toContain('callbacks');
    expect(of('settings.ok')).toBeDefined();
  });

  it('names the roles that a login may not take, and the grant', async () => {
    await broken(`REVOKE service_role FROM ${login.name}`, `GRANT service_role TO ${login.name}`);
    const { code, trouble, of } = await troubleOf();
    expect([code, trouble]).toEqual([1, ['login.lacks_roles']]);
    expect(of('login.lacks_roles').mend).toContain(`GRANT service_role TO ${login.name};`);
    expect(of('queue.skipped').found).toContain('see login');
    await run(`REVOKE anon, authenticated FROM ${login.name}`);
    undo.push(() => run(`GRANT anon, authenticated TO ${login.name}`));
    expect((await troubleOf()).of('login.lacks_roles').found).toContain('anon, authenticated, service_role');
  });

  it('tells an owner, a superuser, BYPASSRLS and a login that inherits apart', async () => {
    expect((await troubleOf({ DATABASE_URL: database.url })).trouble).toEqual(['login.bypasses_policies']);
    for (const [attributes, expected] of [
      ['NOINHERIT BYPASSRLS', 'login.bypasses_policies'],
      ['INHERIT', 'login.inherits'],
    ] as const) {
      const other = await makeLogin(owner, database.url, attributes);
      undo.push(() => other.drop());
      await run(`GRANT anon, authenticated, service_role TO ${other.name}`);
      const { code, trouble, of } = await troubleOf({ DATABASE_URL: other.url });
      expect([code, trouble]).toEqual([0, [expected]]);
      expect(of(expected).found).toContain(other.name);
    }
    const owning = await makeServingLogin(owner, database.url);
    const { rows } = await owner.query<{ owner: string }>('SELECT current_user::text AS owner', []);
    undo.push(async () => {
      await run(`ALTER SCHEMA hookline OWNER TO ${rows[0]?.owner}`);
      await owning.drop();
    });
    await run(`ALTER SCHEMA hookline OWNER TO ${owning.name}`);
    const asOwner = await troubleOf({ DATABASE_URL: owning.url, HOOKLINE_MIGRATE_DATABASE_URL: login.url });
    expect(asOwner.trouble).toEqual(['login.owns_schema', 'owner.does_not_own']);
  });

  it('says that the login of the owner cannot be used', async () => {
    const url = Object.assign(new URL(database.url), { password: 'of-nobody' }).href;
    const { code, of } = await troubleOf({ HOOKLINE_MIGRATE_DATABASE_URL: url });
    expect(code).toBe(1);
    expect(of('owner.unusable').found).toContain('password authentication failed');
  });

  it('sees policies that are off or not forced', async () => {
    await broken(
      'ALTER TABLE webhooks NO FORCE ROW LEVEL SECURITY; ALTER TABLE hookline.events DISABLE ROW LEVEL SECURITY',
      'ALTER TABLE webhooks FORCE ROW LEVEL SECURITY; ALTER TABLE hookline.events ENABLE ROW LEVEL SECURITY',
    );
    const { code, trouble, of } = await troubleOf();
    expect([code, trouble]).toEqual([1, ['roles.policies_off']]);
    expect(of('roles.policies_off').found).toContain('hookline.events, public.webhooks');
  });

  it('tells migrations that are missing, of a newer version, and changed', async () => {
    await run('CREATE TABLE hookline.kept AS SELECT * FROM hookline.migrations');
    undo.push(() =>
      run(
        'TRUNCATE hookline.migrations; INSERT INTO hookline.migrations SELECT * FROM hookline.kept; DROP TABLE hookline.kept',
      ),
    );
    await run(`DELETE FROM hookline.migrations WHERE name LIKE '0043%';
      UPDATE hookline.migrations SET hash = 'another' WHERE name LIKE '0002%';
      INSERT INTO hookline.migrations (name, hash) VALUES ('9999_of_tomorrow.sql', 'x');
      ALTER TABLE hookline.kept ENABLE ROW LEVEL SECURITY; ALTER TABLE hookline.kept FORCE ROW LEVEL SECURITY`);
    const { code, trouble, of } = await troubleOf();
    expect([code, trouble]).toEqual([1, ['migrations.ahead', 'migrations.behind', 'migrations.changed']]);
    expect(of('migrations.ahead').found).toContain('9999_of_tomorrow.sql');
    expect(of('migrations.behind').found).toMatch(/lacks 0043_\w+\.sql/);
    expect(of('migrations.changed').found).toContain('0002_hookline_schema.sql');
    await run('ALTER TABLE hookline.leases RENAME TO leases_of_tomorrow');
    undo.push(() => run('ALTER TABLE hookline.leases_of_tomorrow RENAME TO leases'));
    expect((await troubleOf()).of('queue.skipped').found).toContain('see migrations');
  });

  it('says that a database has never been migrated', async () => {
    const empty = await newPostgresDatabase({ migrated: false });
    undo.push(() => empty.drop());
    const url = Object.assign(new URL(login.url), { pathname: new URL(empty.url).pathname }).href;
    const { code, trouble, of } = await troubleOf({ DATABASE_URL: url });
    expect([code, trouble]).toEqual([1, ['migrations.none']]);
    expect(of('workers.skipped').found).toContain('see migrations');
  });

  it('sees a database that takes no writes, and time-outs that are too short', async () => {
    await broken(
      `ALTER DATABASE ${name()} SET default_transaction_read_only = on; ALTER ROLE ${login.name} SET statement_timeout = '5s'; ALTER ROLE ${login.name} SET lock_timeout = '1s'`,
      `SET default_transaction_read_only = off; ALTER DATABASE ${name()} RESET default_transaction_read_only; ALTER ROLE ${login.name} RESET ALL`,
    );
    const { code, trouble, findings } = await troubleOf();
    expect([code, trouble]).toEqual([1, ['database.read_only', 'database.short_timeout', 'database.short_timeout']]);
    expect(
      findings.filter((one) => one.code === 'database.short_timeout').map(({ found }) => found.split(' ')[0]),
    ).toEqual(['statement_timeout', 'lock_timeout']);
  });

  it('sees limits of connections', async () => {
    await broken(
      `ALTER ROLE ${login.name} CONNECTION LIMIT 8; ALTER DATABASE ${name()} CONNECTION LIMIT 11`,
      `ALTER ROLE ${login.name} CONNECTION LIMIT -1; ALTER DATABASE ${name()} CONNECTION LIMIT -1`,
    );
    const { trouble, findings } = await troubleOf();
    expect(trouble).toEqual(['connections.limited', 'connections.limited']);
    expect(findings.find(({ found }) => found.includes('The login may have 8 connections'))).toBeDefined();
    const { rows } = await owner.query<{ most: number }>("SELECT current_setting('max_connections')::int AS most", []);
    const workers = Math.ceil((rows[0]?.most ?? 0) / OF_A_WORKER);
    for (let worker = 2; worker <= workers; worker += 1) await addWorkerRow(owner, `host:${worker}`);
    undo.push(() => run("DELETE FROM hookline.workers WHERE name <> 'host:1'"));
    const { found } = (await troubleOf()).of('connections.too_few');
    expect(found).toContain(`may open ${workers * OF_A_WORKER} connections`);
  });

  it('misses workers, names quiet ones, and tells versions apart', async () => {
    await run("UPDATE hookline.workers SET heartbeat_at = now() - interval '1 min', name = 'gone:7'");
    undo.push(() => run("UPDATE hookline.workers SET heartbeat_at = now() + interval '1 h', name = 'host:1'"));
    const { code, trouble, of } = await troubleOf();
    expect([code, trouble]).toEqual([1, ['workers.none', 'workers.quiet']]);
    expect(of('workers.quiet').found).toContain('gone:7');
    const older = openPostgres({ connectionString: login.url });
    undo.push(() => older.close());
    await older.query("SET application_name = 'hookline 0.0.7'", []);
    expect((await troubleOf()).of('workers.versions_differ').found).toContain('0.0.7');
  });

  it('sees a queue that is behind, that is stuck, and leaves out what webhooks hold back', async () => {
    const webhook = await createWebhook(owner, 'https://a.example/hook', { is_verified: true });
    undo.push(() => run('DELETE FROM auth.users; DELETE FROM hookline.leases; DELETE FROM hookline.events'));
    await trigger(owner, webhook.userId);
    expect((await troubleOf()).trouble).not.toContain('queue.behind');
    await run("UPDATE hookline.queue SET due_at = now() - interval '2 min'");
    const behind = await troubleOf();
    expect(behind.of('queue.behind').found).toContain('waited for up to 2 min, of 1 webhook');
    expect(behind.code).toBe(0);
    await run("UPDATE hookline.queue SET due_at = now() - interval '10 min'");
    const stuck = await troubleOf();
    expect([stuck.code, stuck.of('queue.stuck').severity]).toEqual([1, 'failure']);
    await run(
      "INSERT INTO hookline.leases (lease_id, ends_at, is_counted, deliveries) VALUES (gen_random_uuid(), now() + interval '1 min', false, '{}')",
    );
    expect((await troubleOf()).trouble).toContain('queue.behind');
    for (const hold of [
      "paused_until = now() + interval '1 h'",
      'is_ordered = true, paused_until = NULL',
      'is_active = false, is_ordered = false',
    ]) {
      await run(`UPDATE webhooks SET ${hold}`);
      expect((await troubleOf()).of('queue.ok').found).toContain('1 delivery ready, 1 of them held back');
    }
  });

  it('names unverified and failing webhooks, open breakers, and secrets in the clear', async () => {
    const webhook = await createWebhook(owner, 'https://a.example/hook');
    undo.push(() => run("DELETE FROM auth.users; UPDATE hookline.settings SET verification = 'on_request'"));
    const fresh = await troubleOf();
    expect(fresh.trouble).toEqual(['secrets.without_key', 'webhooks.unverified']);
    expect(fresh.of('webhooks.unverified').found).toContain('1 of 1 active webhook is unverified');
    expect(fresh.of('secrets.without_key').found).toContain('1 secret stands in the clear');
    await run("UPDATE hookline.settings SET verification = 'required'");
    expect((await troubleOf()).of('webhooks.unverified').found).toContain('nothing is sent to them');
    await run(`UPDATE webhooks SET is_verified = true, failing_since = now() - interval '2 days',
      breaker_since = now(), breaker_until = now() + interval '1 min'`);
    const failing = await troubleOf();
    expect(failing.trouble).toEqual(['secrets.without_key', 'webhooks.breaker_open', 'webhooks.failing']);
    for (const code of ['webhooks.failing', 'webhooks.breaker_open'])
      expect(failing.of(code).found).toContain(webhook.id);
    expect(failing.code).toBe(0);
  });

  it('sees secrets in the clear beside a key, an unfinished rotation, and keys that are missing or wrong', async () => {
    const webhook = await createWebhook(owner, 'https://a.example/hook', { is_verified: true });
    undo.push(() =>
      run("DELETE FROM auth.users; DELETE FROM hookline.secret_keys; UPDATE hookline.workers SET secret_keys = '{}'"),
    );
    const [k1, k2, otherK1] = [newKey('k1'), newKey('k2'), newKey('k1')];
    const withKeys = (keys: string) => troubleOf({ HOOKLINE_SECRET_KEYS: keys });
    const inClear = await withKeys(k1);
    expect([inClear.code, inClear.trouble]).toEqual([0, ['secrets.in_clear']]);
    await sweep(owner, k1);
    // A worker lives that does not hold the key: nothing may be encrypted yet.
    expect((await withKeys(k1)).trouble).toEqual(['secrets.in_clear']);
    await owner.query('UPDATE hookline.workers SET secret_keys = $1::text[]', [keyringOf(k1).proofs]);
    await sweep(owner, k1);
    const sealed = await withKeys(k1);
    expect([sealed.trouble, sealed.of('secrets.ok').found]).toEqual([[], '1 secret, all encrypted with k1.']);
    expect((await withKeys(`${k2},${k1}`)).trouble).toEqual(['secrets.earlier_key']);
    const missing = await withKeys(k2);
    expect([missing.code, missing.trouble]).toEqual([1, ['secrets.key_missing']]);
    expect(missing.of('secrets.key_missing').found).toMatch(/lacks here: k1\. .* does not start/);
    expect((await withKeys('')).trouble).toEqual(['secrets.key_missing']);
    const wrong = await withKeys(otherK1);
    expect([wrong.code, wrong.trouble]).toEqual([1, ['secrets.key_wrong']]);
    // A key that was lost and given up: the register has forgotten it, its rows have not.
    await run('DELETE FROM hookline.secret_keys');
    const lost = await withKeys(k2);
    expect([lost.trouble, lost.of('secrets.key_missing').found]).toEqual([
      ['secrets.key_missing'],
      expect.stringMatching(/lacks here: k1\.$/),
    ]);
    for (const { output } of [sealed, missing, wrong]) {
      for (const secret of [webhook.secret, ...[k1, k2, otherK1].map((key) => key.split(':')[1] ?? '')]) {
        expect(output).not.toContain(secret);
      }
    }
  });

  it('sees callbacks that are late, given up, or have no key', async () => {
    undo.push(() => run('DELETE FROM ai_content'));
    await run(`INSERT INTO ai_content (title, callback_state, callback_next_at) VALUES
      ('late', 'pending', now() - interval '6 min'), ('soon', 'pending', now() + interval '1 min'), ('no', 'failed', NULL), ('not there', 'refused', NULL)`);
    const { trouble, of } = await troubleOf({ MODELRIVER_API_KEY: '' });
    expect(trouble).toEqual([
      'callbacks.given_up',
      'callbacks.late',
      'callbacks.without_key',
      'settings.api_key_missing',
    ]);
    expect(of('callbacks.late').found).toContain('1 callback has been due');
    expect(of('callbacks.given_up').found).toContain('1 failed for good, and 1 were refused');
    expect(of('callbacks.without_key').found).toContain('2 callbacks wait');
  });

  it('sees tables whose dead rows stay', async () => {
    await broken(
      'ALTER TABLE hookline.leases SET (autovacuum_enabled = off)',
      'TRUNCATE hookline.leases; ALTER TABLE hookline.leases RESET (autovacuum_enabled)',
    );
    await run(`INSERT INTO hookline.leases (lease_id, ends_at, is_counted, deliveries)
      SELECT gen_random_uuid(), now(), false, '{}' FROM generate_series(1, 100001); DELETE FROM hookline.leases`);
    // A session tells its statistics once a second, at the end of a statement; one that has nothing more to do, after ten.
    const seen = await waitUntil(
      async () => {
        await run('SELECT');
        const examined = await troubleOf();
        return examined.trouble.includes('maintenance.dead_rows') ? examined : undefined;
      },
      { message: 'the dead rows to be counted', intervalMs: 200 },
    );
    for (const code of ['maintenance.dead_rows', 'maintenance.table_autovacuum_off']) {
      expect(seen.of(code).found).toContain('hookline.leases');
    }
  });

  it('tells a check that takes too long, and makes the others', async () => {
    await owner.transaction(async (tx) => {
      await tx.query('LOCK TABLE public.webhooks IN ACCESS EXCLUSIVE MODE');
      const { code, findings } = await doctor(env, {}, { checkWithinMs: 5_000 });
      expect(code).toBe(1);
      const late = findings.filter((one) => one.code === 'doctor.check_failed').map(({ area }) => area);
      expect(late).toEqual(['webhooks', 'secrets']);
      expect(findings.find(({ area }) => area === 'webhooks')?.found).toContain('longer than 5 s');
      expect(findings.find(({ area }) => area === 'migrations')?.severity).toBe('ok');
    });
  });
});
