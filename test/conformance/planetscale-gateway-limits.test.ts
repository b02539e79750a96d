import { setTimeout as sleep } from 'node:timers/promises';
import { Client, connect } from '@planetscale/database';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPlanetscaleGateway } from '../../src/dev/planetscale-gateway/gateway.js';
import { PLANETSCALE_LIMITS } from '../../src/dev/planetscale-gateway/limits.js';
import { captureLog } from '../harness/captured-log.js';
import {
  GATEWAY_PASSWORD,
  GATEWAY_USER,
  startTestGateway,
  type TestGateway,
  untilRunning,
} from '../harness/planetscale-gateway.js';
import { startMariadb } from '../harness/services/mariadb.js';
import { waitUntil } from '../harness/wait-until.js';

/** A table function of MariaDB: as many rows as wanted. */
const sequence = (to: number): string => `SELECT seq FROM seq_1_to_${to}`;

describe('the limits of the PlanetScale gateway on results', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ limits: { resultBytes: 2_000_000 } });
  });
  afterAll(() => gateway.close());

  it('are PlanetScale’s by default', () => {
    expect(PLANETSCALE_LIMITS).toMatchObject({
      rows: 100_000,
      resultBytes: 67_108_864,
      statementMs: 30_000,
      transactionMs: 20_000,
    });
  });

  it('let 100,000 rows through, and not one more', async () => {
    expect((await gateway.client.execute(sequence(100_000), null, { as: 'array' })).size).toBe(100_000);
    const refusal = /code = Aborted desc = Row count exceeded 100000 \(CallerID/;
    await expect(gateway.client.execute(sequence(100_001))).rejects.toThrow(refusal);
    expect((await gateway.client.execute(sequence(2))).size).toBe(2);
  });

  it('stop a result that is too large', async () => {
    const { rows } = await gateway.client.execute<{ v: string }>("SELECT REPEAT('x', 1000000) AS v FROM seq_1_to_2");
    expect(rows.map(({ v }) => v.length)).toEqual([1_000_000, 1_000_000]);
    await expect(gateway.client.execute("SELECT REPEAT('x', 1000000) AS v FROM seq_1_to_1000")).rejects.toThrow(
      /code = ResourceExhausted desc = grpc: trying to send message larger than max \(3000000 vs\. 2000000\)/,
    );
  });
});

