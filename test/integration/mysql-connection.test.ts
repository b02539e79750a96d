import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { connectionOptions, rowsOf, useOnlyDatabase, withMysql } from '../../src/db/mysql/connection.js';
import { mysqlTargetOf } from '../../src/db/mysql/target.js';
import { newMariadbDatabase } from '../harness/mariadb-databases.js';
import { startMariadb, withMariadb } from '../harness/services/mariadb.js';
import { refusal } from './mysql-helpers.js';
import { selfSigned } from './redis-helpers.js';

const KEYS = { host: 'aws.connect.psdb.cloud', username: 'u', password: 'pscale_pw_1' };
const verified = expect.objectContaining({ rejectUnauthorized: true, verifyIdentity: true });

describe('the MySQL database that the settings name', () => {
  it('is reached as the parts of the URL say, decoded', () => {
    expect(connectionOptions({ url: 'mysql://us%40er:p%2Fw%3F@[::1]:3307/my%20app' })).toEqual({
      host: '::1',
      port: 3307,
      user: 'us@er',
      password: 'p/w?',
      database: 'my app',
    });
    expect(connectionOptions({ url: 'mysql://u@db/app' })).toMatchObject({ port: 3306, password: '' });
  });

  it.each([
    ['mysql://u:p@db/app', undefined],
    ['mysql://u:p@db/app?ssl=false', undefined],
    ['mysql://u:p@db/app?ssl-mode=DISABLED', undefined],
    ['mysql://u:p@db/app?ssl-mode=VERIFY_IDENTITY', verified],
    ['mysql://u:p@db/app?ssl=true', verified],
    ['mysql://u:p@db/app?sslaccept=strict', verified],
    ['mysql://u:p@db/app?ssl={"rejectUnauthorized":true}', verified],
    ['mysql://u:p@db/app?ssl-mode=REQUIRED', expect.objectContaining({ rejectUnauthorized: false })],
    ['mysql://u:p@db/app?ssl={"rejectUnauthorized": false}', expect.objectContaining({ rejectUnauthorized: false })],
    ['mysql://u:p@aws.connect.psdb.cloud/app', verified],
    ['mysql://u:p@aws.connect.psdb.cloud/app?ssl-mode=DISABLED', verified],
  ])('is reached by TLS as %s asks', (target, ssl) => {
    expect(connectionOptions({ url: target }).ssl).toEqual(ssl);
  });

  it('is PlanetScale’s by the three variables, or by their URL, always verified', () => {
    const env = {
      PLANETSCALE_HOST: KEYS.host,
      PLANETSCALE_USERNAME: KEYS.username,
      PLANETSCALE_PASSWORD: KEYS.password,
    };
    const byVariables = mysqlTargetOf(loadConfig(env));
    const byUrl = mysqlTargetOf(loadConfig({ HOOKLINE_RECEIVER_URL: `https://u:pscale_pw%5F1@${KEYS.host}` }));
    expect(byVariables).toEqual({ planetscale: KEYS });
    expect(byUrl).toEqual(byVariables);
    expect(connectionOptions(byVariables)).toEqual({
      host: KEYS.host,
      user: 'u',
      password: KEYS.password,
      ssl: verified,
    });
  });

  it.each([
    [{}, /No setting names a MySQL database/, /HOOKLINE_RECEIVER_URL/],
    [{ HOOKLINE_RECEIVER_URL: 'postgres://u:secret@/app' }, /names PostgreSQL/, /without --target/],
    [{ HOOKLINE_RECEIVER_URL: 'http://u:secret@127.0.0.1:3900' }, /names a gateway/, /mysql:\/\//],
  ])('is not found in %j', (env, message, hint) => {
    const error = (() => {
      try {
        return mysqlTargetOf(loadConfig(env));
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({
      code: 'invalid_config',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it.each(['mysql://u:p@db', 'mysql://u:p@db/', 'postgres://u:p@db/app', 'mysql:///app', 'db/app', ''])(
    'is not named by %j',
    (target) => {
      expect(() => connectionOptions({ url: target })).toThrow(expect.objectContaining({ code: 'invalid_config' }));
    },
  );
});

describe('a connection to MySQL', () => {
  const connected = (target: string) => withMysql({ url: target }, async () => true);

  function changed(target: string, parts: Partial<Pick<URL, 'password' | 'port' | 'pathname' | 'search'>>): string {
    return Object.assign(new URL(target), parts).href;
  }

  it('that the server refuses is told in words that say what to mend', async () => {
    const database = await newMariadbDatabase({ migrated: false });
    try {
      const { url } = database;
      expect(await connected(url)).toBe(true);
      expect(await refusal(connected(changed(url, { password: 'wrong' })))).toMatchObject({
        code: 'database_refused',
        hint: expect.stringContaining('password'),
      });
      expect(await refusal(connected(changed(url, { pathname: '/hookline_none' })))).toMatchObject({
        code: 'database_refused',
        hint: expect.stringContaining('name of the database'),
      });
      expect(await refusal(connected(changed(url, { port: '1' })))).toMatchObject({
        code: 'database_unavailable',
        hint: expect.stringContaining('host and port'),
      });
    } finally {
      await database.drop();
    }
  });

  it('verifies the certificate where it is to, and nothing where it is only to encrypt', {
    timeout: 120_000,
  }, async () => {
    const server = await startMariadb({ tls: await selfSigned() });
    try {
      await withMariadb(server.address, (admin) => admin.query('SET GLOBAL require_secure_transport = ON'));
      const url = changed(server.address, { pathname: '/mysql' });
      const tls = (search: string) => connected(changed(url, { search }));
      expect((await refusal(tls(''))).code).toBe('database_refused');
      expect(await tls('?ssl-mode=REQUIRED')).toBe(true);
      const error = await refusal(tls('?ssl-mode=VERIFY_IDENTITY'));
      expect([error.code, error.hint]).toEqual(['database_refused', expect.stringContaining('certificate')]);
    } finally {
      await server.remove();
    }
  });

  it('takes the one database of a server where no setting names it, and asks where there are more', {
    timeout: 120_000,
  }, async () => {
    const server = await startMariadb();
    try {
      await withMariadb(server.address, async (connection) => {
        expect(await refusal(useOnlyDatabase(connection))).toMatchObject({
          code: 'invalid_config',
          message: expect.stringContaining('0 databases'),
        });
        await connection.query('CREATE DATABASE `my-app`');
        await useOnlyDatabase(connection);
        expect(await rowsOf(connection, 'SELECT DATABASE() AS name')).toEqual([{ name: 'my-app' }]);
        await connection.query('CREATE DATABASE other');
        expect(await refusal(useOnlyDatabase(connection))).toMatchObject({
          message: expect.stringContaining('2 databases'),
          hint: expect.stringContaining('HOOKLINE_RECEIVER_URL'),
        });
      });
    } finally {
      await server.remove();
    }
  });
});
