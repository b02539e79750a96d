import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Provider } from '../../src/schema/provider.js';
import { createPlanetscaleProvider } from '../../src/schema/providers/planetscale/provider.js';
import { splitStatements } from '../../src/schema/table/split-statements.js';
import { startTestPlanetscaleApi, type TestPlanetscaleApi } from '../harness/planetscale-api.js';
import { rows } from './mysql-helpers.js';
import { failure } from './schema-planetscale-helpers.js';

const WAITING = { timeoutMs: 20_000 };
const NOTES = 'CREATE TABLE notes (id BIGINT PRIMARY KEY, body TEXT, score FLOAT)';

let api: TestPlanetscaleApi;
let provider: Provider;
beforeAll(async () => {
  api = await startTestPlanetscaleApi();
  await api.database.pool.query(NOTES);
  provider = providerOf(api);
});
afterAll(async () => {
  await provider?.close();
  await api?.close();
});

function providerOf({ settings }: TestPlanetscaleApi): Provider {
  return createPlanetscaleProvider({ ...settings, pollMs: 20 });
}

/** The names of the passwords that a branch has. */
async function passwordsOf(branch: string): Promise<string[]> {
  const { organization, database, tokenId, token } = api.settings;
  const path = `/v1/organizations/${organization}/databases/${database}/branches/${branch}/passwords`;
  const answer = await fetch(`${api.url}${path}`, { headers: { authorization: `${tokenId}:${token}` } });
  const { data } = (await answer.json()) as { data: { name: string }[] };
  return data.map(({ name }) => name);
}

const columnsOf = async (branch: string, table = 'notes') =>
  (await provider.schemaOf(branch)).get(table)?.columns.map(({ name }) => name);

const applyTo = (branch: string, sql: string, told: number[] = []) =>
  provider.apply(branch, splitStatements(sql), ({ line }) => told.push(line));

describe('A branch at PlanetScale', () => {
  it('is made, listed, changed and deleted', async () => {
    const told: string[] = [];
    const slow = await startTestPlanetscaleApi({ delays: { branchMs: 200 } });
    try {
      const waiting = { ...WAITING, onProgress: (text: string) => told.push(text) };
      const made = await providerOf(slow).createBranch({ name: 'slow', from: 'main' }, waiting);
      expect(made).toMatchObject({ name: 'slow', parentBranch: 'main', production: false, ready: true });
      expect(told[0]).toBe('branch slow is being made from main');
    } finally {
      await slow.close();
    }
    await provider.createBranch({ name: 'first', from: 'main' }, WAITING);
    expect((await provider.listBranches()).map(({ name }) => name).sort()).toEqual(['first', 'main']);
    const lines: number[] = [];
    await applyTo(
      'first',
      'ALTER TABLE notes ADD COLUMN tag VARCHAR(9);\n\nCREATE TABLE tags (id INT PRIMARY KEY);',
      lines,
    );
    expect(lines).toEqual([1, 3]);
    expect(await columnsOf('first')).toEqual(['id', 'body', 'score', 'tag']);
    expect(await columnsOf('main')).toEqual(['id', 'body', 'score']);
    await provider.deleteBranch('first');
    expect((await provider.listBranches()).map(({ name }) => name)).toEqual(['main']);
  });

  it('is refused with a name that is taken or unsafe, or a parent that is not there', async () => {
    await provider.createBranch({ name: 'taken', from: 'main' }, WAITING);
    const create = (name: string, from = 'main') => failure(provider.createBranch({ name, from }, WAITING));
    expect(await create('taken')).toMatchObject({ code: 'branch_exists' });
    expect(await create('Nope!')).toMatchObject({ code: 'invalid_branch_name' });
    expect(await create('orphan', 'nowhere')).toMatchObject({
      code: 'branch_not_found',
      message: expect.stringContaining('nowhere'),
    });
  });

  it('is protected when it serves production', async () => {
    expect(await failure(provider.deleteBranch('main'))).toMatchObject({ code: 'branch_protected' });
    expect(await failure(applyTo('main', 'DROP TABLE notes'))).toMatchObject({ code: 'branch_protected' });
    expect(await failure(provider.connect('main', 'readwriter'))).toMatchObject({ code: 'branch_protected' });
    expect(await columnsOf('main')).toHaveLength(3);
    expect(await passwordsOf('main')).toEqual([]);
  });

  it('is linted by PlanetScale', async () => {
    await provider.createBranch({ name: 'linted', from: 'main' }, WAITING);
    await applyTo('linted', 'CREATE TABLE keyless (id INT)');
    expect(await provider.lintOf('linted')).toMatchObject([
      { code: 'NO_UNIQUE_KEY', severity: 'error', table: 'keyless', line: null },
    ]);
    expect(await provider.lintOf('main')).toEqual([]);
  });
});

