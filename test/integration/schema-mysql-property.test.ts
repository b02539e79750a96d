import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clean, columnsOf, useSchemaDatabase, WAITING } from './schema-mysql-helpers.js';

/** Small changes, each of which the server can make while others write, in the one direction and in the other. */
const CHANGES = [
  'ALTER TABLE a ADD p INT',
  "ALTER TABLE a ADD q VARCHAR(50) DEFAULT 'q'",
  'ALTER TABLE a ADD p TEXT FIRST',
  'ALTER TABLE a DROP spare',
  'CREATE INDEX by_name ON a (name)',
  'CREATE UNIQUE INDEX by_name ON a (name, id)',
  'ALTER TABLE b ADD r INT AFTER id',
  'ALTER TABLE b ADD s INT DEFAULT 5',
  "ALTER TABLE b ALTER note SET DEFAULT 'n'",
  'DROP TABLE b',
  'CREATE TABLE c (id INT PRIMARY KEY)',
  'CREATE TABLE c (id BIGINT PRIMARY KEY, t TEXT)',
];
const some = fc.uniqueArray(fc.nat({ max: CHANGES.length - 1 }), { minLength: 1, maxLength: 3 });
const sqlOf = (picked: readonly number[]): string[] => picked.map((at) => CHANGES[at] ?? '');

describe('random changes on a branch and in production', () => {
  const ctx = useSchemaDatabase();

  it('come to the merged schema where the request is deployable, and back by a revert', {
    timeout: 120_000,
  }, async () => {
    let deployed = 0;
    const property = fc.asyncProperty(some, fc.option(some, { nil: [] }), async (onBranch, onMain) => {
      await clean(ctx());
      const { provider, pool } = ctx();
      await ctx().production(
        'CREATE TABLE a (id INT PRIMARY KEY, name VARCHAR(40), spare INT)',
        'CREATE TABLE b (id INT PRIMARY KEY, note VARCHAR(40))',
      );
      await ctx().branch('one', '');
      // Of changes that do not fit together on one side the later are left out.
      for (const sql of sqlOf(onBranch))
        await ctx()
          .apply('one', sql)
          .catch(() => undefined);
      for (const sql of sqlOf(onMain)) await pool.query(sql).catch(() => undefined);
      const [main, branch] = [await provider.schemaOf('main'), await provider.schemaOf('one')];
      const number = await ctx().request('one');
      const { deployable, deploymentState, problems } = await provider.deployRequests.get(number);
      expect(problems.length > 0).toBe(deploymentState === 'error');
      if (!deployable) return;
      deployed += 1;
      await provider.deployRequests.deploy(number, { instant: false }, WAITING);
      const merged = await provider.schemaOf('main');
      for (const [name, columns] of Object.entries(columnsOf(branch))) {
        const dropped = onMain.length > 0;
        if (!dropped) expect(columnsOf(merged)[name]?.toSorted()).toEqual(columns.toSorted());
      }
      if (onMain.length === 0) expect(merged).toEqual(branch);
      await provider.deployRequests.revert(number, WAITING);
      expect(await provider.schemaOf('main')).toEqual(main);
    });
    await fc.assert(property, { numRuns: 8, seed: 7 });
    expect(deployed).toBeGreaterThan(2);
  });
});
