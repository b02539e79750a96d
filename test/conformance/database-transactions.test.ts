import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openPglite } from '../../src/db/pglite.js';
import { describeOnEachDatabase } from '../harness/databases.js';
import { waitUntil } from '../harness/wait-until.js';
import { codeOf, value } from './database-helpers.js';

describeOnEachDatabase('Database', (ctx) => {
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
      const isolation = await ctx
        .db()
        .transaction((tx) => value(tx, "SELECT current_setting('transaction_isolation') AS v"));
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
