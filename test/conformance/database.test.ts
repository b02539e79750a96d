import { describe, expect, it } from 'vitest';
import type { Param } from '../../src/db/database.js';
import { plainArray } from '../../src/db/plain-array.js';
import { TextArray } from '../../src/db/text-array.js';
import { describeOnEachDatabase } from '../harness/databases.js';
import { codeOf, value } from './database-helpers.js';

const UUID = '0b0e6f2e-6c1c-4f7c-9a4e-0f1de5a1b111';
const MOMENT = new Date('2026-11-21T12:34:56.789Z');

describeOnEachDatabase('Database', (ctx) => {
  describe('results', () => {
    it.each<[string, string, unknown]>([
      ['text', "'ünï 😀'::text", 'ünï 😀'],
      ['varchar', "'x'::varchar(5)", 'x'],
      ['the empty text', "''::text", ''],
      ['smallint', '7::smallint', 7],
      ['int', '(-5)::int', -5],
      ['float8', '0.1::float8', 0.1],
      ['a whole float8', '3::float8', 3],
      ['bigint cast to text', '9007199254740993::bigint::text', '9007199254740993'],
      ['numeric cast to text', '10.00::numeric::text', '10.00'],
      ['true', 'true', true],
      ['false', 'false', false],
      ['NULL', 'NULL::text', null],
      ['timestamptz', "'2026-11-21 13:34:56.789+01'::timestamptz", MOMENT],
      ['a jsonb object', `'{"a": [1, null, "x"], "b": {}}'::jsonb`, { a: [1, null, 'x'], b: {} }],
      ['a jsonb string', `'"x"'::jsonb`, 'x'],
      ['jsonb null', "'null'::jsonb", null],
      ['json', `'{"a": 1}'::json`, { a: 1 }],
      ['uuid', `'${UUID.toUpperCase()}'::uuid`, UUID],
      ['text[]', `ARRAY['a', 'b,c', '{"}', NULL, '', '\\', 'NULL']`, ['a', 'b,c', '{"}', null, '', '\\', 'NULL']],
      ['an empty text[]', "'{}'::text[]", []],
      ['int[]', 'ARRAY[1, 2]', [1, 2]],
    ])('gives %s', async (_, sql, expected) => {
      expect(await value(ctx.db(), `SELECT ${sql} AS v`)).toStrictEqual(expected);
      expect(await value(ctx.db(), `SELECT ${sql} AS v`, [])).toStrictEqual(expected);
    });

    it('gives bytea as bytes', async () => {
      const bytes = await value(ctx.db(), `SELECT '\\x00ff7f'::bytea AS v`, []);
      if (!(bytes instanceof Uint8Array)) throw new Error(`bytea came as ${typeof bytes}`);
      expect([...bytes]).toEqual([0, 255, 127]);
    });

    it('gives columns by name in their order', async () => {
      const { rows } = await ctx.db().query('SELECT 2 AS b, 1 AS a, NULL::text AS "C d"', []);
      expect(rows.map((row) => Object.entries(row))).toEqual([
        [
          ['b', 2],
          ['a', 1],
          ['C d', null],
        ],
      ]);
    });
  });

  describe('parameters', () => {
    it.each<[string, string, Param, unknown]>([
      ['text', '$1::text', "o'x; --\n\u{1f600}\\", "o'x; --\n\u{1f600}\\"],
      ['int', '$1::int + 1', 41, 42],
      ['float8', '$1::float8', 0.1, 0.1],
      ['a large bigint by text', '($1::bigint + 1)::text', '9007199254740993', '9007199254740994'],
      ['numeric by text', '($1::numeric)::text', '12345678901234567890.10', '12345678901234567890.10'],
      ['boolean', '$1::boolean', true, true],
      ['NULL', '$1::text IS NULL', null, true],
      ['NULL of uuid', '$1::uuid IS NULL', null, true],
      ['Date', '$1::timestamptz', MOMENT, MOMENT],
      ['a timestamp by text', '$1::timestamptz', '2026-11-21T12:34:56.789Z', MOMENT],
      ['uuid', '$1::uuid', UUID, UUID],
      ['text[]', '$1::text[]', ['a', '', 'b,c', '{"}', '\\', 'NULL', 'ü'], ['a', '', 'b,c', '{"}', '\\', 'NULL', 'ü']],
      ['an empty text[]', '$1::text[]', [], []],
      ['uuid[]', '$1::uuid[]', [UUID], [UUID]],
      ['int[]', '$1::int[]', [3, -1], [3, -1]],
      ['ANY', "'b' = ANY ($1::text[])", ['a', 'b'], true],
      ['an object as jsonb text', '$1::jsonb', '{"a": [1, "x"]}', { a: [1, 'x'] }],
      ['a string as jsonb text', '$1::jsonb', '"x"', 'x'],
      ['jsonb exactly', '$1::jsonb::text', '{"n":12345678901234567890.10}', '{"n": 12345678901234567890.10}'],
      ['json to the letter', '$1::json::text', '{"b" : 1e2,  "a":10.00, "a":2}', '{"b" : 1e2,  "a":10.00, "a":2}'],
    ])('take %s', async (_, sql, param, expected) => {
      expect(await value(ctx.db(), `SELECT ${sql} AS v`, [param])).toStrictEqual(expected);
    });

    it.each<[string, (string | null)[]]>([
      ['texts of all kinds', ['a', 'b,c', '{"k": "v\\"}', null, '', '\\', 'NULL', 'ünï 😀', 'x'.repeat(100_000), '']],
      ['nothing', []],
      ['nulls', [null, null]],
    ])('take an array of long texts: %s', async (_, texts) => {
      expect(await value(ctx.db(), 'SELECT $1::text[] AS v', [new TextArray(texts)])).toStrictEqual(texts);
      const counted = 'SELECT count(*)::int AS v FROM unnest($1::text[]) WITH ORDINALITY u (text, nth)';
      expect(await value(ctx.db(), counted, [new TextArray(texts)])).toBe(texts.length);
    });

    it.each<[string, readonly (string | number | null)[]]>([
      ['uuid', [UUID, null, UUID]],
      ['int', [1, -2, null]],
      ['text', [`sha256=${'0af'.repeat(21)}`]],
      ['int', []],
    ])('take an array of plain elements: %s', async (type, values) => {
      expect(await value(ctx.db(), `SELECT to_jsonb($1::${type}[]) AS v`, [plainArray(values)])).toStrictEqual(values);
    });

    it('take an array of plain times', async () => {
      const sql = 'SELECT ($1::timestamptz[])[2] AS v';
      expect(await value(ctx.db(), sql, [plainArray([null, MOMENT.toISOString()])])).toStrictEqual(MOMENT);
    });

    it.each(['a,b', 'a"b', 'a b', '{', '\\', '', 'null'])(
      'are not made of an array with an element that needs quotes: %s',
      (element) => {
        expect(() => plainArray(['plain', element])).toThrow(TypeError);
      },
    );

    it('take bytes', async () => {
      const bytes = new Uint8Array([0, 255, 39, 92]);
      expect(await value(ctx.db(), "SELECT encode($1::bytea, 'hex') AS v", [bytes])).toBe('00ff275c');
    });
  });

  describe('statements', () => {
    it('count the rows returned, or changed', async () => {
      const db = ctx.db();
      expect((await db.query('CREATE TABLE counted (id int PRIMARY KEY, n int)')).rowCount).toBe(0);
      const count = async (text: string, params?: readonly Param[]) => (await db.query(text, params)).rowCount;
      expect(await count('INSERT INTO counted SELECT i, 0 FROM generate_series(1, 5) i', [])).toBe(5);
      expect(await count('INSERT INTO counted VALUES (1, 0) ON CONFLICT DO NOTHING', [])).toBe(0);
      expect(await count('INSERT INTO counted VALUES ($1, 0), ($2, 0) RETURNING id', [6, 7])).toBe(2);
      expect(await count('SELECT FROM counted WHERE id > $1', [3])).toBe(4);
      expect(await count('SELECT id FROM counted WHERE id > 100', [])).toBe(0);
      expect(await count('UPDATE counted SET n = 1 WHERE id <= $1', [2])).toBe(2);
      expect(await count('UPDATE counted SET n = 1 WHERE id <= 2')).toBe(2);
      expect(await count('UPDATE counted SET n = 2 WHERE id <= 3 RETURNING n', [])).toBe(3);
      expect(await count('UPDATE counted SET n = 2 WHERE id > 100', [])).toBe(0);
      expect(await count('DELETE FROM counted WHERE id > $1', [5])).toBe(2);
      expect(await count('WITH gone AS (DELETE FROM counted WHERE id = 1 RETURNING id) SELECT id FROM gone', [])).toBe(
        1,
      );
      expect(await count('DROP TABLE counted', [])).toBe(0);
    });

    it('run several at once without parameters, and give the last one’s result', async () => {
      const several = await ctx.db().query(`
        CREATE TABLE several (n int);
        INSERT INTO several VALUES (1), (2), (3);
        DO $$ BEGIN PERFORM 1; END $$;
        SELECT sum(n)::int AS v FROM several; -- a comment at the end`);
      expect(several).toEqual({ rows: [{ v: 6 }], rowCount: 1 });
      expect(await ctx.db().query('SELECT 1 AS v; DELETE FROM several WHERE n > 1')).toEqual({ rows: [], rowCount: 2 });
      expect(await ctx.db().query('INSERT INTO several VALUES (8), (9); DROP TABLE several')).toEqual({
        rows: [],
        rowCount: 0,
      });
    });

    it('of which one fails leave nothing of the others', async () => {
      await expect(ctx.db().query('CREATE TABLE half (n int); SELECT 1 / 0')).rejects.toThrow();
      expect(await value(ctx.db(), "SELECT to_regclass('half')::text AS v", [])).toBeNull();
    });

    it.each([
      ['SELEKT', '42601'],
      ['SELECT * FROM no_such_table', '42P01'],
      ['SELECT 1 / 0', '22012'],
      ["SELECT 'x'::int", '22P02'],
      [`SELECT '{"a": "\\u0000"}'::jsonb`, '22P05'],
      ["DO $$ BEGIN RAISE EXCEPTION 'ours' USING ERRCODE = 'HK001', HINT = 'do so'; END $$", 'HK001'],
    ])('that fail carry their SQLSTATE: %s', async (sql, state) => {
      expect(await codeOf(ctx.db().query(sql))).toBe(state);
      expect(await codeOf(ctx.db().query(sql, []))).toBe(state);
      expect(await value(ctx.db(), 'SELECT 1 AS v', [])).toBe(1);
    });

    it('that fail carry message and hint', async () => {
      const failing = ctx.db().query("DO $$ BEGIN RAISE EXCEPTION 'ours' USING HINT = 'do so'; END $$");
      await expect(failing).rejects.toMatchObject({ message: 'ours', hint: 'do so' });
    });

    it('refuse a NUL byte in a parameter with a SQLSTATE of class 22', async () => {
      expect(await codeOf(ctx.db().query('SELECT $1::text AS v', ['a\0b']))).toMatch(/^22/);
      expect(await value(ctx.db(), 'SELECT 1 AS v', [])).toBe(1);
    });
  });
});
