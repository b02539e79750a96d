import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import type { Database, Queryable } from '../../src/db/database.js';
import { partitionDeliveries } from '../../src/db/partition/deliveries.js';
import { openPostgres } from '../../src/db/pg.js';
import { asUser } from '../../src/db/roles.js';
import { createPgliteDatabase } from './pglite-databases.js';
import { createPostgresDatabase, type PostgresDatabase } from './postgres-databases.js';

export interface DatabaseContext {
  readonly kind: 'postgres' | 'pglite';
  /** The suite's own database, opened as an owner. Throws outside tests and hooks. */
  db(): Database;
}

export interface DatabaseOptions {
  /** False gives an empty database. Default true. */
  readonly migrated?: boolean;
  /** True keeps deliveries in partitions. Default false, and true for suites of `inPartitions`. */
  readonly partitioned?: boolean;
}

/** Runs the same suite on PGlite and on PostgreSQL, each with a fresh database of its own. */
export function describeOnEachDatabase(
  name: string,
  body: (ctx: DatabaseContext) => void,
  options: DatabaseOptions = {},
): void {
  for (const kind of ['pglite', 'postgres'] as const) describeOn(kind, name, body, options);
}

/**
 * Runs a suite on PostgreSQL, with a fresh database of its own; on PGlite, too, in `npm run test:embedded`. It is for suites that make a database work hard, and for those of
 * routes: PGlite takes two to four times as long, and what differs between the two is held by suites that run on each.
 */
export function describeOnPostgres(
  name: string,
  body: (ctx: DatabaseContext) => void,
  options: DatabaseOptions = {},
): void {
  if (process.env['HOOKLINE_TEST_EMBEDDED'] !== undefined) describeOn('pglite', name, body, options);
  describeOn('postgres', name, body, options);
}

let partitioned = false;

/** Has the suites that `load` describes run on PostgreSQL alone, with deliveries in partitions: those of other test files, imported. */
export async function inPartitions(load: () => Promise<unknown>): Promise<void> {
  partitioned = true;
  try {
    await load();
  } finally {
    partitioned = false;
  }
}

function describeOn(
  kind: DatabaseContext['kind'],
  name: string,
  body: (ctx: DatabaseContext) => void,
  given: DatabaseOptions,
): void {
  if (partitioned && kind === 'pglite') return;
  const options = { partitioned, ...given };
  describe(`${name} (${kind}${options.partitioned ? ', in partitions' : ''})`, () => {
    let opened: TestDatabase | undefined;
    beforeAll(async () => {
      opened = await openTestDatabase(kind, options);
    });
    afterAll(async () => {
      await opened?.drop();
    });
    body({
      kind,
      db() {
        if (opened === undefined) throw new Error('db() is there only inside tests and hooks.');
        return opened.db;
      },
    });
  });
}

export interface TestDatabase {
  readonly db: Database;
  /** Closes it and removes it. */
  drop(): Promise<void>;
}

/** A fresh database of one kind. The caller drops it. */
export async function openTestDatabase(
  kind: DatabaseContext['kind'],
  options: DatabaseOptions = {},
): Promise<TestDatabase> {
  const opened = await openInShape(kind, options);
  if (options.partitioned === true) await partitionDeliveries(opened.db);
  return opened;
}

async function openInShape(kind: DatabaseContext['kind'], options: DatabaseOptions): Promise<TestDatabase> {
  if (kind === 'pglite') {
    const db = await createPgliteDatabase(inject('runFolder'), options);
    return { db, drop: () => db.close() };
  }
  const { url, drop } = await newPostgresDatabase(options);
  const db = openPostgres({ connectionString: url });
  return {
    db,
    async drop() {
      await db.close();
      await drop();
    },
  };
}

/** A fresh PostgreSQL database by its URL, for processes of their own and for psql. The caller drops it. */
export function newPostgresDatabase(options: DatabaseOptions = {}): Promise<PostgresDatabase> {
  return createPostgresDatabase(inject('postgresUrl'), inject('runId'), options);
}

/** Adds a user to auth.users and gives the UUID. */
export async function createUser(db: Queryable, id: string = randomUUID()): Promise<string> {
  await db.query('INSERT INTO auth.users (id) VALUES ($1::uuid)', [id]);
  return id;
}

/** `asUser` with the claims of a signed-in user. */
export function asUserId<T>(db: Database, userId: string, fn: (tx: Queryable) => Promise<T>): Promise<T> {
  return asUser(db, { sub: userId, role: 'authenticated' }, fn);
}
