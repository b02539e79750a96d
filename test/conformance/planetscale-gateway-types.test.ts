import type { Client, Field } from '@planetscale/database';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../harness/planetscale-gateway.js';

const ROWS = 200;

/** Text that MySQL can store: whole characters, with what SQL has to escape made likely. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "'",
      '"',
      '\\',
      '`',
      '?',
      ':a',
      ';',
      '--',
      '/*',
      '\0',
      '\n',
      '\r',
      '\t',
      '\x1a',
      '%',
      '😀',
      '👩‍👩‍👧',
      'é',
      ' ',
    ),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
});

const twoDigits = (value: number): string => `${value}`.padStart(2, '0');

/** Columns, how random values for them look, and what the driver gives back for one. */
const COLUMNS: ReadonlyArray<{
  readonly type: string;
  readonly driverType: string;
  readonly values: fc.Arbitrary<unknown>;
  readonly read?: (value: never) => unknown;
}> = [
  { type: 'TINYINT', driverType: 'INT8', values: fc.integer({ min: -128, max: 127 }) },
  { type: 'TINYINT UNSIGNED', driverType: 'UINT8', values: fc.integer({ min: 0, max: 255 }) },
  { type: 'SMALLINT', driverType: 'INT16', values: fc.integer({ min: -32_768, max: 32_767 }) },
  { type: 'SMALLINT UNSIGNED', driverType: 'UINT16', values: fc.integer({ min: 0, max: 65_535 }) },
  { type: 'MEDIUMINT', driverType: 'INT24', values: fc.integer({ min: -8_388_608, max: 8_388_607 }) },
  { type: 'MEDIUMINT UNSIGNED', driverType: 'UINT24', values: fc.integer({ min: 0, max: 16_777_215 }) },
  { type: 'INT', driverType: 'INT32', values: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }) },
  { type: 'INT UNSIGNED', driverType: 'UINT32', values: fc.integer({ min: 0, max: 4_294_967_295 }) },
  { type: 'BIGINT', driverType: 'INT64', values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), read: String },
  { type: 'BIGINT UNSIGNED', driverType: 'UINT64', values: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), read: String },
  { type: 'YEAR', driverType: 'YEAR', values: fc.integer({ min: 1901, max: 2155 }) },
  {
    type: 'DOUBLE',
    driverType: 'FLOAT64',
    // The driver writes -0 as 0.
    values: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  },
  { type: 'FLOAT', driverType: 'FLOAT32', values: fc.integer({ min: -999_999, max: 999_999 }) },
  {
    type: 'DECIMAL(40,10)',
    driverType: 'DECIMAL',
    values: fc
      .tuple(fc.boolean(), fc.bigInt({ min: 1n, max: 10n ** 30n - 1n }), fc.integer({ min: 0, max: 9_999_999 }))
      .map(([negative, whole, part]) => `${negative ? '-' : ''}${whole}.${`${part}`.padStart(10, '0')}`),
  },
  {
    type: 'DATE',
    driverType: 'DATE',
    values: fc
      .date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
  },
  {
    type: 'DATETIME(3)',
    driverType: 'DATETIME',
    values: fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
    read: (date: Date) => date.toISOString().replace('T', ' ').slice(0, -1),
  },
  {
    type: 'TIMESTAMP(3)',
    driverType: 'TIMESTAMP',
    values: fc.date({ min: new Date('1971-01-01'), max: new Date('2037-12-31'), noInvalidDate: true }),
    read: (date: Date) => date.toISOString().replace('T', ' ').slice(0, -1),
  },
  {
    type: 'TIME',
    driverType: 'TIME',
    values: fc
      .tuple(fc.integer({ min: 0, max: 837 }), fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59 }))
      .map((parts) => parts.map(twoDigits).join(':')),
  },
  { type: 'VARCHAR(500)', driverType: 'VARCHAR', values: text },
  { type: 'TINYTEXT', driverType: 'TEXT', values: fc.string({ maxLength: 50 }) },
  { type: 'TEXT', driverType: 'TEXT', values: text },
  { type: 'LONGTEXT', driverType: 'TEXT', values: text },
  // A collation by bytes makes text binary to Vitess, but its charset tells the driver better.
  {
    type: 'CHAR(64) CHARACTER SET ascii COLLATE ascii_bin',
    driverType: 'BINARY',
    values: fc.stringMatching(/^[0-9a-f]{64}$/),
  },
  { type: 'VARCHAR(200) COLLATE utf8mb4_bin', driverType: 'VARBINARY', values: text },
  { type: "ENUM('a','it''s','Ü😀')", driverType: 'ENUM', values: fc.constantFrom('a', "it's", 'Ü😀') },
  { type: "SET('a','b','c')", driverType: 'SET', values: fc.subarray(['a', 'b', 'c']).map((some) => some.join(',')) },
  { type: 'BLOB', driverType: 'BLOB', values: fc.uint8Array({ maxLength: 100 }) },
  { type: 'LONGBLOB', driverType: 'BLOB', values: fc.uint8Array({ maxLength: 100 }) },
  { type: 'VARBINARY(100)', driverType: 'VARBINARY', values: fc.uint8Array({ maxLength: 100 }) },
  { type: 'BINARY(8)', driverType: 'BINARY', values: fc.uint8Array({ minLength: 8, maxLength: 8 }) },
  { type: 'BIT(16)', driverType: 'BIT', values: fc.uint8Array({ minLength: 2, maxLength: 2 }) },
  {
    type: 'JSON',
    driverType: 'JSON',
    values: fc.json({ stringUnit: 'grapheme' }),
    read: (json: string) => JSON.parse(json),
  },
];

