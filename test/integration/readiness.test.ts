import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import type { Database, Queryable } from '../../src/db/database.js';
import { openPostgres } from '../../src/db/pg.js';
import { startHookline } from '../../src/main.js';
import { Readiness } from '../../src/manage/readiness/readiness.js';
import { newPostgresDatabase, openTestDatabase, type TestDatabase } from '../harness/databases.js';
import { createWebhook, silent, trigger } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.js';
import { waitUntil } from '../harness/wait-until.js';
import { serveApi } from './api-client.js';
import { contract } from './api-contract.js';
import { addWorkerRow } from './doctor-helpers.js';

interface Report {
  readonly status: string;
  readonly checks: Readonly<
    Record<string, { readonly status: string; readonly detail?: string; readonly hint?: string }>
  >;
}

/** What each check came to, in their order. */
const statuses = ({ checks }: Report): string[] => Object.values(checks).map(({ status }) => status);
const ALL_OK = ['ok', 'ok', 'ok', 'ok', 'ok'];

/** A readiness that has kept nothing yet. */
function started(db: Database, worker?: string): Readiness {
  const readiness = new Readiness(db);
  readiness.started(worker);
  return readiness;
}

describe('readiness', () => {
  let database: TestDatabase;
  const db = (): Database => database.db;
  const undo: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    await addWorkerRow(db(), 'host:1', '-1 h');
  });
  afterEach(async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  });
  afterAll(() => database.drop());

  it('is not there before the start is through and while shutting down, and asks no database then', async () => {
    const asked: string[] = [];
    const watched: Database = {
      ...db(),
      query: (text, params) => {
        asked.push(text);
        return db().query(text, params);
      },
    };
    const readiness = new Readiness(watched);
    const before = await readiness.report();
    expect([before.status, before.checks.process.detail]).toEqual(['not_ready', 'The process is still starting.']);
    expect(asked).toEqual([]);
    readiness.started();
    expect(await readiness.report()).toMatchObject({ status: 'ready' });
    expect(asked).toHaveLength(1);
    readiness.stopping();
    const after = await readiness.report();
    expect([after.status, statuses(after)]).toEqual([
      'not_ready',
      ['failed', 'skipped', 'skipped', 'skipped', 'skipped'],
    ]);
    expect(asked).toHaveLength(1);
  });

  it('asks once for all who ask within a second', async () => {
    let asked = 0;
    const counting: Database = {
      ...db(),
      query: (text, params) => {
        asked += 1;
        return db().query(text, params);
      },
    };
    const readiness = started(counting);
    const reports = await Promise.all(Array.from({ length: 50 }, () => readiness.report()));
    reports.push(await readiness.report());
    expect(new Set(reports)).toHaveLength(1);
    expect(asked).toBe(1);
  });

  it('is degraded without workers elsewhere, and not there without the process’s own', async () => {
    const own = randomUUID();
    const missing = await started(db(), own).report();
    expect([missing.status, missing.checks.worker.status]).toEqual(['not_ready', 'failed']);
    await db().query("INSERT INTO hookline.workers (id, name) VALUES ($1::uuid, 'own')", [own]);
    expect(statuses(await started(db(), own).report())).toEqual(ALL_OK);
    await db().query("UPDATE hookline.workers SET heartbeat_at = now() - interval '16 s'");
    undo.push(async () => {
      await db().query('DELETE FROM hookline.workers');
      await addWorkerRow(db(), 'host:1', '-1 h');
    });
    expect((await started(db(), own).report()).status).toBe('not_ready');
    const alone = await started(db()).report();
    expect([alone.status, alone.checks.worker]).toEqual([
      'degraded',
      { status: 'degraded', detail: 'No worker lives: deliveries wait.', hint: 'Start `hookline worker`.' },
    ]);
  });

  it('is not there while migrations are missing, and stays while a newer version has migrated', async () => {
    await db().query("UPDATE hookline.migrations SET name = '9999_of_tomorrow.sql' WHERE name LIKE '0043%'");
    undo.push(() =>
      db().query(
        "UPDATE hookline.migrations SET name = '0043_content_lists_and_filter_tests.sql' WHERE name LIKE '9999%'",
      ),
    );
    const behind = await started(db()).report();
    expect([behind.status, behind.checks.migrations.detail]).toEqual([
      'not_ready',
      'The database lacks these migrations: 0043_content_lists_and_filter_tests.sql.',
    ]);
    await db().query(
      "INSERT INTO hookline.migrations (name, hash) SELECT '0043_content_lists_and_filter_tests.sql', hash FROM hookline.migrations WHERE name LIKE '9999%'",
    );
    undo.push(() => db().query("DELETE FROM hookline.migrations WHERE name LIKE '0043%'"));
    const ahead = await started(db()).report();
    expect([ahead.status, ahead.checks.migrations.status]).toEqual(['degraded', 'degraded']);
  });

  it('tells of a queue that is behind, and not of what a webhook holds back', async () => {
    const webhook = await createWebhook(db(), 'https://a.example/hook');
    undo.push(() => db().query('DELETE FROM auth.users'));
    await trigger(db(), webhook.userId);
    await db().query("UPDATE hookline.queue SET due_at = now() - interval '6 min'");
    const behind = await started(db()).report();
    expect([behind.status, behind.checks.queue.status]).toEqual(['degraded', 'degraded']);
    await db().query('UPDATE webhooks SET is_active = false');
    expect(statuses(await started(db()).report())).toEqual(ALL_OK);
  });

  it('is not there while the database takes no writes', async () => {
    const { rows } = await db().query<{ name: string }>('SELECT current_database()::text AS name', []);
    await db().query(`ALTER DATABASE ${rows[0]?.name} SET default_transaction_read_only = on`);
    const readOnly = await openTestDatabaseAgain(db());
    undo.push(async () => {
      await readOnly.close();
      await db().query(`ALTER DATABASE ${rows[0]?.name} RESET default_transaction_read_only`);
    });
    const { status, checks } = await started(readOnly).report();
    expect([status, checks.database.detail]).toEqual(['not_ready', 'The database takes no writes.']);
  });
});

