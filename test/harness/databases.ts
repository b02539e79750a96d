import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import type { Database, Queryable } from '../../src/db/database.js';
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
}

/** Runs the same suite on PGlite and on PostgreSQL, each with a fresh database of its own. */
export function describeOnEachDatabase(
  name: string,
  body: (ctx: DatabaseContext) => void,
  options: DatabaseOptions = {},
): void {
  for (const kind of ['pglite', 'postgres'] as const) {
    describe(`${name} (${kind})`, () => {
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
