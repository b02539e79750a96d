import { type MapRecord, mysqlStore } from '@hookline/receiver';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refusal, rows } from './mysql-helpers.js';
import { databasesOf, newScene, type Scene, startUncalled, webhookOf } from './schema-replay-helpers.js';

/** As `ai-content-v2` wants it: an embedding for some, a score for all. */
const mapRecord: MapRecord = (record, event) => {
  const data = event.ai_response?.data as { title: string; score: number };
  const even = Number(record.channelId?.split('-')[1]) % 2 === 0;
  return { ...record, columns: { embedding_id: even ? `emb-${data.title}` : null, quality_score: data.score } };
};

const WEBHOOKS = 30;
let books = 0;
let scene: Scene;
let gateway: Awaited<ReturnType<typeof startUncalled>>;

beforeAll(async () => {
  gateway = await startUncalled();
  const { callbackUrl } = gateway;
  scene = await newScene();
  const bodies = Array.from({ length: WEBHOOKS }, (_, n) => webhookOf(n, { callback_url: callbackUrl }));
  bodies[3] = webhookOf(3, { callback_url: callbackUrl }, { title: 'A title of more than twenty characters' });
  await scene.receive(bodies);
});

afterAll(async () => {
  await scene.close();
  gateway?.close();
});

describe('a replay of stored webhooks', () => {
  test('passes on an unchanged branch, calls nobody, and leaves nothing', async () => {
    const branch = await scene.branch('unchanged');
    const before = await databasesOf(scene);
    const told: string[] = [];
    const report = await scene.replay(branch, { baseline: true, onProgress: (text) => told.push(text) });

    expect(report).toMatchObject({ branch, source: 'stored', webhooks: WEBHOOKS, passed: WEBHOOKS, acknowledged: 0 });
    expect(report).toMatchObject({ counts: { failed: 0, different: 0, cut: 0 }, newColumns: [], stopped: null });
    expect(report.schemaHash).toMatch(/^[0-9a-f]{64}$/);
    expect(report.speed).toMatchObject({ baseMedianMs: expect.any(Number), ratio: expect.any(Number) });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(told).toHaveLength(3 * WEBHOOKS);
    expect(gateway.calls()).toBe(0);
    expect(await scene.count(branch)).toBe(0);
    expect(await scene.count('main')).toBe(WEBHOOKS);
    expect(await databasesOf(scene)).toEqual(before);
  });

  test('takes the newest', async () => {
    const report = await scene.replay('unchanged', { source: { kind: 'stored', last: 7 } });
    expect(report).toMatchObject({ webhooks: 7, passed: 7, worse: false });
  });

  test('goes through all of them, in pages, and finds what is no longer unique over them', async () => {
    const { close, provider, ...other } = await newScene();
    try {
      await other.receive(Array.from({ length: 120 }, (_, n) => webhookOf(n)));
      await other.branch('paged');
      const channels = new Set<string | null>();
      const report = await other.replay('paged', {
        source: { kind: 'stored', last: 110 },
        mapRecord: (record) => {
          channels.add(record.channelId);
          return record;
        },
      });
      expect(report).toMatchObject({ webhooks: 110, passed: 110 });
      expect(channels).toEqual(new Set(Array.from({ length: 110 }, (_, n) => `channel-${n + 10}`)));

      await other.branch('unique', 'ALTER TABLE ai_content ADD UNIQUE INDEX title (title)');
      const mapRecord: MapRecord = (record) => ({ ...record, title: `${Number(record.channelId?.slice(8)) % 60}` });
      const source = { kind: 'stored', last: 70 } as const;
      const met = await other.replay('unique', { source, mapRecord });
      expect(met.failed.map(({ channelId, code }) => `${channelId} ${code}`)).toEqual(
        Array.from({ length: 10 }, (_, n) => `channel-${59 - n} not_unique`),
      );
      const { sql, close: end } = await provider.connect('unique', 'readwriter');
      await sql.run("INSERT INTO ai_content (title, idempotency_key) VALUES ('5', 'hookline-replay:dead:0.1.0')");
      expect(await refusal(other.replay('unique', { source }))).toMatchObject({ code: 'branch_in_use' });
      await end();
    } finally {
      await close();
    }
  });

  test('tells how many values the new columns get', async () => {
    await scene.branch(
      'ai-content-v2',
      'ALTER TABLE ai_content ADD COLUMN embedding_id VARCHAR(100), ADD COLUMN quality_score FLOAT',
    );
    const report = await scene.replay('ai-content-v2', { mapRecord, baseline: true });
    expect(report).toMatchObject({ passed: WEBHOOKS, counts: { failed: 0, different: 0, cut: 0 } });
    expect(report.newColumns).toEqual([
      { column: 'embedding_id', filled: WEBHOOKS / 2, empty: WEBHOOKS / 2 },
      { column: 'quality_score', filled: WEBHOOKS, empty: 0 },
    ]);
    // Production's schema has none of them, and is timed without.
    expect(report.speed).not.toBeNull();
    const without = await scene.replay('ai-content-v2');
    expect(without.newColumns.map(({ filled }) => filled)).toEqual([0, 0]);
  });

  test('fails where a new column wants a value that nobody gives, and stops after 20', async () => {
    await scene.branch('not-null', 'ALTER TABLE ai_content ADD COLUMN owner VARCHAR(20) NOT NULL');
    const report = await scene.replay('not-null');
    expect(report).toMatchObject({ worse: true, webhooks: 20, passed: 0, counts: { failed: 20 } });
    expect(report.stopped).toMatch(/20 in a row/);
    expect(report.failed[0]).toMatchObject({
      channelId: `channel-${WEBHOOKS - 1}`,
      event: 'video.generated',
      code: 'ER_NO_DEFAULT_FOR_FIELD',
      message: "Field 'owner' doesn't have a default value",
    });
    expect(await scene.count('not-null')).toBe(0);
  });

  test('fails where a value is too long for its column', async () => {
    await scene.branch('short-title', 'ALTER TABLE ai_content MODIFY title VARCHAR(20) NOT NULL');
    const report = await scene.replay('short-title');
    expect(report).toMatchObject({ worse: true, webhooks: WEBHOOKS, passed: WEBHOOKS - 1, stopped: null });
    expect(report.failed).toMatchObject([{ id: '4', channelId: 'channel-3', code: 'ER_DATA_TOO_LONG' }]);
    expect(report.failed[0]?.message).toMatch(/'title'/);
    await scene.branch('short-category', "ALTER TABLE ai_content MODIFY category VARCHAR(3) DEFAULT 'gen'");
    expect((await scene.replay('short-category')).failed[0]?.message).toMatch(/'category'/);
  });

  test('tells a value that the database cut without a word', async () => {
    await scene.branch(
      'cutting',
      'ALTER TABLE ai_content MODIFY title VARCHAR(20) NOT NULL, MODIFY payload VARCHAR(340), ADD COLUMN score TINYINT',
    );
    // As a server has it whose sql_mode is not strict.
    const connect: Scene['provider']['connect'] = async (branch, role) => {
      const connection = await scene.provider.connect(branch, role);
      const url = new URL(scene.database.url);
      url.pathname += `__${branch}`;
      const pool = mysql.createPool({ uri: url.href, timezone: 'Z' });
      pool.pool.on('connection', (one) => one.query("SET sql_mode = ''"));
      const close = async (): Promise<void> => {
        await pool.end();
        await connection.close();
      };
      return branch !== 'main' ? { ...connection, store: mysqlStore(pool), close } : connection;
    };
    const report = await scene.replay('cutting', {
      provider: { ...scene.provider, connect },
      mapRecord: (record) => ({ ...record, columns: { score: record.channelId === 'channel-5' ? 128 : 7 } }),
    });
    expect(report).toMatchObject({ worse: true, passed: WEBHOOKS - 2, counts: { failed: 0, different: 0, cut: 3 } });
    expect(report.cut).toMatchObject([
      { id: '6', column: 'score', by: 'database', given: '128', kept: '127', givenCharacters: 3, keptCharacters: 3 },
      {
        id: '4',
        column: 'title',
        by: 'database',
        given: 'A title of more than twenty characters',
        kept: 'A title of more than',
        givenCharacters: 38,
        keptCharacters: 20,
      },
      { id: '4', column: 'payload', by: 'database', keptCharacters: 340 },
    ]);

    // As long as it was, and question marks in it.
    await scene.branch('mangling', 'ALTER TABLE ai_content MODIFY payload LONGTEXT CHARACTER SET latin1');
    const source = { kind: 'stored', last: 1 } as const;
    const mangled = await scene.replay('mangling', { provider: { ...scene.provider, connect }, source });
    const { givenCharacters, keptCharacters } = mangled.cut[0] ?? {};
    expect(mangled.cut).toMatchObject([{ column: 'payload', by: 'database' }]);
    expect(givenCharacters).toBe(keptCharacters);
  });

  test('tells a value that the handler cut, where it did not before', async () => {
    const long = await scene.replay('unchanged', {
      mapRecord: (record) => (record.channelId === 'channel-1' ? { ...record, title: 'x'.repeat(501) } : record),
    });
    expect(long).toMatchObject({ worse: true, counts: { failed: 0, different: 0, cut: 1 } });
    expect(long.cut).toMatchObject([
      { id: '2', column: 'title', by: 'handler', givenCharacters: 501, keptCharacters: 500 },
    ]);
  });

  test('tells what the mapping stores otherwise', async () => {
    const report = await scene.replay('unchanged', {
      mapRecord: (record) =>
        record.channelId === 'channel-2' ? { ...record, category: 'other', metadata: '{"a":1}' } : record,
    });
    expect(report).toMatchObject({ worse: true, passed: WEBHOOKS - 1, counts: { failed: 0, different: 2, cut: 0 } });
    expect(report.different).toEqual([
      { id: '3', column: 'category', stored: 'clips', replayed: 'other' },
      { id: '3', column: 'metadata', stored: expect.stringContaining('"category":"clips"'), replayed: '{"a":1}' },
    ]);
  });

  test('a mapping that takes too long is told, and what it gives then goes nowhere', async () => {
    const late = (record: Parameters<MapRecord>[0]): Promise<typeof record> =>
      new Promise((resolve) => setTimeout(() => resolve(record), 9_300));
    const report = await scene.replay('unchanged', {
      source: { kind: 'stored', last: 2 },
      mapRecord: async (record) => {
        if (record.channelId === `channel-${WEBHOOKS - 1}`) return late(record);
        // So long that the other one comes before it.
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return record;
      },
    });
    expect(report).toMatchObject({ passed: 1, counts: { failed: 1, different: 0 }, failed: [{ code: 'timeout' }] });
    expect(await scene.count('unchanged')).toBe(0);
  });

  test('tells a mapping that throws, and one that refuses', async () => {
    const thrown = await scene.replay('unchanged', {
      mapRecord: () => {
        throw new RangeError('no score');
      },
    });
    expect(thrown).toMatchObject({ worse: true, webhooks: 20, counts: { failed: 20 } });
    expect(thrown.failed[0]).toMatchObject({
      code: 'mapping_failed',
      message: 'mapRecord threw. RangeError: no score',
    });
    const telling = await scene.replay('unchanged', {
      source: { kind: 'stored', last: 1 },
      mapRecord: () => {
        throw new Error('a'.repeat(300));
      },
    });
    expect(telling.failed[0]?.message).toMatch(/a…$/);
    expect(telling.failed[0]?.message.length).toBeLessThanOrEqual(200);
  });
});

