import { connect, DatabaseError } from '@planetscale/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ask,
  basic,
  CREATE_SESSION,
  EXECUTE,
  GATEWAY_PASSWORD,
  GATEWAY_USER,
  startTestGateway,
  type TestGateway,
} from '../harness/planetscale-gateway.js';

const BIG_TEXT_BYTES = 8 * 1024 * 1024;

/** What the driver says of a login that is refused. */
async function refusalOf(url: string): Promise<unknown> {
  return connect({ url })
    .execute('SELECT 1')
    .catch((error: unknown) => error);
}

describe('the protocol of the PlanetScale gateway', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
    await gateway.client.execute(`CREATE TABLE things (
      id BIGINT AUTO_INCREMENT PRIMARY KEY, small TINYINT UNSIGNED, price DECIMAL(5,2), label VARCHAR(4), bytes VARBINARY(4), doc JSON)`);
    await gateway.client.execute(
      `INSERT INTO things VALUES (1, 7, 1.50, 'é', x'00ff', '{"a":1}'), (2, NULL, NULL, '', NULL, NULL)`,
    );
  });
  afterAll(() => gateway.close());

  it('describes columns and packs rows as PlanetScale does, zero values left out', async () => {
    const { status, body } = await ask(gateway, EXECUTE, {
      query: 'SELECT *, NULL AS nothing FROM things ORDER BY id',
      session: null,
    });
    const of = { table: 'things', orgTable: 'things', database: gateway.database.url.split('/').at(-1) };
    expect(status).toBe(200);
    expect(body).toEqual({
      session: expect.anything(),
      timing: expect.any(Number),
      result: {
        fields: [
          // NOT_NULL, PRI_KEY, AUTO_INCREMENT, PART_KEY and NUM, as in the samples of the driver's own tests.
          { name: 'id', type: 'INT64', ...of, orgName: 'id', columnLength: 20, charset: 63, flags: 49_667 },
          { name: 'small', type: 'UINT8', ...of, orgName: 'small', columnLength: 3, charset: 63, flags: 32_800 },
          {
            name: 'price',
            type: 'DECIMAL',
            ...of,
            orgName: 'price',
            columnLength: 7,
            charset: 63,
            decimals: 2,
            flags: 32_768,
          },
          { name: 'label', type: 'VARCHAR', ...of, orgName: 'label', columnLength: 16, charset: 255 },
          { name: 'bytes', type: 'VARBINARY', ...of, orgName: 'bytes', columnLength: 4, charset: 63, flags: 128 },
          { name: 'doc', type: 'JSON', ...of, orgName: 'doc', columnLength: 4_294_967_295, charset: 63, flags: 144 },
          { name: 'nothing', charset: 63, flags: 32_896 },
        ],
        rows: [
          {
            lengths: ['1', '1', '4', '2', '2', '7', '-1'],
            values: Buffer.concat([Buffer.from('171.50é'), Buffer.of(0, 255), Buffer.from('{"a":1}')]).toString(
              'base64',
            ),
          },
          { lengths: ['1', '-1', '-1', '0', '-1', '-1', '-1'], values: Buffer.from('2').toString('base64') },
        ],
      },
    });
  });

  it('answers counts as strings, and leaves out those that are zero', async () => {
    const insert = await ask(gateway, EXECUTE, { query: "INSERT INTO things (label) VALUES ('x')" });
    expect(insert.body).toMatchObject({ result: { rowsAffected: '1', insertId: '3' } });
    const removal = await ask(gateway, EXECUTE, { query: 'DELETE FROM things WHERE id > 2' });
    expect(removal.body).toHaveProperty('result', { rowsAffected: '1' });
    const nothing = await ask(gateway, EXECUTE, { query: 'DELETE FROM things WHERE id > 2' });
    expect(nothing.body).toHaveProperty('result', {});
    const empty = await ask(gateway, EXECUTE, { query: 'SELECT id FROM things WHERE id > 2' });
    expect(empty.body).toHaveProperty('result', { fields: [expect.anything()] });
  });

  it('gives sessions in the shape of Vitess’s, and takes none that it did not sign', async () => {
    const { body } = await ask(gateway, CREATE_SESSION, {});
    expect(body).toMatchObject({
      branch: expect.any(String),
      user: { username: GATEWAY_USER },
      session: {
        signature: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
        vitessSession: {
          autocommit: true,
          options: { includedFields: 'ALL', clientFoundRows: true },
          DDLStrategy: 'direct',
          SessionUUID: expect.any(String),
          enableSystemSettings: true,
        },
      },
    });
    const { session } = body as { session: { signature: string; vitessSession: object } };
    const written = {
      vitessSession: Object.fromEntries(Object.entries(session.vitessSession).reverse()),
      signature: session.signature,
    };
    expect((await ask(gateway, EXECUTE, { query: 'SELECT 1', session: written })).body).toHaveProperty('result');
    const forged = { ...session, vitessSession: { ...session.vitessSession, settings: ["SET time_zone = '+09:00'"] } };
    expect((await ask(gateway, EXECUTE, { query: 'SELECT 1', session: forged })).body).toMatchObject({
      error: { message: expect.stringContaining('invalid session') },
    });
  });

  it('knows one user, and answers every other with 401', async () => {
    const right = gateway.url;
    for (const url of [
      right.replace(GATEWAY_PASSWORD, 'gateway.password-2'),
      right.replace(GATEWAY_PASSWORD, GATEWAY_PASSWORD.slice(0, -1)),
      right.replace(GATEWAY_USER, 'gateway-usex'),
    ]) {
      const error = await refusalOf(url);
      expect(error).toBeInstanceOf(DatabaseError);
      expect(error).toMatchObject({
        status: 401,
        body: { code: 'unauthenticated', message: 'invalid auth credentials' },
      });
    }
    for (const headers of [
      {},
      { authorization: 'Bearer x' },
      { authorization: basic('', '') },
      { authorization: 'Basic ?' },
    ]) {
      for (const path of [EXECUTE, CREATE_SESSION, '/faults', '/nothing']) {
        expect((await ask(gateway, path, undefined, { headers })).status).toBe(401);
      }
    }
  });

  it.each([
    ['no JSON', EXECUTE, '{"query"', 400, 'invalid_argument'],
    ['no query', EXECUTE, { session: null }, 400, 'invalid_argument'],
    ['a query that is no text', EXECUTE, { query: 7 }, 400, 'invalid_argument'],
    ['a session that is none', EXECUTE, { query: 'SELECT 1', session: 42 }, 400, 'invalid_argument'],
    ['a method that is not there', '/psdb.v1alpha1.Database/StreamExecute', { query: 'SELECT 1' }, 404, 'not_found'],
  ])('refuses a request with %s in a form that the driver understands', async (_what, path, given, status, code) => {
    expect(await ask(gateway, path, given)).toEqual({ status, body: { error: { code, message: expect.any(String) } } });
  });

  it('takes statements of many megabytes', async () => {
    const long = `${"it's \\ ".repeat(BIG_TEXT_BYTES / 8)}😀`;
    await gateway.client.execute('CREATE TABLE texts (t LONGTEXT)');
    await gateway.client.execute('INSERT INTO texts VALUES (?)', [long]);
    const { rows } = await gateway.client.execute<{ n: number; t: string }>('SELECT CHAR_LENGTH(t) AS n, t FROM texts');
    expect(rows[0]?.t === long).toBe(true);
  });

  it('serves many clients at once, to each its own answer', async () => {
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    const answers = await Promise.all(
      numbers.map(
        async (number) => (await gateway.client.execute<{ n: string }>('SELECT ? AS n', [`n${number}`])).rows[0]?.n,
      ),
    );
    expect(answers).toEqual(numbers.map((number) => `n${number}`));
  });

  it('keeps sessions over a restart', async () => {
    const again = await startTestGateway();
    try {
      const { body } = await ask(gateway, CREATE_SESSION, {});
      const { session } = body as { session: object };
      expect((await ask(again, EXECUTE, { query: 'SELECT 1', session })).body).toHaveProperty('result');
    } finally {
      await again.close();
    }
  });
});
