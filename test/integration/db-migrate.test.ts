import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Database } from '../../src/db/database.js';
import { MIGRATIONS, migrate, pendingMigrations } from '../../src/db/migrate.js';
import { openPostgres } from '../../src/db/pg.js';
import { HooklineError } from '../../src/errors.js';
import {
  describeOnEachDatabase,
  newPostgresDatabase,
  openTestDatabase,
  type TestDatabase,
} from '../harness/databases.js';
import { waitUntil } from '../harness/wait-until.js';
import { schemaFingerprint } from './schema-fingerprint.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const shipped = async () => (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort();

async function ledger(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>('SELECT name FROM hookline.migrations ORDER BY name', []);
  return rows.map(({ name }) => name);
}

const exists = async (db: Database, relation: string): Promise<boolean> =>
  (await db.query('SELECT 1 WHERE to_regclass($1) IS NOT NULL', [relation])).rowCount === 1;

describeOnEachDatabase(
  'the migrations that are shipped',
  (ctx) => {
    it('would all run on an empty database, and a dry run changes nothing', async () => {
      const before = await schemaFingerprint(ctx.db());
      expect(await migrate(ctx.db(), { dryRun: true })).toEqual({ applied: [], pending: await shipped() });
      expect(await pendingMigrations(ctx.db())).toEqual(await shipped());
      expect(await schemaFingerprint(ctx.db())).toEqual(before);
    });

    it('are all applied in order, each told after it has committed', async () => {
      const told: string[] = [];
      const result = await migrate(ctx.db(), { onApply: (name) => told.push(name) });
      expect(result).toEqual({ applied: await shipped(), pending: [] });
      expect(told).toEqual(await shipped());
      expect(await ledger(ctx.db())).toEqual(await shipped());
      expect(await exists(ctx.db(), 'public.webhook_deliveries')).toBe(true);
    });

    it('are not applied again', async () => {
      const before = await schemaFingerprint(ctx.db());
      const nothing = { applied: [], pending: [] };
      expect(await migrate(ctx.db(), { onApply: (name) => expect.unreachable(name) })).toEqual(nothing);
      expect(await migrate(ctx.db(), { dryRun: true })).toEqual(nothing);
      expect(await pendingMigrations(ctx.db())).toEqual([]);
      expect(await schemaFingerprint(ctx.db())).toEqual(before);
    });

    it('change nothing when every file is run by hand a second time', async () => {
      const before = await schemaFingerprint(ctx.db());
      for (const name of await shipped()) {
        const text = await readFile(new URL(name, MIGRATIONS), 'utf8');
        await ctx.db().transaction((tx) => tx.query(`SET LOCAL client_min_messages = warning;\n${text}`));
      }
      // Not after each file: one puts a function back that a later one replaces.
      expect(await schemaFingerprint(ctx.db())).toEqual(before);
    });

    it('are the same ones when they were checked out with CRLF', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'hookline-migrations-'));
      try {
        for (const name of await shipped()) {
          const text = await readFile(new URL(name, MIGRATIONS), 'utf8');
          expect(text, `${name} has LF`).not.toContain('\r');
          await writeFile(join(folder, name), text.replaceAll('\n', '\r\n'));
        }
        expect(await migrate(ctx.db(), { folder: pathToFileURL(`${folder}/`) })).toEqual({ applied: [], pending: [] });
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  },
  { migrated: false },
);