describe('A file that is applied to a branch at PlanetScale', () => {
  it('leaves nothing behind when a statement fails, and tells it', async () => {
    await provider.createBranch({ name: 'undone', from: 'main' }, WAITING);
    const before = await provider.schemaOf('undone');
    const lines: number[] = [];
    const sql = `CREATE TABLE tags (id INT PRIMARY KEY);
ALTER TABLE notes ADD COLUMN tag VARCHAR(9),
  DROP COLUMN score;
INSERT INTO notes (id) VALUES (1);
ALTER TABLE notes ADD COLUMN body TEXT;
CREATE TABLE never (id INT PRIMARY KEY);`;
    const error = await failure(applyTo('undone', sql, lines));
    expect(error).toMatchObject({
      code: 'schema_apply_failed',
      message: expect.stringMatching(/^Line 5: ALTER TABLE notes ADD COLUMN body TEXT: .*Duplicate column name 'body'/),
      hint: 'The branch has its tables as they were before, without what the branch had stored in: notes: column score. What the statement of line 4 did to rows stays.',
    });
    expect(error.message).not.toContain('CallerID');
    expect(lines).toEqual([1, 2, 4]);
    expect(await provider.schemaOf('undone')).toEqual(before);
    expect(await passwordsOf('undone')).toEqual([]);
  });

  it('says that what was dropped and made again is empty, though the tables are the same', async () => {
    await provider.createBranch({ name: 'emptied', from: 'main' }, WAITING);
    const asBefore = 'The branch has its tables as they were before';
    const wrong = 'ALTER TABLE notes ADD COLUMN body TEXT';
    const files = [
      [`DROP TABLE notes; ${NOTES}; ${wrong}`, `${asBefore}. What was dropped and made again is empty.`],
      [
        `ALTER TABLE notes DROP score; DROP TABLE other; CREATE TABLE other (id INT PRIMARY KEY); ${wrong}`,
        `${asBefore}, without what the branch had stored in: notes: column score. What was dropped and made again is empty.`,
      ],
      [`ALTER TABLE notes ADD KEY k (score); ALTER TABLE notes DROP KEY k; ${wrong}`, `${asBefore}.`],
    ] as const;
    await applyTo('emptied', 'CREATE TABLE other (id INT PRIMARY KEY)');
    const tables = await provider.schemaOf('emptied');
    for (const [file, hint] of files) {
      expect(await failure(applyTo('emptied', file))).toMatchObject({ code: 'schema_apply_failed', hint });
    }
    expect(await provider.schemaOf('emptied')).toEqual(tables);
  });

  it('says what stays where it cannot be undone', async () => {
    await provider.createBranch({ name: 'stuck', from: 'main' }, WAITING);
    // Undoing would have to make the column NOT NULL again, over a row that has none.
    await applyTo('stuck', 'CREATE TABLE strict_ones (id INT PRIMARY KEY, must INT NOT NULL)');
    const sql = `ALTER TABLE strict_ones MODIFY COLUMN must VARCHAR(20) NULL;
INSERT INTO strict_ones VALUES (1, 'no number');
ALTER TABLE nowhere ADD COLUMN x INT;`;
    expect(await failure(applyTo('stuck', sql))).toMatchObject({
      code: 'schema_apply_failed',
      message: expect.stringMatching(/^Line 3: ALTER TABLE nowhere/),
      hint: expect.stringMatching(/^What the statements of lines 1, 2 did stays on the branch. Undoing them failed: /),
    });
    expect(await passwordsOf('stuck')).toEqual([]);
  });
});