describe('a branch that the receiver cannot use', () => {
  test('lacks a column of its own: told once', async () => {
    await scene.branch('no-lease', 'ALTER TABLE ai_content DROP COLUMN callback_lease');
    const report = await scene.replay('no-lease');
    expect(report).toMatchObject({ worse: true, webhooks: 0, counts: { failed: 1 } });
    expect(report.failed).toMatchObject([{ id: null, code: 'missing_column' }]);
    expect(report.failed[0]?.message).toMatch(/callback_lease/);
  });

  test('has one that cannot hold what the receiver puts there when it calls back', async () => {
    await scene.branch('short-lease', 'ALTER TABLE ai_content MODIFY callback_lease CHAR(5) CHARACTER SET ascii');
    const report = await scene.replay('short-lease');
    expect(report).toMatchObject({ worse: true, webhooks: WEBHOOKS, passed: WEBHOOKS, counts: { failed: 1 } });
    expect(report.failed).toMatchObject([{ id: null, code: 'ER_DATA_TOO_LONG' }]);
    expect(await scene.count('short-lease')).toBe(0);
  });

  test.each([
    ['takes a webhook that comes twice for two', 'DROP INDEX ai_content_idempotency_key', /stored twice/],
    [
      'takes two webhooks for one',
      'MODIFY idempotency_key VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci',
      /ascii_bin/,
    ],
    [
      'has no room for the longest key',
      'MODIFY idempotency_key CHAR(63) CHARACTER SET ascii COLLATE ascii_bin',
      /LONG/,
    ],
    ['has not every state', "MODIFY event_state ENUM('pending', 'done', 'failed', 'expired')", /TRUNCATED/],
    ['has no room for an error', 'MODIFY callback_error VARCHAR(20)', /LONG/],
    ['loses the time', 'MODIFY created_at DATE', /created_at/],
    ['loses when a callback is due', 'MODIFY callback_next_at DATE', /callback/],
    ['does not count', 'MODIFY repeats INT NULL', /insert/],
  ])('%s', async (_what, clause, message) => {
    const name = `books-${++books}`;
    await scene.branch(name, `ALTER TABLE ai_content ${clause}`);
    const report = await scene.replay(name, { source: { kind: 'stored', last: 2 } });
    expect(report).toMatchObject({ worse: true, passed: 2, counts: { failed: 1 } });
    expect(report.failed[0]?.message).toMatch(message);
    expect(await scene.count(name)).toBe(0);
    await scene.provider.deleteBranch(name);
  });

  test('has no ai_content, is production, or is none', async () => {
    await scene.branch('empty', 'DROP TABLE ai_content');
    expect((await scene.replay('empty')).failed).toMatchObject([{ code: 'missing_table' }]);
    expect(await refusal(scene.replay('main'))).toMatchObject({ code: 'branch_protected' });
    expect(await refusal(scene.replay('nowhere'))).toMatchObject({ code: 'branch_not_found' });
  });
});