describe.each(['pglite', 'postgres'] as const)('migrate (%s)', (kind) => {
  let opened: TestDatabase;
  let db: Database;
  let path: string;
  let folder: URL;

  beforeAll(async () => {
    opened = await openTestDatabase(kind, { migrated: false });
    db = opened.db;
  });
  afterAll(() => opened.drop());
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'hookline-migrations-'));
    folder = pathToFileURL(`${path}/`);
    await write('0001_one.sql', 'CREATE TABLE one (n int);');
    await write('0002_two.sql', 'CREATE TABLE two (n int);');
  });
  afterEach(async () => {
    await db.query('DROP SCHEMA IF EXISTS hookline CASCADE; DROP TABLE IF EXISTS one, two, three, four, five');
    await rm(path, { recursive: true });
  });

  const write = (name: string, sql: string) => writeFile(join(path, name), sql);

  /** Expects `migrate`, its dry run and `pendingMigrations` to refuse with one and the same error of the catalogue. */
  async function refusal(): Promise<HooklineError> {
    const errors: HooklineError[] = [];
    for (const call of [
      () => migrate(db, { folder }),
      () => migrate(db, { folder, dryRun: true }),
      () => pendingMigrations(db, folder),
    ]) {
      const error: unknown = await call().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof HooklineError)) throw new Error(`no error of the catalogue: ${error}`);
      errors.push(error);
    }
    const [first, ...others] = errors;
    if (first === undefined) throw new Error('no error');
    for (const other of others) expect([other.code, other.message]).toEqual([first.code, first.message]);
    expect(first.hint).toMatch(/\S/);
    return first;
  }

  it('applies what is new, after what is there', async () => {
    await migrate(db, { folder });
    await write('0003_three.sql', 'ALTER TABLE two ADD m int;\n-- a comment at the end');
    expect(await migrate(db, { folder, dryRun: true })).toEqual({ applied: [], pending: ['0003_three.sql'] });
    expect(await migrate(db, { folder })).toEqual({ applied: ['0003_three.sql'], pending: [] });
    expect(await ledger(db)).toEqual(['0001_one.sql', '0002_two.sql', '0003_three.sql']);
  });

  it('refuses a file that was changed after it was applied, and applies nothing', async () => {
    await migrate(db, { folder });
    await write('0001_one.sql', 'CREATE TABLE one (n bigint);');
    await write('0003_three.sql', 'CREATE TABLE three (n int);');
    const error = await refusal();
    expect(error.code).toBe('migration_changed');
    expect(error.message).toContain('0001_one.sql');
    expect(await exists(db, 'three')).toBe(false);
  });

  it('refuses when an applied file is missing', async () => {
    await migrate(db, { folder });
    await rm(join(path, '0002_two.sql'));
    await write('0003_three.sql', 'CREATE TABLE three (n int);');
    const error = await refusal();
    expect(error.code).toBe('migration_missing');
    expect(error.message).toContain('0002_two.sql');
    expect(await exists(db, 'three')).toBe(false);
  });

  it('refuses a number before the last that was applied', async () => {
    await write('0005_five.sql', 'CREATE TABLE five (n int);');
    await migrate(db, { folder });
    await write('0004_four.sql', 'CREATE TABLE four (n int);');
    const error = await refusal();
    expect(error.code).toBe('migration_missing');
    expect(error.message).toContain('0004_four.sql');
    expect(await exists(db, 'four')).toBe(false);
  });

  it.each(['3_three.sql', '0003-three.sql', '0003_Three.sql', '0002_two_again.sql'])(
    'refuses the file name %s',
    async (name) => {
      await write(name, 'CREATE TABLE three (n int);');
      for (const dryRun of [true, false]) {
        await expect(migrate(db, { folder, dryRun })).rejects.toMatchObject({
          code: 'migration_failed',
          message: expect.stringContaining(name),
        });
      }
      expect(await exists(db, 'one')).toBe(false);
    },
  );

  it('rolls a failing migration back whole, keeps the earlier ones, and goes on when it is mended', async () => {
    await write('0003_three.sql', 'CREATE TABLE three (n int);\nINSERT INTO three VALUES (1);\nSELECT 1 / 0;');
    await write('0004_four.sql', 'CREATE TABLE four (n int);');
    const told: string[] = [];
    const failing = migrate(db, { folder, onApply: (name) => told.push(name) });
    await expect(failing).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringMatching(/0003_three\.sql.*division by zero/s),
      hint: expect.stringMatching(/\S/),
    });
    expect(told).toEqual(['0001_one.sql', '0002_two.sql']);
    expect(await ledger(db)).toEqual(told);
    for (const [relation, there] of [
      ['two', true],
      ['three', false],
      ['four', false],
    ] as const) {
      expect(await exists(db, relation), relation).toBe(there);
    }
    await write('0003_three.sql', 'CREATE TABLE three (n int);');
    expect((await migrate(db, { folder })).applied).toEqual(['0003_three.sql', '0004_four.sql']);
  });

  it('leaves no setting of a migration behind on the connection', async () => {
    await write('0003_three.sql', "SET LOCAL statement_timeout = '5min'; SET LOCAL search_path = pg_catalog;");
    const settings =
      "SELECT current_setting('statement_timeout') AS t, current_setting('search_path') AS p, current_setting('client_min_messages') AS m";
    const before = (await db.query(settings, [])).rows;
    await migrate(db, { folder });
    expect((await db.query(settings, [])).rows).toEqual(before);
  });
});

