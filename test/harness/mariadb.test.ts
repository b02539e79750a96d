import { randomBytes } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { createMariadbDatabase, dropForgottenMariadbDatabases, dropMariadbDatabasesOf } from './mariadb-catalogue.js';
import { newMariadbDatabase } from './mariadb-databases.js';
import { mariadb, startMariadb, withMariadb } from './services/mariadb.js';
import { isNewEnough } from './services/mariadb-programs.js';
import { provision } from './services/provision.js';

const exists = (url: string): Promise<boolean> =>
  withMariadb(url, async () => true).catch((error: { code?: string }) => {
    if (error.code === 'ER_BAD_DB_ERROR') return false;
    throw error;
  });

it('keeps what committed when the server crashes, on the same port', { timeout: 120_000 }, async () => {
  const server = await startMariadb();
  try {
    await withMariadb(server.address, async (connection) => {
      await connection.query('CREATE DATABASE kept');
      await connection.query('CREATE TABLE kept.one (n INT PRIMARY KEY)');
      await connection.query('INSERT INTO kept.one VALUES (1)');
    });
    await server.stop('SIGKILL');
    await expect(exists(server.address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();
    const [rows] = await withMariadb(server.address, (connection) => connection.query('SELECT n FROM kept.one'));
    expect(rows).toEqual([{ n: 1 }]);
  } finally {
    await server.remove();
  }
  await expect(exists(server.address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('gives each caller a database of its own, in UTC, and drops it under a connection that is open', async () => {
  const [one, other] = [await newMariadbDatabase(), await newMariadbDatabase({ migrated: false })];
  const [tables] = await one.pool.query('SHOW TABLES');
  expect([tables, (await other.pool.query('SHOW TABLES'))[0]]).toEqual([expect.objectContaining({ length: 2 }), []]);
  expect((await one.pool.query('SELECT @@time_zone AS zone'))[0]).toEqual([{ zone: '+00:00' }]);
  await withMariadb(other.url, async () => {
    await one.drop();
    await other.drop();
  });
  expect([await exists(one.url), await exists(other.url)]).toEqual([false, false]);
});

it('drops what runs left behind that were killed more than a day ago, and what one run made', async () => {
  const server = inject('mariadbUrl');
  const run = (time: number) => time.toString(36) + randomBytes(3).toString('hex');
  const [old, fresh] = [run(Date.now() - 25 * 3_600_000), run(Date.now())];
  const [forgotten, kept] = [await createMariadbDatabase(server, old), await createMariadbDatabase(server, fresh)];
  await dropForgottenMariadbDatabases(server);
  expect([await exists(forgotten), await exists(kept)]).toEqual([false, true]);
  await dropMariadbDatabasesOf(server, fresh);
  expect(await exists(kept)).toBe(false);
});

it('takes a named server only when it may make databases and users there', async () => {
  const address = inject('mariadbUrl');
  expect((await provision(mariadb, { NODE_ENV: 'test', HOOKLINE_TEST_MARIADB_URL: address })).address).toBe(address);
  const user = `hookline_test_${randomBytes(4).toString('hex')}`;
  await withMariadb(address, (connection) => connection.query('CREATE USER ??', [user]));
  try {
    const poor = Object.assign(new URL(address), { username: user, password: '' }).href;
    await expect(provision(mariadb, { NODE_ENV: 'test', HOOKLINE_TEST_MARIADB_URL: poor })).rejects.toThrow(
      /HOOKLINE_TEST_MARIADB_URL names a server that tests cannot use: Access denied/,
    );
  } finally {
    await withMariadb(address, (connection) => connection.query('DROP USER ??', [user]));
  }
});

it.each([
  ['10.11.19-MariaDB-0+deb12u1', true],
  ['mariadbd  Ver 11.4.2-MariaDB for osx10.19 on arm64 (Homebrew)', true],
  ['10.6.4-MariaDB', true],
  ['10.5.23-MariaDB-1:10.5.23+maria~ubu2004', false],
  ['8.0.36', false],
  ['mysqld  Ver 8.4.1 for Linux on x86_64 (MySQL Community Server - GPL)', false],
])('knows of %s whether it is a MariaDB that will do', (version, fits) => {
  expect(isNewEnough(version)).toBe(fits);
});