describe('the limits of the PlanetScale gateway on time and connections', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ limits: { statementMs: 1_000 } });
  });
  afterAll(() => gateway.close());

  it('stop a statement that takes too long, also in the database', async () => {
    const killed =
      /code = Canceled desc = \(errno 2013\) \(sqlstate HY000\) due to context deadline exceeded, elapsed time: [\d.]+m?s, killing query ID \d+/;
    const { pool } = gateway.database;
    await pool.query('CREATE TABLE held (id INT PRIMARY KEY, n INT)');
    await pool.query('INSERT INTO held VALUES (1, 0)');
    const holder = await pool.getConnection();
    await holder.query('BEGIN');
    await holder.query('UPDATE held SET n = 1');
    // Who waits for a lock does not notice that the client is gone.
    await expect(gateway.client.execute('UPDATE held SET n = 2 WHERE id = 1')).rejects.toThrow(killed);
    await untilRunning(gateway.database, 'UPDATE held', 0);
    await holder.query('COMMIT');
    holder.release();
    expect((await pool.query('SELECT n FROM held'))[0]).toEqual([{ n: 1 }]);
  });

  it('keep statements waiting for a connection no longer than one may run', async () => {
    const gateway = await startTestGateway({ limits: { statementMs: 5_000, connections: 2 } });
    try {
      const two = (): Promise<string>[] =>
        Array.from({ length: 2 }, () =>
          gateway.client.execute('SELECT SLEEP(25)').then(String, (error: Error) => error.message),
        );
      const first = two();
      await untilRunning(gateway.database, 'SELECT SLEEP', 2);
      // Half a statement's time apart: whose connection comes and who gives up is more than two seconds from being otherwise.
      await sleep(2_500);
      const second = two();
      await sleep(200);
      const third = two();
      for (const message of await Promise.all([...first, ...second])) expect(message).toContain('code = Canceled');
      for (const message of await Promise.all(third)) {
        expect(message).toContain('code = ResourceExhausted desc = resource pool timed out');
      }
      expect((await gateway.client.execute('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    } finally {
      await gateway.close();
    }
  });
});

describe('clients that leave the PlanetScale gateway, and a database that does', () => {
  it('breaks off the statement of a client that has gone, and its transaction', async () => {
    const gateway = await startTestGateway();
    try {
      await gateway.client.execute('CREATE TABLE kept (id INT PRIMARY KEY)');
      const leaving = connect({
        url: gateway.url,
        fetch: (url, init) => fetch(url, { ...init, signal: leave.signal }),
      });
      const leave = new AbortController();
      await leaving.execute('BEGIN');
      await leaving.execute('INSERT INTO kept VALUES (1)');
      const left = leaving.execute('SELECT SLEEP(25)');
      await untilRunning(gateway.database, 'SLEEP(25)');
      leave.abort();
      await expect(left).rejects.toThrow();
      // The row is free again long before the 20 s of a transaction are over.
      await gateway.client.execute('INSERT INTO kept VALUES (1)');
      expect((await gateway.client.execute('SELECT id FROM kept')).rows).toEqual([{ id: 1 }]);
    } finally {
      await gateway.close();
    }
  });

  it('tells that a connection to the database was lost, and opens another', async () => {
    const gateway = await startTestGateway();
    try {
      const { rows } = await gateway.client.execute<{ id: string }>('SELECT CONNECTION_ID() AS id');
      const lost = gateway.client.execute('SELECT SLEEP(25)').catch((error: Error) => error.message);
      await untilRunning(gateway.database, 'SLEEP(25)');
      await gateway.database.pool.query(`KILL ${Number(rows[0]?.id)}`);
      expect(await lost).toMatch(/code = (Unavailable|Canceled) desc = .*\(errno (2013|1927)\)/);
      expect((await gateway.client.execute('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    } finally {
      await gateway.close();
    }
  });

  it('tells that the database is away, and works again when it is back', async () => {
    const server = await startMariadb();
    const mysql = `${server.address}mysql`;
    const gateway = await startPlanetscaleGateway({ mysql, user: GATEWAY_USER, password: GATEWAY_PASSWORD });
    try {
      const client = new Client({ url: gateway.url });
      const transaction = client.connection();
      await transaction.execute('BEGIN');
      await transaction.execute('SELECT 1');
      const running = client.execute('SELECT SLEEP(25)');
      const messages = Promise.allSettled([running]);
      await server.stop('SIGKILL');
      const [told] = await messages;
      expect(told).toMatchObject({ reason: { message: expect.stringContaining('code = Unavailable') } });
      const away =
        /code = Unavailable desc = net\.Dial to mysqld failed: \w+ \(errno 2002\) \(sqlstate HY000\) \(CallerID/;
      await expect(client.execute('SELECT 1')).rejects.toThrow(away);
      await expect(transaction.execute('SELECT 1')).rejects.toThrow(/code = (Aborted|Unavailable)/);
      await server.start();
      await waitUntil(
        () =>
          client.execute('SELECT 1 AS one').then(
            ({ rows }) => rows.length === 1,
            () => false,
          ),
        { message: 'the gateway to reach the database again' },
      );
      await expect(transaction.execute('SELECT 1')).rejects.toThrow('code = Aborted');
    } finally {
      await gateway.close();
      await server.remove();
    }
  });

  it('leaves no clock running for a transaction when it is closed', async () => {
    const { log, lines } = captureLog();
    const gateway = await startTestGateway({ limits: { transactionMs: 2_000 }, log });
    const connection = connect({ url: gateway.url });
    await connection.execute('BEGIN');
    await connection.execute('SELECT 1');
    await gateway.close();
    await sleep(2_300);
    expect(lines('gateway.kill_failed')).toEqual([]);
  });

  it('ends everything when it is closed: statements, transactions, connections', async () => {
    const gateway = await startTestGateway();
    const [connection, others] = [connect({ url: gateway.url }), gateway.database.pool];
    await connection.execute('CREATE TABLE kept (id INT PRIMARY KEY)');
    await connection.execute('BEGIN');
    await connection.execute('INSERT INTO kept VALUES (1)');
    const running = gateway.client.execute('SELECT SLEEP(25)').catch((error: unknown) => error);
    gateway.faults.add({ kind: 'hang', match: 'never' });
    const hanging = gateway.client.execute("SELECT 'never'").catch((error: unknown) => error);
    await untilRunning(gateway.database, 'SLEEP(25)');
    await waitUntil(() => gateway.faults.list()[0]?.happened === 1, {
      message: 'the statement that is never answered',
    });
    const [[before]] = await others.query<RowDataPacket[]>(
      'SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE db = DATABASE()',
    );
    expect(before?.['n']).toBeGreaterThan(2);
    await gateway.closeGateway();
    expect(await running).toBeInstanceOf(Error);
    expect(await hanging).toBeInstanceOf(Error);
    await waitUntil(
      async () => {
        const [[after]] = await others.query<RowDataPacket[]>(
          'SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE db = DATABASE() AND id <> CONNECTION_ID()',
        );
        return Number(after?.['n']) === 0;
      },
      { message: 'the connections to end' },
    );
    const [kept] = await others.query<RowDataPacket[]>('SELECT id FROM kept');
    expect(kept).toEqual([]);
    await gateway.close();
  });
});
