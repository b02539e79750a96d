import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal, rows } from './mysql-helpers.js';
import { databasesOf, newScene, type Scene, WAITING, webhookOf } from './schema-replay-helpers.js';

let scene: Scene;
let database: string;

beforeAll(async () => {
  scene = await newScene();
  database = new URL(scene.database.url).pathname.slice(1);
  await scene.receive(Array.from({ length: 12 }, (_, n) => webhookOf(n)));
  await scene.branch('next');
});

afterAll(() => scene.close());

describe('a replay that does not come to its end', () => {
  test('leaves the branch as it was when it is aborted, and no temporary branch', async () => {
    const before = await databasesOf(scene);
    let during: string[] = [];
    let rowsDuring = 0;
    const stop = new AbortController();
    const outcome = scene.replay('next', {
      baseline: true,
      waiting: { ...WAITING, signal: stop.signal },
      onProgress: (text) => {
        if (text.startsWith('webhook 11,')) stop.abort('SIGINT');
      },
      mapRecord: async (record) => {
        if (record.channelId === 'channel-3') {
          during = await databasesOf(scene);
          rowsDuring = await scene.count('next');
        }
        return record;
      },
    });
    await expect(outcome).rejects.toBe('SIGINT');
    expect(during.filter((name) => name.includes('replay-base-'))).toHaveLength(1);
    expect(rowsDuring).toBeGreaterThan(0);
    expect(await databasesOf(scene)).toEqual(before);
    expect(await scene.count('next')).toBe(0);
    expect(await scene.count('main')).toBe(12);
  });

  test('also when its connections are lost: it says so, and takes its rows away over another', async () => {
    const before = await databasesOf(scene);
    const outcome = scene.replay('next', {
      baseline: true,
      mapRecord: async (record) => {
        if (record.channelId !== 'channel-3') return record;
        const found = await rows<{ ID: number }>(
          scene.database.pool,
          'SELECT ID FROM information_schema.PROCESSLIST WHERE DB = ?',
          [`${database}__next`],
        );
        for (const { ID } of found) await scene.database.pool.query('KILL ?', [ID]).catch(() => undefined);
        return record;
      },
    });
    expect(await refusal(outcome)).toMatchObject({ code: 'database_unavailable' });
    expect(await scene.count('next')).toBe(0);
    expect(await databasesOf(scene)).toEqual(before);
  });

  test('says that the branch moved when its schema changes meanwhile', async () => {
    await scene.branch('moving');
    let isChanged = false;
    const outcome = scene.replay('moving', {
      mapRecord: async (record) => {
        if (!isChanged) await scene.apply('moving', 'ALTER TABLE ai_content ADD COLUMN late INT');
        isChanged = true;
        return record;
      },
    });
    expect(await refusal(outcome)).toMatchObject({ code: 'branch_moved' });
    expect(await scene.count('moving')).toBe(0);
  });
});

test('what a killed replay left is removed an hour later, and nothing else', async () => {
  const { sql, close } = await scene.provider.connect('next', 'readwriter');
  const insert = (key: string | null, hoursAgo: number) =>
    sql.run(
      `INSERT INTO ai_content (title, idempotency_key, created_at) VALUES ('t', ?, UTC_TIMESTAMP() - INTERVAL ${hoursAgo} HOUR)`,
      [key],
    );
  for (let n = 0; n < 3; n++) await insert(`hookline-replay:dead:${n}`, 2);
  await insert('hookline-replay:running:1', 0);
  await insert('channel:event', 2);
  await insert(null, 2);
  for (const name of ['replay-base-0000dead', 'replay-base-0000abcd', 'replay-basement']) await scene.branch(name);
  await scene.database.pool.query(
    `UPDATE \`${database}__hookline\`.branches SET created_at = '2020-01-01T00:00:00.000Z' WHERE name <> 'replay-base-0000abcd'`,
  );

  await scene.replay('next', { baseline: true });

  const left = await sql.rows<{ k: string | null }>('SELECT idempotency_key AS k FROM ai_content ORDER BY id');
  expect(left.map(({ k }) => k)).toEqual(['hookline-replay:running:1', 'channel:event', null]);
  const names = (await scene.provider.listBranches()).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['next', 'replay-base-0000abcd', 'replay-basement']));
  expect(names).not.toContain('replay-base-0000dead');
  await sql.run('DELETE FROM ai_content');
  await close();
});

test('rows that are there never make a webhook a repeat', async () => {
  const { sql, close } = await scene.provider.connect('next', 'readwriter');
  await sql.run(
    `INSERT INTO ai_content (title, idempotency_key) SELECT title, idempotency_key FROM \`${database}\`.ai_content`,
  );
  expect(await scene.replay('next')).toMatchObject({ webhooks: 12, passed: 12, worse: false });
  const [found] = await sql.rows<{ n: number; r: string }>('SELECT COUNT(*) AS n, SUM(repeats) AS r FROM ai_content');
  expect(found).toMatchObject({ n: 12 });
  expect(Number(found?.r)).toBe(0);
  await sql.run('DELETE FROM ai_content');
  await close();
});

test('says that an insert takes longer, where it does', async () => {
  await scene.branch('slow');
  await scene.database.pool.query(
    `CREATE TRIGGER \`${database}__slow\`.slow BEFORE INSERT ON \`${database}__slow\`.ai_content
     FOR EACH ROW SET NEW.repeats = SLEEP(0.1)`,
  );
  const source = { kind: 'stored', last: 4 } as const;
  const report = await scene.replay('slow', { baseline: true, source, slowerThan: 1.2 });
  expect(report).toMatchObject({ worse: true, passed: 4, speed: { slower: true, slowerThan: 1.2 } });
  expect(report.speed?.branchMedianMs).toBeGreaterThan(100);
  const quiet = await scene.replay('slow', { source });
  expect(quiet).toMatchObject({ worse: false, speed: null });
});
