import mysql, { type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise';
import { bareHost } from '../../config/bare-host.js';
import { HooklineError } from '../../errors.js';
import { toMysqlError } from './errors.js';

/** Where a MySQL database is: by its URL, or by what PlanetScale gives for its serverless driver. */
export type MysqlTarget =
  | { readonly url: string }
  | { readonly planetscale: { readonly host: string; readonly username: string; readonly password: string } };

type Tls = NonNullable<Exclude<ConnectionOptions['ssl'], string>>;
const VERIFIED: Tls = { minVersion: 'TLSv1.2', rejectUnauthorized: true, verifyIdentity: true };
const UNVERIFIED: Tls = { minVersion: 'TLSv1.2', rejectUnauthorized: false };

const CONNECT_TIMEOUT_MS = 10_000;
/** Databases that every server has. */
const SYSTEM_DATABASES: ReadonlySet<string> = new Set(['information_schema', 'mysql', 'performance_schema', 'sys']);

/**
 * What mysql2 is given to reach the database. PlanetScale is always reached by TLS, with the certificate and its name verified; another
 * server as the URL says: `ssl-mode=DISABLED` (the default), `REQUIRED` (encrypted, not verified) or `VERIFY_IDENTITY`; `ssl=…`,
 * `sslmode=…` and `sslaccept=…`, as other drivers have them, mean the same.
 * Throws `invalid_config` when the URL is none of MySQL's, or names no database.
 */
export function connectionOptions(target: MysqlTarget): ConnectionOptions {
  if ('planetscale' in target) {
    const { host, username, password } = target.planetscale;
    return { host, user: username, password, ssl: VERIFIED };
  }
  const url = URL.canParse(target.url) ? new URL(target.url) : undefined;
  const database = url && decodeURIComponent(url.pathname.slice(1));
  if (url?.protocol !== 'mysql:' || url.hostname === '' || !database) {
    throw new HooklineError('invalid_config', 'This is no URL of a MySQL database.', {
      hint: 'It looks like mysql://user:password@host:3306/database, with special characters in the password percent-encoded.',
    });
  }
  const ssl = tlsOf(url);
  return {
    host: bareHost(url),
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
    ...(ssl && { ssl }),
  };
}

/**
 * Runs `fn` with one connection and ends it. Throws what `fn` throws, and errors of the database as `toMysqlError` tells them.
 */
export async function withMysql<T>(target: MysqlTarget, fn: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connectMysql(target);
  try {
    return await fn(connection);
  } catch (error) {
    throw toMysqlError(error);
  } finally {
    // A polite end would wait for a statement that hangs.
    connection.destroy();
  }
}

/** A connection in its database; the caller destroys it. Throws `invalid_config`, `database_refused`, `database_unavailable`. */
export async function connectMysql(target: MysqlTarget): Promise<Connection> {
  const options = connectionOptions(target);
  let connection: Connection | undefined;
  try {
    connection = await mysql.createConnection({
      ...options,
      connectTimeout: CONNECT_TIMEOUT_MS,
      charset: 'utf8mb4',
      supportBigNumbers: true,
      dateStrings: true,
    });
    // Without a listener a connection that breaks between two statements would end the process; the next statement tells of it.
    connection.on('error', () => undefined);
    if (options.database === undefined) await useOnlyDatabase(connection);
    return connection;
  } catch (error) {
    connection?.destroy();
    throw toMysqlError(error);
  }
}

/** The rows of a query; its `?` are bound. Gives up after `timeoutMs` without an answer. */
export async function rowsOf<Row>(
  connection: Connection,
  sql: string,
  values: readonly (string | number)[] = [],
  timeoutMs = 60_000,
): Promise<Row[]> {
  const [rows] = await connection.query<RowDataPacket[]>({ sql, values: [...values], timeout: timeoutMs });
  return rows as Row[];
}

/**
 * Makes the one database of a server the connection's own: PlanetScale's settings for its serverless driver name none.
 * Throws `invalid_config` when there are several, or none.
 */
export async function useOnlyDatabase(connection: Connection): Promise<void> {
  const names = (await rowsOf<{ Database: string }>(connection, 'SHOW DATABASES'))
    .map((row) => row.Database)
    .filter((name) => !SYSTEM_DATABASES.has(name));
  const [name] = names;
  if (name === undefined || names.length > 1) {
    throw new HooklineError('invalid_config', `The branch has ${names.length} databases, and no setting says which.`, {
      hint: 'Name it: HOOKLINE_RECEIVER_URL=mysql://username:password@host/database.',
    });
  }
  await connection.query('USE ??', [name]);
}

function tlsOf(url: URL): Tls | undefined {
  if (url.hostname.endsWith('.psdb.cloud')) return VERIFIED;
  const asked = ['ssl-mode', 'sslmode', 'sslaccept', 'ssl'].map((name) => url.searchParams.get(name)).find(Boolean);
  const mode = (asked ?? '').toLowerCase().replaceAll(/[\s_-]/g, '');
  if (['', 'false', '0', 'disable', 'disabled', 'prefer', 'preferred'].includes(mode)) return undefined;
  const trusting = ['require', 'required', 'acceptinvalidcerts'].includes(mode);
  return trusting || mode.includes('"rejectunauthorized":false') ? UNVERIFIED : VERIFIED;
}
