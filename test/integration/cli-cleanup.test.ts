import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { openDatabase } from '../../src/db/open.js';
import { openPostgres } from '../../src/db/pg.js';
import { newPostgresDatabase } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { startHooklineProcess } from '../harness/hookline-process.js';
import { fillDataDir } from '../harness/pglite-databases.js';
import { runCommand } from '../harness/run-command.js';
import { waitUntil } from '../harness/wait-until.js';
import { clear, countRows, putOld } from './retention-helpers.js';

const URL_OF_NOBODY = 'http://127.0.0.1:9/never-called';

/** Runs it to its end. */
async function cleanup(args: readonly string[], env: Record<string, string>) {
  const { code, output } = await runCommand(['cleanup', ...args], env);
  return { code, output };
}

describe('hookline cleanup on PostgreSQL', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof newPostgresDatabase>>;
  let db: Database;
  /** A login as hookline_login is: no rights of its own. Roles are the cluster's, so it gets a name of its own. */
  const login = `hookline_test_login_${randomBytes(4).toString('hex')}`;
  let env: { readonly DATABASE_URL: string };
  beforeAll(async () => {
    database = await newPostgresDatabase();
    db = openPostgres({ connectionString: database.url });
    await db.query(`CREATE ROLE ${login} LOGIN NOINHERIT PASSWORD 'for-tests'`);
    await db.query(`GRANT anon, authenticated, service_role TO ${login}`);
    const url = new URL(database.url);
    url.username = login;
    url.password = 'for-tests';
    env = { DATABASE_URL: url.href };
  });
  afterEach(() => clear(db));
  afterAll(async () => {
    await db.query(`DROP OWNED BY ${login}; DROP ROLE ${login}`);
    await db.close();
    await database.drop();
  });
  async function putSome(): Promise<void> {
    const webhook = await createWebhook(db, URL_OF_NOBODY);
    await putOld(db, webhook, 'success', '100 days', 1_234);
    await putOld(db, webhook, 'failed', '40 days', 5);
    await putOld(db, webhook, 'success', '1 day', 2);
    await db.query(
      `INSERT INTO hookline.audit_log (at, actor_kind, action, thing_kind, thing_id)
       SELECT now() - n * interval '150 days', 'system', 'test', 'test', n::text FROM generate_series(1, 5) n`,
      [],
    );
  }

  it('counts what it would remove, and removes nothing, with --dry-run', async () => {
    await putSome();
    const before = await countRows(db);
    expect(await cleanup(['--dry-run'], env)).toEqual({
      code: 0,
      output: 'Would remove deliveries: 1,234 successful, 5 failed; events: 1,234; entries of the audit log: 3.\n',
    });
    const json = await cleanup(['--dry-run', '--json'], env);
    expect([json.code, JSON.parse(json.output)]).toEqual([
      0,
      { dry_run: true, successful: 1_234, failed: 5, events: 1_234, audit: 3 },
    ]);
    expect(await countRows(db)).toEqual(before);
  });

  it('removes in batches until nothing is left, and sums up', async () => {
    await putSome();
    expect(await cleanup(['--batch', '100'], env)).toEqual({
      code: 0,
      output: 'Removed deliveries: 1,234 successful, 5 failed; events: 1,234; entries of the audit log: 3.\n',
    });
    expect(await countRows(db)).toEqual({ success: 2, failed: 0, unended: 0, attempts: 2, events: 7 });
    const again = await cleanup(['--json'], env);
    expect([again.code, JSON.parse(again.output)]).toEqual([
      0,
      { dry_run: false, complete: true, partitions: [], successful: 0, failed: 0, events: 0, audit: 0 },
    ]);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('tells how far it is, and ends between batches on %s, with %i', async (signal, code) => {
    const webhook = await createWebhook(db, URL_OF_NOBODY);
    await putOld(db, webhook, 'success', '100 days', 8_000);
    const running = startHooklineProcess(['cleanup', '--batch', '1'], env);
    await running.waitForOutput(' so far.\n');
    expect(await running.end(signal)).toBe(code);
    const left = (await countRows(db))['success'] ?? 0;
    expect(left).toBeGreaterThan(0);
    const removed = (8_000 - left).toLocaleString('en-US');
    expect(running.output()).toMatch(
      new RegExp(
        `\nRemoved deliveries: ${removed} successful, 0 failed; events: ${removed}; entries of the audit log: \\d\\.\nStopped before the end; run it again.*\n$`,
      ),
    );
  });

  it('prints JSON alone when it is stopped, too', async () => {
    const webhook = await createWebhook(db, URL_OF_NOBODY);
    await putOld(db, webhook, 'success', '100 days', 8_000);
    const running = startHooklineProcess(['cleanup', '--batch', '1', '--json'], env);
    const begun = async (): Promise<boolean> => ((await countRows(db))['success'] ?? 0) < 8_000;
    await waitUntil(begun, { message: running.output, timeoutMs: 30_000 });
    expect(await running.end('SIGINT')).toBe(130);
    const left = (await countRows(db))['success'] ?? 0;
    expect(JSON.parse(running.output())).toMatchObject({ complete: false, successful: 8_000 - left });
  });

  it.each(['0', '1.5', '100001'])('takes no --batch %s', async (batch) => {
    const { code, output } = await cleanup([`--batch=${batch}`], env);
    expect(code).toBe(2);
    expect(output).toContain('whole number, 1 to 100000');
  });

  it('says that the database has to be migrated first', async () => {
    const empty = await newPostgresDatabase({ migrated: false });
    const { code, output } = await cleanup([], { DATABASE_URL: empty.url });
    expect(code).toBe(1);
    expect(output).toMatch(/Hint: .*hookline migrate.*\nCode: {2}not_migrated/);
    await empty.drop();
  });

  it('says that a database cannot be reached', async () => {
    const { code, output } = await cleanup(['--dry-run'], { DATABASE_URL: 'postgres://u:hidden@127.0.0.1:9/app' });
    expect(code).toBe(1);
    expect(output).toContain('Code:  database_unavailable');
    expect(output).not.toContain('hidden');
  });
});

describe('hookline cleanup on the embedded database', { timeout: 18_000 }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-cleanup-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('counts, removes, and refuses a folder that is in use or holds none', async () => {
    const dataDir = join(folder, 'data');
    await fillDataDir(inject('runFolder'), dataDir);
    const db = await openDatabase({ databaseUrl: undefined, dataDir });
    const webhook = await createWebhook(db, URL_OF_NOBODY);
    await putOld(db, webhook, 'success', '100 days', 30);
    await putOld(db, webhook, 'failed', '1 day');
    const env = { HOOKLINE_DATA_DIR: dataDir };
    const locked = await cleanup([], env);
    expect([locked.code, locked.output]).toEqual([1, expect.stringMatching(/Code: {2}data_dir_locked/)]);
    await db.close();
    expect((await cleanup(['--dry-run'], env)).output).toBe(
      'Would remove deliveries: 30 successful, 0 failed; events: 30; entries of the audit log: 0.\n',
    );
    expect(await cleanup(['--batch', '7'], env)).toEqual({
      code: 0,
      output: 'Removed deliveries: 30 successful, 0 failed; events: 30; entries of the audit log: 0.\n',
    });

    const nowhere = join(folder, 'nowhere');
    const { code, output } = await cleanup([], { HOOKLINE_DATA_DIR: nowhere });
    expect(code).toBe(1);
    expect(output).toMatch(/no embedded database in .*nowhere\.\nHint: .*HOOKLINE_DATA_DIR.*\nCode: {2}invalid_config/);
    expect(existsSync(nowhere)).toBe(false);
  });

  it('explains itself', async () => {
    const { code, output } = await cleanup(['--help'], {});
    expect(code).toBe(0);
    expect(output).toMatch(
      /--dry-run.*--batch <n>.*--json.*Environment:.*DATABASE_URL.*Examples:\n {2}\$ hookline cleanup/s,
    );
  });
});
