import { type Client, connect, format } from '@planetscale/database';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { statementOf, withoutLiterals } from '../../src/dev/planetscale-gateway/statement.js';
import { GATEWAY_USER, startTestGateway, type TestGateway } from '../harness/planetscale-gateway.js';

const UPSERT = `INSERT INTO rows_ (k) VALUES (?) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), n = n + 1`;

describe('statements through the PlanetScale gateway', () => {
  let gateway: TestGateway;
  let client: Client;
  let keyspace: string;
  beforeAll(async () => {
    gateway = await startTestGateway();
    client = gateway.client;
    keyspace = new URL(gateway.database.url).pathname.slice(1);
    await client.execute(
      'CREATE TABLE rows_ (id BIGINT AUTO_INCREMENT PRIMARY KEY, k VARCHAR(20) UNIQUE, n INT NOT NULL DEFAULT 0)',
    );
  });
  beforeEach(() => client.execute('TRUNCATE rows_').then(() => undefined));
  afterAll(() => gateway.close());

  const errorOf = async (
    sql: string,
    of: Pick<Client, 'execute'> = client,
  ): Promise<{ status: number; message: string; body: { code: string } }> =>
    of.execute(sql).then(
      () => Promise.reject(new Error(`was not refused: ${sql}`)),
      (error) => error,
    );

  it('gives ids as strings to their last digit, and 0 where there is none', async () => {
    expect(await client.execute("INSERT INTO rows_ (k) VALUES ('a'), ('b')")).toMatchObject({
      insertId: '1',
      rowsAffected: 2,
      rows: [],
    });
    expect(await client.execute("INSERT INTO rows_ (id, k) VALUES (9223372036854775806, 'c')")).toMatchObject({
      rowsAffected: 1,
    });
    expect((await client.execute("INSERT INTO rows_ (k) VALUES ('d')")).insertId).toBe('9223372036854775807');
    expect((await client.execute("UPDATE rows_ SET n = 1 WHERE k = 'a'")).insertId).toBe('0');
    const unsigned =
      'CREATE TABLE unsigned_ids (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 18446744073709551614';
    await client.execute(unsigned);
    expect((await client.execute('INSERT INTO unsigned_ids VALUES ()')).insertId).toBe('18446744073709551614');
  });

  it('counts an upsert 1 when it is new and 2 when it was there, with the id of the row', async () => {
    await client.execute("INSERT INTO rows_ (k) VALUES ('other')");
    expect(await client.execute(UPSERT, ['a'])).toMatchObject({ rowsAffected: 1, insertId: '2' });
    expect(await client.execute(UPSERT, ['a'])).toMatchObject({ rowsAffected: 2, insertId: '2' });
  });

  it('lets one of 50 upserts at once be the first, and gives all the same id', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, () => client.execute(UPSERT, ['same'])));
    expect(results.filter(({ rowsAffected }) => rowsAffected === 1)).toHaveLength(1);
    expect(results.filter(({ rowsAffected }) => rowsAffected === 2)).toHaveLength(49);
    expect(new Set(results.map(({ insertId }) => insertId)).size).toBe(1);
  });

  it('counts the rows that an update found, changed or not', async () => {
    await client.execute("INSERT INTO rows_ (k) VALUES ('a'), ('b')");
    expect((await client.execute('UPDATE rows_ SET n = 0')).rowsAffected).toBe(2);
  });

  it('tells errors in Vitess’s words, with MySQL’s numbers and the statement without its values', async () => {
    await client.execute("INSERT INTO rows_ (k) VALUES ('it''s')");
    const error = await errorOf("INSERT INTO rows_ (k, n) VALUES ('it''s', 5)");
    expect(error).toMatchObject({
      name: 'DatabaseError',
      status: 400,
      body: { code: 'UNKNOWN', message: error.message },
    });
    expect(error.message).toBe(
      `target: ${keyspace}.-.primary: vttablet: rpc error: code = AlreadyExists desc = Duplicate entry 'it's' for key 'k' (errno 1062) (sqlstate 23000) ` +
        `(CallerID: ${GATEWAY_USER}): Sql: "INSERT INTO rows_ (k, n) VALUES (:vtg1, :vtg2)", BindVars: {REDACTED}`,
    );
  });

  it.each([
    [
      'SELECT * FROM missing',
      /code = NotFound desc = Table '.*missing' doesn't exist \(errno 1146\) \(sqlstate 42S02\)/,
    ],
    ['SELECT missing FROM rows_', /code = NotFound desc = Unknown column .* \(errno 1054\) \(sqlstate 42S22\)/],
    ['SELEC 1', /code = InvalidArgument desc = .*\(errno 1064\) \(sqlstate 42000\)/],
    [
      "INSERT INTO rows_ (k) VALUES (REPEAT('x', 21))",
      /code = InvalidArgument desc = Data too long .*\(errno 1406\) \(sqlstate 22001\)/,
    ],
    [
      'INSERT INTO rows_ (n) VALUES (NULL)',
      /code = InvalidArgument desc = Column 'n' cannot be null \(errno 1048\) \(sqlstate 23000\)/,
    ],
    [
      "INSERT INTO rows_ (n) VALUES ('x')",
      /code = InvalidArgument desc = Incorrect integer value.*\(errno 1366\) \(sqlstate 22007\)/,
    ],
    ['', /^Query was empty/],
  ])('refuses %s', async (sql, message) => {
    const { status, message: told } = await errorOf(sql);
    expect([status, told]).toEqual([400, expect.stringMatching(message)]);
  });

  it.each([
    ["INSERT INTO rows_ (k) VALUES ('a'); DELETE FROM rows_", "syntax error at position 43 near 'delete'"],
    ['SELECT 1;;', "syntax error at position 11 near ';'"],
    ["INSERT INTO rows_ (k) VALUES ('a') RETURNING id", "syntax error at position 45 near 'returning'"],
    ['CREATE TRIGGER t BEFORE INSERT ON rows_ FOR EACH ROW SET @a = 1', "syntax error at position 15 near 'trigger'"],
    ['CREATE OR REPLACE DEFINER = x PROCEDURE p() SELECT 1', "syntax error at position 40 near 'procedure'"],
    ['SELECT @a := 1', "syntax error at position 12 near ':'"],
    ['CALL p()', 'VT12001: unsupported: CALL'],
    ['LOCK TABLES rows_ READ', 'VT12001: unsupported: LOCK'],
    ["PREPARE s FROM 'SELECT 1'", 'VT12001: unsupported: PREPARE'],
    ['CREATE TEMPORARY TABLE t (a INT)', 'VT12001: unsupported: temporary tables'],
    ["SELECT GET_LOCK('a', 1)", 'VT12001: unsupported: GET_LOCK() in this gateway'],
    ['SET GLOBAL max_connections = 1', 'VT12001: unsupported: SET of anything but settings of the session'],
    [
      "SET time_zone = '+01:00', @@global.max_connections = 1",
      'VT12001: unsupported: SET of anything but settings of the session',
    ],
  ])('refuses what PlanetScale lacks, before it runs: %s', async (sql, message) => {
    expect((await errorOf(sql)).body).toEqual({ code: 'UNKNOWN', message });
    expect((await client.execute('SELECT id FROM rows_')).size).toBe(0);
  });

  it('takes a semicolon at the end, comments, and strings that look like more statements', async () => {
    expect((await client.execute("SELECT 'a;b' AS v /* ; */ ; -- ; SELECT 2")).rows).toEqual([{ v: 'a;b' }]);
    expect((await client.execute(String.raw`SELECT 'it\'s;' AS v, "a\";b" AS w`)).rows).toEqual([
      { v: "it's;", w: 'a";b' },
    ]);
    expect((await client.execute('# first\n/* BEGIN */ SELECT ";" AS v, 1 AS `a;b` ;')).rows).toEqual([
      { v: ';', 'a;b': 1 },
    ]);
  });

  it('finds the ends of whatever text the driver escapes', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom("'", '"', '\\', '`', ';', '--', '/*', '*/', '#', '\n', '\0'),
        fc.string({ unit: 'binary' }),
      ),
    });
    fc.assert(
      fc.property(text, text, fc.bigInt(), fc.uint8Array(), (a, b, n, bytes) => {
        const sql = format('INSERT INTO t VALUES (?, ?, ?, ?) /* ? */', [a, b, n, bytes]);
        const { kind, tokens } = statementOf(sql);
        const sign = n < 0n ? '-' : '';
        expect([kind, withoutLiterals(sql, tokens)]).toEqual([
          'plain',
          `INSERT INTO t VALUES (:vtg1, :vtg2, ${sign}:vtg3, :vtg4) /* ? */`,
        ]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is in UTC and strict, whatever the server’s default', async () => {
    const { rows } = await client.execute<{ zone: string; mode: string; now: string }>(
      'SELECT @@time_zone AS zone, @@sql_mode AS mode, NOW() AS now',
    );
    expect(rows[0]).toMatchObject({ zone: '+00:00', mode: expect.stringContaining('STRICT_TRANS_TABLES') });
    expect(Math.abs(Date.parse(`${rows[0]?.now}Z`) - Date.now())).toBeLessThan(60_000);
  });

  it('keeps what a session set to that session', async () => {
    const connection = connect({ url: gateway.url });
    await connection.execute("SET time_zone = '+05:00'");
    await connection.execute("SET @who = 'me'");
    const zone = 'SELECT @@time_zone AS zone, @who AS who';
    expect((await connection.execute(zone)).rows).toEqual([{ zone: '+05:00', who: 'me' }]);
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        expect((await client.execute(zone)).rows).toEqual([{ zone: '+00:00', who: null }]);
      }),
    );
    const inTransaction = await connection.transaction((tx) => tx.execute(zone));
    expect(inTransaction.rows).toEqual([{ zone: '+00:00', who: null }]);
    expect((await connection.execute(zone)).rows).toEqual([{ zone: '+05:00', who: 'me' }]);
    await connection.refresh();
    expect((await connection.execute(zone)).rows).toEqual([{ zone: '+00:00', who: null }]);
    expect((await errorOf("SET time_zone = 'nowhere'")).message).toContain('(errno 1298)');
  });

  it('answers LAST_INSERT_ID() for the session, on whichever connection', async () => {
    const [one, other] = [connect({ url: gateway.url }), connect({ url: gateway.url })];
    const { insertId } = await one.execute("INSERT INTO rows_ (k) VALUES ('one')");
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => client.execute('INSERT INTO rows_ (k) VALUES (?)', [`k${index}`])),
    );
    expect((await one.execute('SELECT LAST_INSERT_ID() AS id')).rows).toEqual([{ id: insertId }]);
    expect((await other.execute('SELECT LAST_INSERT_ID() AS id')).rows).toEqual([{ id: '0' }]);
  });
});

describe('a PlanetScale gateway with safe migrations', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ safeMigrations: true });
    await gateway.database.pool.query('CREATE TABLE kept (id INT PRIMARY KEY)');
  });
  afterAll(() => gateway.close());

  it.each([
    'CREATE TABLE IF NOT EXISTS kept (id INT)',
    'ALTER TABLE kept ADD COLUMN a INT',
    'DROP TABLE kept',
    'TRUNCATE kept',
    '/* now */ create index i on kept (id)',
    '/*!50000 DROP TABLE kept */',
  ])('refuses DDL: %s', async (sql) => {
    await expect(gateway.client.execute(sql)).rejects.toMatchObject({ status: 400, message: 'direct DDL is disabled' });
    expect((await gateway.client.execute('SHOW COLUMNS FROM kept')).size).toBe(1);
  });

  it('takes everything else', async () => {
    expect((await gateway.client.execute('INSERT INTO kept VALUES (1)')).rowsAffected).toBe(1);
  });
});