describe('A connection to a branch at PlanetScale', () => {
  it('gives the values that mysql2 gives, over a password of its own', async () => {
    await provider.createBranch({ name: 'values', from: 'main' }, WAITING);
    const connection = await provider.connect('values', 'readwriter');
    try {
      expect(await passwordsOf('values')).toEqual([expect.stringMatching(/^hookline-[0-9a-f]{12}$/)]);
      const { sql } = connection;
      expect(await sql.run('INSERT INTO notes VALUES (?, ?, ?), (2, NULL, NULL)', [1, "it's ?", 0.5])).toBe(2);
      expect(await sql.rows('SELECT id, body, score FROM notes ORDER BY id')).toEqual([
        { id: 1, body: "it's ?", score: 0.5 },
        { id: 2, body: null, score: null },
      ]);
      expect(
        await sql.rows(
          "SELECT COUNT(*) AS n, 9007199254740993 AS big, 1.50 AS d, CAST('a' AS BINARY) AS b, '?' AS q FROM notes",
        ),
      ).toEqual([{ n: 2, big: '9007199254740993', d: '1.50', b: Buffer.from('a'), q: '?' }]);
      expect(await sql.run('UPDATE notes SET score = 1')).toBe(2);
      await expect(sql.rows('SELECT nope FROM notes')).rejects.toMatchObject({
        errno: 1054,
        message: expect.stringMatching(/^Unknown column 'nope' in .*\(errno 1054\) \(sqlstate 42S22\)$/),
      });
      expect(connection.store.name).toBe('planetscale');
    } finally {
      await connection.close();
    }
    expect(await passwordsOf('values')).toEqual([]);
    await expect(connection.sql.rows('SELECT 1')).rejects.toThrow();
    await connection.close();
  });

  it('reads production, and writes nothing there', async () => {
    await api.database.pool.query('DELETE FROM notes');
    await api.database.pool.query("INSERT INTO notes (id, body) VALUES (9, 'mine')");
    const { sql } = await provider.connect('main', 'reader');
    expect(await sql.rows('SELECT body FROM notes')).toEqual([{ body: 'mine' }]);
    await expect(sql.run('DELETE FROM notes')).rejects.toThrow();
    expect(await rows(api.database.pool, 'SELECT id FROM notes')).toHaveLength(1);
    expect(await passwordsOf('main')).toHaveLength(1);
    await provider.close();
    expect(await passwordsOf('main')).toEqual([]);
  });

  it('whose password was lost on the way is made with another one', async () => {
    await provider.createBranch({ name: 'lossy', from: 'main' }, WAITING);
    const lost = api.faults.add({ kind: 'drop', match: '^POST .*/branches/lossy/passwords$' });
    const { sql, close } = await provider.connect('lossy', 'reader');
    expect(lost.state().happened).toBe(1);
    expect(await sql.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await passwordsOf('lossy')).toHaveLength(1);
    await close();
    expect(await passwordsOf('lossy')).toEqual([]);
  });

  it('waits until a new password works, and deletes one that comes to nothing', async () => {
    await provider.createBranch({ name: 'fresh', from: 'main' }, WAITING);
    let refusals = 0;
    const refusing = (until: number, status: number): Provider =>
      createPlanetscaleProvider({
        ...api.settings,
        pollMs: 20,
        fetch: async (input, init) => {
          if (!String(input).includes('/psdb.v1alpha1') || refusals >= until) return fetch(input, init);
          refusals += 1;
          return Response.json({ error: { code: 'UNKNOWN', message: 'no such password' } }, { status });
        },
      });
    const { sql, close } = await refusing(3, 401).connect('fresh', 'reader');
    expect(refusals).toBe(3);
    expect(await sql.rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await close();
    expect(await failure(refusing(4, 400).connect('fresh', 'reader'))).toMatchObject({
      code: 'database_refused',
      message: expect.stringContaining('no such password'),
    });
    expect(await passwordsOf('fresh')).toEqual([]);
  });
});