/** The same database in new sessions, which begin with what is set for it now. */
async function openTestDatabaseAgain(db: Queryable): Promise<Database> {
  const { rows } = await db.query<{ name: string }>('SELECT current_database()::text AS name', []);
  return openPostgres({
    connectionString: Object.assign(new URL(inject('postgresUrl')), { pathname: `/${rows[0]?.name}` }).href,
  });
}

describe('GET /healthz and GET /readyz', () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let proxy: TcpProxy;
  let db: Database;
  let served: Awaited<ReturnType<typeof serveApi>>;
  beforeAll(async () => {
    database = await newPostgresDatabase();
    proxy = await startTcpProxy(database.url);
    db = openPostgres({ connectionString: proxy.through(database.url) });
    served = await serveApi(db);
  });
  afterAll(async () => {
    await served.app.close();
    await db.close();
    await proxy.close();
    await database.drop();
  });

  it('answer as the document says, without credentials and not to be kept', async () => {
    const call = await contract(served.url);
    const ready = await call<Report>('GET', '/readyz');
    expect([ready.status, ready.body.status, ready.headers.get('cache-control')]).toEqual([
      200,
      'degraded',
      'no-store',
    ]);
    expect(ready.body.checks['worker']?.hint).toContain('hookline worker');
    expect((await call('GET', '/healthz')).body).toEqual({ status: 'ok', database: 'postgres' });
  });

  it('say that the database is away, and that the process lives all the same', async () => {
    await proxy.refuse();
    const call = await contract(served.url);
    const away = await fetchUntil(async () => {
      const answer = await call<Report>('GET', '/readyz');
      return answer.status === 503 ? answer : undefined;
    });
    expect(statuses(away.body)).toEqual(['ok', 'failed', 'skipped', 'skipped', 'skipped']);
    expect(away.text).not.toMatch(/127\.0\.0\.1|postgres:/);
    expect((await call('GET', '/healthz')).status).toBe(200);
    await proxy.pass();
    await fetchUntil(async () => (await call('GET', '/readyz')).status === 200 || undefined);
  });

  it('are there for a worker alone at HOOKLINE_METRICS_PORT, which is not ready while it finishes what is in flight', async () => {
    const receiver = await startReceiver(['hang']);
    const config = loadConfig({
      DATABASE_URL: database.url,
      HOOKLINE_METRICS_PORT: '0',
      HOOKLINE_ALLOW_NETWORKS: '127.0.0.0/8',
    });
    const worker = await startHookline(config, { api: false, worker: true, log: silent });
    const readyz = async () => {
      const answer = await fetch(`${worker.metricsUrl}/readyz`);
      const report: Report = JSON.parse(await answer.text());
      return { status: answer.status, report };
    };
    const before = await readyz();
    expect([before.status, statuses(before.report)]).toEqual([200, ALL_OK]);
    const webhook = await createWebhook(db, receiver.url);
    await trigger(db, webhook.userId);
    await receiver.waitFor(1);
    const stopped = worker.stop();
    const during = await readyz();
    expect([during.status, during.report.checks['process']?.detail]).toEqual([503, 'The process is shutting down.']);
    await receiver.close();
    await stopped;
    await db.query('DELETE FROM auth.users', []);
  });

  it('answer while the database hangs, which is asked once until it answers', async () => {
    let asked = 0;
    const counting: Database = {
      ...db,
      query: (text, params) => {
        asked += 1;
        return db.query(text, params);
      },
    };
    const readiness = started(counting);
    proxy.swallow();
    for (const _ of ['first', 'kept no longer']) {
      const report = await readiness.report();
      expect(statuses(report)).toEqual(['ok', 'failed', 'skipped', 'skipped', 'skipped']);
      await sleep(1_000);
    }
    expect(asked).toBe(1);
    proxy.cut();
    await proxy.pass();
    await waitUntil(async () => (await readiness.report()).status === 'degraded', {
      message: 'the database to be back',
    });
  });
});

/** What was found within the last second is told again. */
async function fetchUntil<T>(look: () => Promise<T | undefined>): Promise<T> {
  return waitUntil(look, { message: 'the answer to change', intervalMs: 100 }) as Promise<T>;
}