describe('the types of the PlanetScale gateway, through the real driver', () => {
  let gateway: TestGateway;
  let client: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    client = gateway.client;
  });
  afterAll(() => gateway.close());

  it.each(COLUMNS.map((column, index) => ({ ...column, table: `t${index}` })))(
    '$type comes back as it was given, as $driverType',
    async ({ type, driverType, values, read = (value: never) => value, table }) => {
      await client.execute(`CREATE TABLE ${table} (id INT PRIMARY KEY, v ${type} NULL)`);
      const given = fc.sample(fc.option(values, { freq: 20 }), ROWS);
      const places = given.map(() => '(?, ?)').join(', ');
      await client.execute(
        `INSERT INTO ${table} VALUES ${places}`,
        given.flatMap((value, id) => [id, value]),
      );
      const { rows, types, fields } = await client.execute<{ v: unknown }>(`SELECT v FROM ${table} ORDER BY id`);
      expect(types).toEqual({ v: driverType });
      expect(fields[0]).toMatchObject({ name: 'v', table, orgTable: table, orgName: 'v' } satisfies Partial<Field>);
      expect(rows.map(({ v }) => v)).toEqual(given.map((value) => (value === null ? null : read(value as never))));
    },
  );

  it('takes the values that stand in SQL for what they are', async () => {
    const { rows } = await client.execute(
      "SELECT NULL AS n, 'é😀' AS t, 1.50 AS d, x'00ff' AS b, '' AS e, NOW() AS at",
    );
    expect(rows).toEqual([
      {
        n: null,
        t: 'é😀',
        d: '1.50',
        b: Uint8Array.of(0, 255),
        e: '',
        at: expect.stringMatching(/^[\d-]{10} [\d:]{8}$/),
      },
    ]);
  });

  it('tells JSON from text also where it is made by a function, and text that looks like JSON from JSON', async () => {
    const { rows, types } = await client.execute(`SELECT JSON_OBJECT('a', 1) AS made, '{"a":1}' AS written`);
    expect(types).toEqual({ made: 'JSON', written: 'VARCHAR' });
    expect(rows).toEqual([{ made: { a: 1 }, written: '{"a":1}' }]);
  });
});
