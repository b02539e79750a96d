import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Database, Param, Queryable } from '../../src/db/database.js';
import { openPglite } from '../../src/db/pglite.js';
import { asService, asUser } from '../../src/db/roles.js';
import { createUser, describeOnEachDatabase } from '../harness/databases.js';
import { waitUntil } from '../harness/wait-until.js';

/** The value of the one column `v` of the one row. */
async function value(q: Queryable, text: string, params?: readonly Param[]): Promise<unknown> {
  const { rows } = await q.query<{ v: unknown }>(text, params);
  expect(rows).toHaveLength(1);
  return rows[0]?.v;
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  const error: unknown = await promise.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Error);
  return error instanceof Error && 'code' in error ? error.code : error;
}

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
      expect(await count('WITH gone AS (DELETE FROM counted WHERE id = 1 RETURNING id) SELECT id FROM gone', [])).toBe(1);
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

  describe('a transaction', () => {
    it('commits, and gives what its function gives', async () => {
      await ctx.db().query('CREATE TABLE kept (n int)');
      const given = await ctx.db().transaction(async (tx) => {
        await tx.query('INSERT INTO kept VALUES ($1)', [1]);
        return value(tx, 'SELECT count(*)::int AS v FROM kept', []);
      });
      expect(given).toBe(1);
      expect(await value(ctx.db(), 'SELECT count(*)::int AS v FROM kept', [])).toBe(1);
    });

    it('is READ COMMITTED', async () => {
      const isolation = await ctx.db().transaction((tx) => value(tx, "SELECT current_setting('transaction_isolation') AS v"));
      expect(isolation).toBe('read committed');
    });

    it('rolls back when its function throws, and throws the same error', async () => {
      await ctx.db().query('CREATE TABLE undone (n int)');
      const error = new Error('mine');
      const failing = ctx.db().transaction(async (tx) => {
        await tx.query('INSERT INTO undone VALUES (1)', []);
        throw error;
      });
      await expect(failing).rejects.toBe(error);
      expect(await value(ctx.db(), 'SELECT count(*)::int AS v FROM undone', [])).toBe(0);
    });

    it('rolls back when a statement fails, and leaves the connection usable', async () => {
      await ctx.db().query('CREATE TABLE broken (n int)');
      for (let round = 0; round < 12; round += 1) {
        const failing = ctx.db().transaction(async (tx) => {
          await tx.query('INSERT INTO broken VALUES (1)', []);
          await tx.query('SELECT 1 / 0', []);
        });
        expect(await codeOf(failing)).toBe('22012');
        expect(await value(ctx.db(), 'SELECT count(*)::int AS v FROM broken', [])).toBe(0);
      }
      expect(await ctx.db().transaction((tx) => value(tx, 'SELECT 1 AS v', []))).toBe(1);
    });

    it('that swallows a failed statement keeps nothing, unless a savepoint held it', async () => {
      await ctx.db().query('CREATE TABLE nested (n int)');
      await ctx
        .db()
        .transaction(async (tx) => {
          await tx.query('INSERT INTO nested VALUES (1)', []);
          await tx.query('SELECT 1 / 0', []).catch(() => undefined);
          expect(await codeOf(tx.query('SELECT 1', []))).toBe('25P02');
        })
        .catch(() => undefined);
      expect(await value(ctx.db(), 'SELECT count(*)::int AS v FROM nested', [])).toBe(0);

      await ctx.db().transaction(async (tx) => {
        await tx.query('INSERT INTO nested VALUES (2)', []);
        await tx.query('SAVEPOINT here');
        expect(await codeOf(tx.query('SELECT 1 / 0', []))).toBe('22012');
        await tx.query('ROLLBACK TO SAVEPOINT here');
      });
      expect(await value(ctx.db(), 'SELECT n AS v FROM nested', [])).toBe(2);
    });

    it('does not mix with others at the same time, nor with queries beside it', async () => {
      await ctx.db().query('CREATE TABLE mixed (who int, n int)');
      const inside = (who: number, fails: boolean) =>
        ctx.db().transaction(async (tx) => {
          const me = await value(tx, 'SELECT txid_current()::text AS v', []);
          for (let n = 0; n < 5; n += 1) {
            await tx.query('INSERT INTO mixed VALUES ($1, $2)', [who, n]);
            await sleep(1);
            expect(await value(tx, 'SELECT txid_current()::text AS v', [])).toBe(me);
            expect(await value(tx, 'SELECT count(*)::int AS v FROM mixed WHERE who = $1', [who])).toBe(n + 1);
          }
          if (fails) throw new Error('undone');
        });
      const beside = Array.from({ length: 20 }, () =>
        value(ctx.db(), 'SELECT count(*)::int AS v FROM mixed WHERE who % 2 = 1', []),
      );
      const ended = await Promise.allSettled(Array.from({ length: 20 }, (_, who) => inside(who, who % 2 === 1)));
      expect(ended.map(({ status }) => status)).toEqual(
        Array.from({ length: 20 }, (_, who) => (who % 2 === 1 ? 'rejected' : 'fulfilled')),
      );
      expect(new Set(await Promise.all(beside))).toEqual(new Set([0]));
      const { rows } = await ctx.db().query('SELECT who, count(*)::int AS n FROM mixed GROUP BY who ORDER BY who', []);
      expect(rows).toEqual(Array.from({ length: 10 }, (_, half) => ({ who: half * 2, n: 5 })));
    });
  });

  describe('listen', () => {
    it('gives the payload of each NOTIFY on its channel, until it is called off', async () => {
      const [heard, alsoHeard]: [string[], string[]] = [[], []];
      const stop = await ctx.db().listen('hookline_test', (payload) => heard.push(payload));
      const stopOther = await ctx.db().listen('hookline_test', (payload) => alsoHeard.push(payload));
      await ctx.db().query("NOTIFY hookline_test, 'first'");
      await ctx.db().query("SELECT pg_notify('hookline_other', 'not ours')");
      await ctx.db().query("SELECT pg_notify('hookline_test', $1)", ["sec'ond ü"]);
      await ctx.db().query('NOTIFY hookline_test');
      await waitUntil(() => heard.length >= 3, { message: () => `three payloads; heard ${heard}` });
      expect(heard).toEqual(['first', "sec'ond ü", '']);

      await stop();
      await ctx.db().query("NOTIFY hookline_test, 'after'");
      await waitUntil(() => alsoHeard.includes('after'), { message: 'the other listener still hears' });
      expect(heard).toHaveLength(3);
      await stopOther();
      await stop();
    });

    it('takes the channel’s name to the letter, as pg_notify does', async () => {
      const heard: string[] = [];
      const stop = await ctx.db().listen('Hookline Test', (payload) => heard.push(payload));
      await ctx.db().query('SELECT pg_notify($1, $2)', ['Hookline Test', 'here']);
      await waitUntil(() => heard.length > 0, { message: 'the payload' });
      await stop();
      expect(heard).toEqual(['here']);
    });

    it('hears what a transaction says when it commits, and nothing when it rolls back', async () => {
      const heard: string[] = [];
      const stop = await ctx.db().listen('hookline_tx', (payload) => heard.push(payload));
      await ctx
        .db()
        .transaction(async (tx) => {
          await tx.query("SELECT pg_notify('hookline_tx', 'rolled back')", []);
          throw new Error('undone');
        })
        .catch(() => undefined);
      await ctx.db().transaction(async (tx) => {
        await tx.query("SELECT pg_notify('hookline_tx', 'committed')", []);
        await sleep(50);
        expect(heard).toEqual([]);
      });
      await waitUntil(() => heard.length > 0, { message: 'the payload' });
      await stop();
      expect(heard).toEqual(['committed']);
    });
  });

  describe('asUser and asService', () => {
    const WHO = `SELECT current_user::text AS role, current_setting('request.jwt.claims', true) AS claims,
      pg_backend_pid() AS connection`;
    interface Who {
      readonly role: string;
      readonly claims: string | null;
      readonly connection: number;
    }
    const who = async (q: Queryable): Promise<Who> => {
      const [row] = (await q.query<Who>(WHO, [])).rows;
      if (row === undefined) throw new Error('no row');
      return row;
    };
    /** The same connection must be no user's afterwards. */
    const expectNobody = async (db: Database, { connection }: Who, owner: string) => {
      const after = await who(db);
      expect(after.connection).toBe(connection);
      expect(after.role).toBe(owner);
      expect(after.claims ?? '').toBe('');
    };

    it('set role and claims for one transaction', async () => {
      const owner = (await who(ctx.db())).role;
      const claims = { sub: UUID, role: 'authenticated', email: `o'x"@example.com` } as const;
      const user = await asUser(ctx.db(), claims, who);
      expect(user.role).toBe('authenticated');
      expect(JSON.parse(user.claims ?? '')).toEqual(claims);
      await expectNobody(ctx.db(), user, owner);

      const anon = await asUser(ctx.db(), { role: 'anon' }, who);
      expect([anon.role, JSON.parse(anon.claims ?? '')]).toEqual(['anon', { role: 'anon' }]);
      await expectNobody(ctx.db(), anon, owner);

      const service = await asService(ctx.db(), who);
      expect([service.role, JSON.parse(service.claims ?? '')]).toEqual(['service_role', { role: 'service_role' }]);
      await expectNobody(ctx.db(), service, owner);
    });

    it('leave nothing behind after an error', async () => {
      const owner = (await who(ctx.db())).role;
      for (const as of [
        (fn: (tx: Queryable) => Promise<void>) => asUser(ctx.db(), { sub: UUID, role: 'authenticated' }, fn),
        (fn: (tx: Queryable) => Promise<void>) => asService(ctx.db(), fn),
      ]) {
        let seen: Who | undefined;
        const failing = as(async (tx) => {
          seen = await who(tx);
          await tx.query('SELECT 1 / 0', []);
        });
        expect(await codeOf(failing)).toBe('22012');
        if (seen === undefined) throw new Error('the function did not run');
        await expectNobody(ctx.db(), seen, owner);
      }
    });

    it('let auth.uid() tell the user, and nobody else', async () => {
      const uid = (q: Queryable) => value(q, 'SELECT auth.uid() AS v', []);
      const user = await createUser(ctx.db());
      expect(await asUser(ctx.db(), { sub: user, role: 'authenticated' }, uid)).toBe(user);
      expect(await asUser(ctx.db(), { role: 'anon' }, uid)).toBeNull();
      expect(await asService(ctx.db(), uid)).toBeNull();
      expect(await uid(ctx.db())).toBeNull();
    });

    it('do not mix users that come at the same time', async () => {
      const users = await Promise.all(Array.from({ length: 12 }, () => createUser(ctx.db())));
      const seen = await Promise.all(
        users.map((sub) =>
          asUser(ctx.db(), { sub, role: 'authenticated' }, async (tx) => {
            await sleep(5);
            return value(tx, 'SELECT auth.uid() AS v', []);
          }),
        ),
      );
      expect(seen).toEqual(users);
    });
  });
});

describe('the embedded Database in memory', () => {
  it('closes once, and again without harm', async () => {
    const db = await openPglite();
    expect(await value(db, 'SELECT 1 AS v', [])).toBe(1);
    await Promise.all([db.close(), db.close()]);
    await db.close();
    await expect(db.query('SELECT 1', [])).rejects.toThrow();
  });
});