it('migrate lets transactions go first that hold what it needs, and has nobody end in a deadlock', async () => {
  const database = await newPostgresDatabase({ migrated: false });
  const path = await mkdtemp(join(tmpdir(), 'hookline-migrations-'));
  const db = openPostgres({ connectionString: database.url });
  try {
    const folder = pathToFileURL(`${path}/`);
    await writeFile(join(path, '0001_one.sql'), 'CREATE TABLE one (n int); CREATE TABLE two (n int);');
    await migrate(db, { folder });
    await writeFile(join(path, '0002_two.sql'), 'ALTER TABLE one ADD m int; ALTER TABLE two ADD m int;');
    const waiting = await db.transaction(async (tx) => {
      // Where the migration's session stands still, this one must not be the first to see a deadlock: the migration's own is begun anew.
      await tx.query("SET LOCAL deadlock_timeout = '20s'", []);
      await tx.query('INSERT INTO two VALUES (1)', []);
      const migrating = migrate(db, { folder });
      await waitUntil(
        async () => {
          const { rows } = await db.query("SELECT FROM pg_locks WHERE relation = 'two'::regclass AND NOT granted", []);
          return rows.length > 0;
        },
        { message: 'the migration to hold the one and wait for the other' },
      );
      await tx.query('INSERT INTO one VALUES (1)', []);
      return { migrating };
    });
    expect((await waiting.migrating).applied).toEqual(['0002_two.sql']);
  } finally {
    await db.close();
    await database.drop();
    await rm(path, { recursive: true });
  }
});

describe('migrate from many processes at once', () => {
  const module = (name: string) => JSON.stringify(new URL(`../db/${name}.js`, pathToFileURL(inject('program'))).href);
  const PROGRAM = `
    const { openPostgres } = await import(${module('pg')});
    const { migrate } = await import(${module('migrate')});
    const db = openPostgres({ connectionString: process.env.URL_OF_TEST, poolSize: 1 });
    console.log(JSON.stringify((await migrate(db)).applied));
    await db.close();`;

  it('applies every migration exactly once', async () => {
    const database = await newPostgresDatabase({ migrated: false });
    try {
      const run = async (): Promise<string[]> => {
        const args = ['--input-type=module', '-e', PROGRAM];
        const options = { cwd: ROOT, env: { ...process.env, URL_OF_TEST: database.url }, timeout: 60_000 };
        return JSON.parse((await promisify(execFile)(process.execPath, args, options)).stdout);
      };
      const applied = await Promise.all(Array.from({ length: 8 }, run));
      expect(applied.flat().sort()).toEqual(await shipped());
      const db = openPostgres({ connectionString: database.url });
      expect(await ledger(db)).toEqual(await shipped());
      await db.close();
    } finally {
      await database.drop();
    }
  }, 90_000);

  it('applies every migration exactly once from 4 connections of one process, on two databases of one server', async () => {
    const databases = await Promise.all([0, 1].map(() => newPostgresDatabase({ migrated: false })));
    try {
      await Promise.all(
        databases.map(async ({ url }) => {
          const all = Array.from({ length: 4 }, () => openPostgres({ connectionString: url, poolSize: 1 }));
          const results = await Promise.all(all.map((db) => migrate(db)));
          expect(results.flatMap(({ applied }) => applied).sort()).toEqual(await shipped());
          await Promise.all(all.map((db) => db.close()));
        }),
      );
    } finally {
      for (const database of databases) await database.drop();
    }
  }, 90_000);
});
