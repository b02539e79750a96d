import type { MapRecord } from '@hookline/receiver';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkReplay, recordReplay, withRequirement } from '../../src/schema/replay/requirement.js';
import { refusal, rows } from './mysql-helpers.js';
import {
  databasesOf,
  newPlanetscaleScene,
  type Scene,
  startUncalled,
  WAITING,
  webhookOf,
} from './schema-replay-helpers.js';

const WEBHOOKS = 12;
const V2 = 'ALTER TABLE ai_content ADD COLUMN embedding_id VARCHAR(100), ADD COLUMN quality_score FLOAT';
const mapRecord: MapRecord = (record, event) => {
  const data = event.ai_response?.data as { score: number };
  return { ...record, columns: { embedding_id: `emb-${record.channelId}`, quality_score: data.score } };
};

let scene: Scene;
let before: unknown[];
let gateway: Awaited<ReturnType<typeof startUncalled>>;

beforeAll(async () => {
  gateway = await startUncalled();
  const { callbackUrl } = gateway;
  scene = await newPlanetscaleScene();
  await scene.receive(Array.from({ length: WEBHOOKS }, (_, n) => webhookOf(n, { callback_url: callbackUrl })));
  before = await rows(scene.database.pool, 'SELECT * FROM ai_content ORDER BY id');
});

afterAll(async () => {
  await scene.close();
  gateway?.close();
});

test('passes on a branch with new columns: beside a baseline, with nobody called and nothing left', async () => {
  const branch = await scene.branch('ai-content-v2', V2);
  const databases = await databasesOf(scene);
  const report = await scene.replay(branch, { baseline: true, mapRecord });
  expect(report).toMatchObject({ webhooks: WEBHOOKS, passed: WEBHOOKS, counts: { failed: 0, different: 0, cut: 0 } });
  expect(report.newColumns).toEqual([
    { column: 'embedding_id', filled: WEBHOOKS, empty: 0 },
    { column: 'quality_score', filled: WEBHOOKS, empty: 0 },
  ]);
  expect(report.speed).toMatchObject({ baseMedianMs: expect.any(Number), ratio: expect.any(Number) });
  expect(gateway.calls()).toBe(0);
  expect(await scene.count(branch)).toBe(0);
  expect(await databasesOf(scene)).toEqual(databases);
  expect(await rows(scene.database.pool, 'SELECT * FROM ai_content ORDER BY id')).toEqual(before);
});

test('tells what the branch refuses, in the words of the server alone', async () => {
  await scene.branch('narrow', 'ALTER TABLE ai_content MODIFY body TEXT CHARACTER SET latin1');
  const narrow = await scene.replay('narrow');
  expect(narrow).toMatchObject({ worse: true, passed: 0, counts: { failed: WEBHOOKS } });
  expect(narrow.failed[0]).toMatchObject({ channelId: `channel-${WEBHOOKS - 1}`, code: 'errno_1366' });
  expect(narrow.failed[0]?.message).toMatch(/^Incorrect string value: .*`body`/);
  expect(narrow.failed[0]?.message).not.toMatch(/insert into|callerid/i);
  expect(await scene.count('narrow')).toBe(0);
});

test('finds the branch on which books cannot be kept', async () => {
  await scene.branch('no-key', 'ALTER TABLE ai_content DROP INDEX ai_content_idempotency_key');
  expect((await scene.replay('no-key')).failed).toMatchObject([{ id: null, code: 'bookkeeping_lost' }]);
  await scene.branch('short', 'ALTER TABLE ai_content MODIFY callback_error VARCHAR(20)');
  expect((await scene.replay('short')).failed).toMatchObject([{ id: null, code: 'errno_1406' }]);
});

test('leaves nothing when it is aborted', async () => {
  const databases = await databasesOf(scene);
  const stop = new AbortController();
  const outcome = scene.replay('ai-content-v2', {
    baseline: true,
    waiting: { ...WAITING, signal: stop.signal },
    onProgress: (text) => {
      if (text.startsWith('webhook 7,')) stop.abort('SIGINT');
    },
  });
  await expect(outcome).rejects.toBe('SIGINT');
  expect(await scene.count('ai-content-v2')).toBe(0);
  expect(await databasesOf(scene)).toEqual(databases);
});

test('a deploy request that requires a replay has one', async () => {
  const { provider } = scene;
  const request = await provider.deployRequests.create(
    { branch: 'ai-content-v2', intoBranch: 'main', notes: withRequirement('Scores.'), autoDeleteBranch: false },
    WAITING,
  );
  expect(await refusal(checkReplay(provider, request))).toMatchObject({ code: 'replay_required' });
  await recordReplay(provider, await scene.replay('ai-content-v2', { mapRecord }));
  await checkReplay(provider, request);
  await scene.apply('ai-content-v2', 'ALTER TABLE ai_content ADD COLUMN late INT');
  expect((await refusal(checkReplay(provider, request))).message).toMatch(/has changed since/);
});