describe('what production has besides', () => {
  let other: Scene;
  beforeAll(async () => {
    other = await newScene();
    await other.database.pool.query(
      "ALTER TABLE ai_content ADD COLUMN summary VARCHAR(50), ADD COLUMN kind VARCHAR(20) NOT NULL DEFAULT 'plain'",
    );
    await other.receive([webhookOf(1), webhookOf(2)], (record) => ({ ...record, columns: { summary: 'short' } }));
  });
  afterAll(() => other.close());

  test('a dropped column with data in it is worse; one with its default alone is not', async () => {
    await other.branch('dropped', 'ALTER TABLE ai_content DROP COLUMN summary, DROP COLUMN kind');
    const report = await other.replay('dropped');
    expect(report).toMatchObject({ worse: true, passed: 2, counts: { failed: 0, different: 0 } });
    expect(report.droppedColumns).toEqual([
      { column: 'summary', filled: 2 },
      { column: 'kind', filled: 0 },
    ]);
    const given = await other.replay('dropped', { mapRecord: (record) => ({ ...record, columns: { summary: 's' } }) });
    expect(given.failed).toMatchObject([{ code: 'ER_BAD_FIELD_ERROR' }, { code: 'ER_BAD_FIELD_ERROR' }]);
    expect(given.failed[0]?.message).toMatch(/'summary'/);
  });

  test('a value of an added column is compared where the mapping gives it', async () => {
    await other.branch('same');
    const same = await other.replay('same', { mapRecord: (record) => ({ ...record, columns: { summary: 'short' } }) });
    expect(same).toMatchObject({ worse: false, passed: 2 });
    const less = await other.replay('same', { mapRecord: (record) => ({ ...record, columns: { summary: null } }) });
    expect(less.different).toMatchObject([{ column: 'summary', stored: 'short', replayed: null }, {}]);
    expect(await other.replay('same')).toMatchObject({ worse: false });
  });

  test('a default that is another one is told, and what is another for each row is not', async () => {
    const pool = other.database.pool;
    await pool.query(
      "ALTER TABLE ai_content ADD COLUMN event_source VARCHAR(9) DEFAULT 'web', ADD COLUMN size INT AS (CHAR_LENGTH(title)) STORED, ADD COLUMN day DATE AS (DATE(created_at)) STORED, ADD COLUMN at DATETIME DEFAULT CURRENT_TIMESTAMP",
    );
    await pool.query(
      "UPDATE ai_content SET at = '2020-01-01', created_at = created_at - INTERVAL 9 DAY, updated_at = created_at",
    );
    await other.branch('as-is');
    expect(await other.replay('as-is')).toMatchObject({ worse: false, passed: 2 });
    await other.branch(
      'defaults',
      "ALTER TABLE ai_content ALTER kind SET DEFAULT 'other', ALTER event_source SET DEFAULT NULL, DROP COLUMN size, ADD COLUMN size INT AS (1) STORED",
    );
    const report = await other.replay('defaults', { source: { kind: 'stored', last: 1 } });
    expect(report.different).toEqual([
      { id: '2', column: 'kind', stored: 'plain', replayed: 'other' },
      { id: '2', column: 'event_source', stored: 'web', replayed: null },
      { id: '2', column: 'size', stored: '7', replayed: '1' },
    ]);
    await pool.query("UPDATE ai_content SET event_source = 'app', updated_at = created_at");
    await other.branch('no-source', 'ALTER TABLE ai_content DROP COLUMN event_source');
    const dropped = await other.replay('no-source');
    expect(dropped).toMatchObject({ worse: true, droppedColumns: [{ column: 'event_source', filled: 2 }] });
    await pool.query(
      'ALTER TABLE ai_content DROP COLUMN event_source, DROP COLUMN size, DROP COLUMN day, DROP COLUMN at',
    );
  });

  test('what a mapping of before left empty is no worse for being filled', async () => {
    await other.database.pool.query('ALTER TABLE ai_content ADD COLUMN score INT');
    await other.branch('scored');
    const report = await other.replay('scored', { mapRecord: (record) => ({ ...record, columns: { score: 7 } }) });
    expect(report).toMatchObject({ worse: false, passed: 2 });
    await other.database.pool.query('ALTER TABLE ai_content DROP COLUMN score');
  });

  test('a row that was changed since is compared with the baseline, or with nothing', async () => {
    await other.database.pool.query(
      "UPDATE ai_content SET title = 'Mine', updated_at = updated_at + INTERVAL 1 HOUR WHERE id = 1",
    );
    expect(await other.replay('same')).toMatchObject({ passed: 1, notCompared: 1, worse: false });
    const based = await other.replay('same', { baseline: true });
    expect(based).toMatchObject({ passed: 2, notCompared: 0, counts: { different: 0 } });
  });

  test('nothing that keeps a webhook: it says so', async () => {
    await rows(other.database.pool, 'UPDATE ai_content SET payload = NULL');
    expect(await refusal(other.replay('same'))).toMatchObject({ code: 'replay_source_empty' });
    const none = await refusal(other.replay('same', { source: { kind: 'stored', last: 0 } }));
    expect(none).toMatchObject({ code: 'replay_source_empty' });
  });
});
