import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.js';
import { openPostgres } from '../../src/db/pg.js';

const PREFIX = 'hookline_test_';
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;
// Advisory locks belong to one database: everyone takes this one in the server's own. The number is "template" in ASCII.
const LOCK = 'SELECT pg_advisory_lock(8387513093086868581)';

export interface PostgresDatabase {
  /** An owner's URL of the database. */
  readonly url: string;
  /** Closes the connections of others and drops it. */
  drop(): Promise<void>;
}

/**
 * Makes a database of its own on the server of this run: empty, or a copy of one that was migrated once a run (0.1 s against 1 s).
 * `server` is an owner's URL, `runId` names the run; both come from vitest's `inject`.
 */
export async function createPostgresDatabase(
  server: string,
  runId: string,
  { migrated = true }: { readonly migrated?: boolean } = {},
): Promise<PostgresDatabase> {
  const name = `${PREFIX}${runId}_${randomBytes(4).toString('hex')}`;
  await withClient(server, async (client) => {
    const template = migrated ? await migratedTemplate(client, server, runId) : 'template1';
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} ${await copying(client)}`);
  });
  return { url: urlOf(server, name), drop: () => withClient(server, (client) => dropDatabase(client, name)) };
}

/** Drops what the run made, for a server that outlives it. */
export async function dropDatabasesOf(server: string, runId: string): Promise<void> {
  await dropWhere(server, (name) => name.startsWith(`${PREFIX}${runId}_`));
}

/** Drops what runs left behind that were killed more than a day ago; a run's name begins with its time. */
export async function dropForgottenDatabases(server: string): Promise<void> {
  const before = Date.now() - FORGOTTEN_AFTER_MS;
  await dropWhere(server, (name) => Number.parseInt(name.slice(PREFIX.length, PREFIX.length + 8), 36) < before);
}

/** By files, in half the time. Before PostgreSQL 15 there is no other way, nor a word for it. */
async function copying(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ can: boolean }>(
    "SELECT current_setting('server_version_num')::int >= 150000 AS can",
  );
  return rows[0]?.can ? 'STRATEGY FILE_COPY' : '';
}

async function migratedTemplate(client: pg.Client, server: string, runId: string): Promise<string> {
  const name = `${PREFIX}${runId}_template`;
  // Ends with the connection, also when this process is killed while it migrates.
  await client.query(LOCK);
  const { rows } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (rows.length === 0) await migrateInto(client, server, name);
  await client.query('SELECT pg_advisory_unlock_all()');
  return name;
}

async function migrateInto(client: pg.Client, server: string, name: string): Promise<void> {
  const half = `${name}_half`;
  await client.query(`DROP DATABASE IF EXISTS ${half}`);
  await client.query(`CREATE DATABASE ${half}`);
  const db = openPostgres({ connectionString: urlOf(server, half), poolSize: 1 });
  try {
    await migrate(db);
  } finally {
    await db.close();
  }
  // Only a template that is whole gets the name.
  await client.query(`ALTER DATABASE ${half} RENAME TO ${name}`);
}

async function dropWhere(server: string, doomed: (name: string) => boolean): Promise<void> {
  await withClient(server, async (client) => {
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
      `${PREFIX.replaceAll('_', '\\_')}%`,
    ]);
    for (const { datname } of rows) if (doomed(datname)) await dropDatabase(client, datname);
  });
}

async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function withClient<T>(connectionString: string, fn: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}
