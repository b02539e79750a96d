import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { createPostgresDatabase } from '../harness/postgres-databases.js';
import { type Served, serveNew } from '../harness/services/postgres.js';
import { ask, serve } from '../harness/services/postgres-cluster.js';
import { postgresServer } from '../harness/services/postgres-programs.js';
import { findOrInstall } from '../harness/services/provision.js';
import { waitUntil } from '../harness/wait-until.js';
import { addWorkerRow, doctor, type Login, makeServingLogin } from './doctor-helpers.js';

const SETTINGS = {
  fsync: 'on',
  max_connections: '60',
  max_prepared_transactions: '5',
  wal_level: 'replica',
  superuser_reserved_connections: '3',
};

/** What is set, or goes wrong, for a whole server: one of this test's own. */
describe('hookline doctor on a server of its own', { timeout: 120_000 }, () => {
  let served: Served;
  let database: Awaited<ReturnType<typeof createPostgresDatabase>>;
  let owner: Database;
  let login: Login;
  let env: Record<string, string>;
  beforeAll(async () => {
    const { bin } = await findOrInstall(postgresServer);
    served = await serveNew(bin, SETTINGS);
    database = await createPostgresDatabase(served.address, inject('runId'));
    owner = openPostgres({ connectionString: database.url, poolSize: 1 });
    login = await makeServingLogin(owner, database.url);
    env = { DATABASE_URL: login.url };
    await addWorkerRow(owner, 'host:1', '-1 h');
  }, 120_000);
  afterAll(async () => {
    await owner.close();
    await served.kept.stop();
  });

  /** Sets something for the server, waits until sessions begin with it, and takes it back after. */
  async function withSetting(setting: string, value: string, look: () => Promise<void>): Promise<void> {
    const until = (wanted: string) => async () => {
      const [row] = await ask<{ is: string }>(served.address, `SELECT current_setting('${setting}') AS is`);
      return row?.is === wanted;
    };
    const [before] = await ask<{ is: string }>(served.address, `SELECT current_setting('${setting}') AS is`);
    await ask(served.address, `ALTER SYSTEM SET ${setting} = ${value}`);
    await ask(served.address, 'SELECT pg_reload_conf()');
    await waitUntil(until(value), { message: `${setting} to be ${value}` });
    try {
      await look();
    } finally {
      await ask(served.address, `ALTER SYSTEM RESET ${setting}`);
      await ask(served.address, 'SELECT pg_reload_conf()');
      await waitUntil(until(before?.is ?? ''), { message: `${setting} to be as before` });
    }
  }

  it('finds nothing on a server with default settings: with --strict it ends with 0', async () => {
    const { code, trouble, of } = await doctor(env, { strict: true });
    expect([code, trouble]).toEqual([0, []]);
    expect(of('database.ok').found).toMatch(/^PostgreSQL \d+\.\d+ answers, time zone /);
  });

  it.each([
    ['autovacuum', 'off', 'maintenance.autovacuum_off', 1],
    ['synchronous_commit', 'off', 'database.not_durable', 0],
    ['default_transaction_read_only', 'on', 'database.read_only', 1],
  ] as const)('sees %s = %s', async (setting, value, expected, exitCode) => {
    await withSetting(setting, value, async () => {
      const { code, trouble, of } = await doctor(env);
      expect([code, trouble]).toEqual([exitCode, [expected]]);
      expect(of(expected).found).toContain(setting);
    });
  });

  it('sees roles that policies do not hold', async () => {
    await owner.query('ALTER ROLE anon BYPASSRLS; GRANT service_role TO authenticated');
    const { code, trouble, of } = await doctor(env);
    expect([code, trouble]).toEqual([1, ['roles.bypass_policies']]);
    expect(of('roles.bypass_policies').found).toContain('does not hold anon and authenticated');
    await owner.query('ALTER ROLE anon NOBYPASSRLS; REVOKE service_role FROM authenticated');
    expect((await doctor(env)).trouble).toEqual([]);
  });

  it('sees an owner whom roles are missing for', async () => {
    await owner.query('REVOKE anon FROM hookline_login');
    const { code, of } = await doctor({ ...env, HOOKLINE_MIGRATE_DATABASE_URL: database.url });
    expect(code).toBe(0);
    expect(of('owner.lacks_roles').mend).toContain('GRANT anon TO hookline_login;');
    await owner.query('GRANT anon TO hookline_login');
  });

  it('sees connections running out', async () => {
    const crowd = openPostgres({ connectionString: served.address, poolSize: 50 });
    await Promise.all(Array.from({ length: 50 }, () => crowd.query('SELECT pg_sleep(0.3)', [])));
    const { trouble, of } = await doctor(env);
    expect(trouble).toEqual(['connections.nearly_used']);
    expect(of('connections.nearly_used').found).toMatch(/of the 57 connections/);
    await crowd.close();
    const some = openPostgres({ connectionString: served.address, poolSize: 25 });
    await Promise.all(Array.from({ length: 25 }, () => some.query('SELECT pg_sleep(0.3)', [])));
    await addWorkerRow(owner, 'host:2', '-1 h');
    await addWorkerRow(owner, 'host:3', '-1 h');
    expect((await doctor(env)).trouble).toEqual(['connections.too_few']);
    await some.close();
    await owner.query("DELETE FROM hookline.workers WHERE name <> 'host:1'");
  });

  it('sees prepared and old transactions, slots that nobody reads, and transaction ids running out', async () => {
    await owner.query("BEGIN; CREATE TABLE public.left_behind (); PREPARE TRANSACTION 'left'");
    await owner.query("SELECT pg_create_physical_replication_slot('of_nobody', true)", []);
    const open = openPostgres({ connectionString: login.url, poolSize: 1 });
    await open.transaction(async (tx) => {
      await tx.query('SELECT 1', []);
      const { code, trouble, of } = await doctor(
        env,
        {},
        { limits: { transactionS: 0, slotBytes: -1, wraparoundAge: 0 } },
      );
      expect(code).toBe(1);
      expect(trouble).toEqual([
        'maintenance.old_transaction',
        'maintenance.prepared_transaction',
        'maintenance.wraparound_near',
        'replication.slot_holds_wal',
      ]);
      expect(of('replication.slot_holds_wal').mend).toContain("pg_drop_replication_slot('of_nobody')");
      expect((await doctor(env)).trouble).toEqual([]);
    });
    await open.close();
    await owner.query("ROLLBACK PREPARED 'left'");
    await owner.query("SELECT pg_drop_replication_slot('of_nobody')", []);
  });

  it('says that DATABASE_URL leads to a standby', async () => {
    const data = join(served.cluster.folder, 'data');
    const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    await owner.close();
    process.kill(pid, 'SIGINT');
    await waitUntil(() => served.kept.ended(), { message: 'PostgreSQL to end', timeoutMs: 30_000 });
    await writeFile(join(data, 'standby.signal'), '');
    const standby = await serve(served.cluster, served.port, SETTINGS);
    const { code, trouble, of } = await doctor(env);
    await standby.stop();
    expect([code, trouble]).toEqual([1, ['database.standby']]);
    expect(of('database.standby').mend).toContain('primary');
    expect(of('replication.skipped').found).toContain('standby itself');
  });
});
