import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkReplay, recordReplay, requiresReplay, withRequirement } from '../../src/schema/replay/requirement.js';
import { refusal } from './mysql-helpers.js';
import { newScene, type Scene, WAITING, webhookOf } from './schema-replay-helpers.js';

let scene: Scene;

beforeAll(async () => {
  scene = await newScene();
  await scene.receive([webhookOf(1), webhookOf(2)]);
});

afterAll(() => scene.close());

test('a deploy request that requires a replay has one when the newest passed on the schema as it is', async () => {
  const { provider } = scene;
  await scene.branch('ai-content-v2', 'ALTER TABLE ai_content ADD COLUMN quality_score FLOAT');
  expect(await recordReplay(provider, await scene.replay('ai-content-v2'))).toBeNull();
  const request = await provider.deployRequests.create(
    { branch: 'ai-content-v2', intoBranch: 'main', notes: withRequirement('Scores.'), autoDeleteBranch: false },
    WAITING,
  );
  expect(requiresReplay(request)).toBe(true);
  const missing = () => refusal(checkReplay(provider, request));
  expect(await missing()).toMatchObject({ code: 'replay_required', message: expect.stringMatching(/none was made/) });

  const passed = await recordReplay(provider, await scene.replay('ai-content-v2'));
  expect(passed?.request.number).toBe(request.number);
  expect(passed?.review).toMatchObject({
    state: 'commented',
    body: expect.stringMatching(/^Replay passed: 2 webhooks/),
  });
  await checkReplay(provider, request);

  const failing = await scene.replay('ai-content-v2', { mapRecord: (record) => ({ ...record, title: 'another' }) });
  await recordReplay(provider, failing);
  expect((await missing()).message).toMatch(/failed/);

  // Someone quotes the pass in an answer, and someone else copies it whole: it is no newer for that.
  const line = passed?.review.body ?? '';
  await provider.deployRequests.review(request.number, { state: 'commented', body: `Was it not so?\n${line}` });
  await provider.deployRequests.review(request.number, { state: 'commented', body: line });
  expect((await missing()).message).toMatch(/failed/);

  await recordReplay(provider, await scene.replay('ai-content-v2'));
  await checkReplay(provider, request);

  // The clock of another machine is a year ahead: what it found counts until somebody finds otherwise.
  const inAYear = { startedAt: new Date(Date.now() + 366 * 86_400_000).toISOString() };
  await recordReplay(provider, { ...failing, ...inAYear });
  expect((await missing()).message).toMatch(/failed/);
  await recordReplay(provider, await scene.replay('ai-content-v2'));
  await checkReplay(provider, request);

  await scene.apply('ai-content-v2', 'ALTER TABLE ai_content ADD COLUMN embedding_id VARCHAR(100)');
  expect((await missing()).message).toMatch(/has changed since/);
  await recordReplay(provider, await scene.replay('ai-content-v2'));
  await checkReplay(provider, request);
});
