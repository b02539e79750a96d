import { type Client, type Connection, connect } from '@planetscale/database';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway, untilRunning } from '../harness/planetscale-gateway.js';
import { waitUntil } from '../harness/wait-until.js';

/** Longer than it may take to begin three of them. */
const TRANSACTION_MS = 5_000;

describe('transactions through the PlanetScale gateway', () => {
  let gateway: TestGateway;
  let client: Client;
  beforeAll(async () => {
    gateway = await startTestGateway({ limits: { transactionWaitMs: 10_000 } });
    client = gateway.client;
    await client.execute('CREATE TABLE accounts (id INT PRIMARY KEY, amount INT NOT NULL)');
  });
  beforeEach(async () => {
    await client.execute('DELETE FROM accounts');
    await client.execute('INSERT INTO accounts VALUES (1, 10), (2, 10)');
  });
  afterAll(() => gateway.close());

  const amounts = async (of: Pick<Client, 'execute'> = client): Promise<number[]> =>
    (await of.execute<{ amount: number }>('SELECT amount FROM accounts ORDER BY id')).rows.map(({ amount }) => amount);
  const session = (): Connection => connect({ url: gateway.url });

  it('commits what is done in one, and others see it only then', async () => {
    await client.transaction(async (tx) => {
      await tx.execute('UPDATE accounts SET amount = 7 WHERE id = 1');
      await tx.execute('UPDATE accounts SET amount = 13 WHERE id = 2');
      expect(await amounts(tx)).toEqual([7, 13]);
      expect(await amounts()).toEqual([10, 10]);
    });
    expect(await amounts()).toEqual([7, 13]);
  });

  it('rolls back when the code in it fails, and gives its error', async () => {
    const failed = client.transaction(async (tx) => {
      await tx.execute('UPDATE accounts SET amount = 0');
      throw new Error('of the code');
    });
    await expect(failed).rejects.toThrow('of the code');
    expect(await amounts()).toEqual([10, 10]);
  });

  it('rolls back when a statement in it fails, and gives the first error', async () => {
    const failed = client.transaction(async (tx) => {
      await tx.execute('UPDATE accounts SET amount = 0');
      await tx.execute('INSERT INTO accounts VALUES (1, 1)');
    });
    await expect(failed).rejects.toThrow('(errno 1062)');
    expect(await amounts()).toEqual([10, 10]);
  });

  it('tells the session of its transaction as Vitess does, and of nothing when it has ended', async () => {
    const connection = session();
    await connection.execute('BEGIN');
    await connection.execute('SELECT 1');
    const [held, told] = await states(connection);
    expect(held).toMatchObject({
      inTransaction: true,
      shardSessions: [{ target: { shard: '-', tabletType: 'PRIMARY' }, transactionId: expect.stringMatching(/^\d+$/) }],
    });
    expect(told).not.toHaveProperty('inTransaction');
    expect(told).not.toHaveProperty('shardSessions');
  });

  it('ends a transaction with COMMIT, ROLLBACK, the next BEGIN, and DDL, as MySQL does', async () => {
    const connection = session();
    for (const [ending, left] of [
      ['START TRANSACTION', 1],
      ['CREATE TABLE of_ddl (id INT)', 2],
      ['ROLLBACK', 2],
      ['commit work;', 4],
    ] as const) {
      await connection.execute('BEGIN');
      await connection.execute('UPDATE accounts SET amount = ?', [left]);
      await connection.execute(ending);
      expect(await amounts()).toEqual([left, left]);
    }
    await connection.execute('ROLLBACK');
    expect(await amounts()).toEqual([4, 4]);
  });

  it('keeps to READ ONLY, savepoints, and autocommit = 0', async () => {
    const connection = session();
    await connection.execute('START TRANSACTION READ ONLY');
    await expect(connection.execute('DELETE FROM accounts')).rejects.toThrow('code = FailedPrecondition');
    await connection.execute('ROLLBACK');
    await connection.execute('BEGIN');
    await connection.execute('UPDATE accounts SET amount = 1');
    await connection.execute('SAVEPOINT here');
    await connection.execute('UPDATE accounts SET amount = 2');
    await connection.execute('ROLLBACK TO SAVEPOINT here');
    await connection.execute('COMMIT');
    expect(await amounts()).toEqual([1, 1]);
    await connection.execute('SET autocommit = 0');
    await connection.execute('UPDATE accounts SET amount = 3');
    expect(await amounts()).toEqual([1, 1]);
    await connection.execute('ROLLBACK');
    await connection.execute('UPDATE accounts SET amount = 4');
    await connection.execute('SET @@session.autocommit = ON');
    expect(await amounts()).toEqual([4, 4]);
    await connection.execute('UPDATE accounts SET amount = 5');
    expect(await amounts()).toEqual([5, 5]);
  });

  it('keeps what is set in one to its session', async () => {
    const connection = session();
    await connection.execute('BEGIN');
    await connection.execute('SELECT 1');
    await connection.execute("SET @who = 'me'");
    expect((await connection.execute('SELECT @who AS who')).rows).toEqual([{ who: 'me' }]);
    await connection.execute('COMMIT');
    for (const _ of [1, 2, 3]) {
      await client.transaction(async (tx) => {
        expect((await tx.execute('SELECT @who AS who')).rows).toEqual([{ who: null }]);
      });
    }
    expect((await connection.execute('SELECT @who AS who')).rows).toEqual([{ who: 'me' }]);
    await connection.execute('BEGIN');
    expect((await connection.execute('SELECT @who AS who')).rows).toEqual([{ who: 'me' }]);
    await connection.execute('COMMIT');
  });

  it('serves many at once, each on its own connection', async () => {
    await Promise.all(
      Array.from({ length: 20 }, () =>
        client.transaction(async (tx) => {
          await tx.execute('UPDATE accounts SET amount = amount - 1 WHERE id = 1');
          await tx.execute('UPDATE accounts SET amount = amount + 1 WHERE id = 2');
        }),
      ),
    );
    expect(await amounts()).toEqual([-10, 30]);
  });

  it('refuses a second statement of a transaction while one runs in it', async () => {
    const connection = session();
    const holder = await gateway.database.pool.getConnection();
    await holder.query('BEGIN');
    await holder.query('UPDATE accounts SET amount = 11 WHERE id = 1');
    await connection.execute('BEGIN');
    await connection.execute('SELECT 1');
    const waiting = connection.execute('UPDATE accounts SET amount = 12 WHERE id = 1');
    await untilRunning(gateway.database, 'amount = 12');
    await expect(connection.execute('SELECT 2')).rejects.toThrow(
      /code = Aborted desc = transaction \d+: in use: for query/,
    );
    await holder.query('ROLLBACK');
    holder.release();
    await waiting;
    await connection.execute('ROLLBACK');
  });

  it('aborts one of two that wait for each other, which then only rolls back', async () => {
    const [one, other] = [session(), session()];
    for (const [connection, id] of [
      [one, 1],
      [other, 2],
    ] as const) {
      await connection.execute('BEGIN');
      await connection.execute('UPDATE accounts SET amount = ? WHERE id = ?', [-id, id]);
    }
    const results = await Promise.allSettled([
      one.execute('UPDATE accounts SET amount = -1 WHERE id = 2'),
      other.execute('UPDATE accounts SET amount = -2 WHERE id = 1'),
    ]);
    const failed = results.findIndex(({ status }) => status === 'rejected');
    expect(results[failed]).toMatchObject({
      reason: { message: expect.stringMatching(/code = Aborted desc = Deadlock .*\(errno 1213\) \(sqlstate 40001\)/) },
    });
    const [victim, winner] = failed === 0 ? [one, other] : [other, one];
    await expect(victim.execute('UPDATE accounts SET amount = 99')).rejects.toThrow(
      /transaction \d+: ended at .* \(deadlock\)/,
    );
    await victim.execute('ROLLBACK');
    await winner.execute('COMMIT');
    expect(await amounts()).toEqual(failed === 0 ? [-2, -2] : [-1, -1]);
  });

  it('answers for a transaction that it does not know, or that has ended', async () => {
    const connection = session();
    await connection.execute('BEGIN');
    await connection.execute('SELECT 1');
    const old = structuredClone(sessionOf(connection));
    await connection.execute('COMMIT');
    Object.assign(connection, { session: old });
    await expect(connection.execute('SELECT 1')).rejects.toThrow(
      /code = Aborted desc = transaction \d+: ended at .* UTC \(transaction committed\)/,
    );
    const elsewhere = await startTestGateway();
    try {
      const stranger = connect({ url: elsewhere.url });
      Object.assign(stranger, { session: old });
      await expect(stranger.execute('SELECT 1')).rejects.toThrow(
        /transaction \d+: not found \(potential transaction timeout\)/,
      );
    } finally {
      await elsewhere.close();
    }
  });

  /** What the session says inside a transaction, and after it. */
  async function states(connection: Connection): Promise<[unknown, unknown]> {
    const held = structuredClone(sessionOf(connection).vitessSession);
    await connection.execute('COMMIT');
    return [held, sessionOf(connection).vitessSession];
  }
});

describe('transactions of the PlanetScale gateway that take too long', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({
      limits: { transactionMs: TRANSACTION_MS, transactions: 2, transactionWaitMs: 1_500 },
    });
    await gateway.client.execute('CREATE TABLE kept (id INT PRIMARY KEY)');
  });
  afterAll(() => gateway.close());

  const rows = async (): Promise<number> => (await gateway.client.execute('SELECT id FROM kept')).size;

  it('are killed, whatever they do; the client hears of it, also from its ROLLBACK', async () => {
    const connection = connect({ url: gateway.url });
    await connection.execute('BEGIN');
    await connection.execute('INSERT INTO kept VALUES (1)');
    const killed =
      /^target: .* code = Aborted desc = transaction \d+: ended at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC \(exceeded timeout: 5s\)/;
    await waitUntil(
      () =>
        connection.execute('SELECT 1').then(
          () => false,
          (error: Error) => killed.test(error.message),
        ),
      { message: 'the transaction to be killed', intervalMs: 100 },
    );
    await expect(connection.execute('ROLLBACK')).rejects.toThrow(killed);
    expect((await connection.execute('SELECT id FROM kept')).size).toBe(0);
  });

  it('are killed in the middle of a statement', async () => {
    const connection = connect({ url: gateway.url });
    await connection.execute('BEGIN');
    await connection.execute('INSERT INTO kept VALUES (2)');
    await expect(connection.execute('SELECT SLEEP(25)')).rejects.toThrow(
      /code = Canceled desc = \(errno 2013\) .*due to context deadline exceeded, elapsed time: [\d.]+m?s, killing query ID \d+/,
    );
    await expect(connection.execute('COMMIT')).rejects.toThrow('(exceeded timeout: 5s)');
    expect(await rows()).toBe(0);
  });

  it('give their connection and their locks back when the client has gone', async () => {
    for (const id of [3, 4]) {
      const connection = connect({ url: gateway.url });
      await connection.execute('BEGIN');
      await connection.execute('INSERT INTO kept VALUES (?)', [id]);
    }
    const third = connect({ url: gateway.url });
    await third.execute('BEGIN');
    await expect(third.execute('INSERT INTO kept VALUES (3)')).rejects.toThrow(
      'code = ResourceExhausted desc = transaction pool connection limit exceeded',
    );
    // Outside transactions there is still room.
    expect(await rows()).toBe(0);
    await waitUntil(
      () =>
        third.execute('INSERT INTO kept VALUES (3)').then(
          () => true,
          () => false,
        ),
      { message: 'room for a third', intervalMs: 100 },
    );
    await third.execute('COMMIT');
    expect(await rows()).toBe(1);
  });
});

function sessionOf(connection: Connection): { vitessSession: object } {
  return (connection as unknown as { session: { vitessSession: object } }).session;
}
