import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { refusal } from './mysql-helpers.js';
import { newScene, type Scene, webhookOf } from './schema-replay-helpers.js';

let scene: Scene;
let folder: string;

beforeAll(async () => {
  scene = await newScene();
  folder = await mkdtemp(join(inject('runFolder'), 'schema-replay-'));
  await scene.branch('short-title', 'ALTER TABLE ai_content MODIFY title VARCHAR(20) NOT NULL');
});

afterAll(() => scene.close());

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const replay = (paths: string[], baseline = false) =>
  scene.replay('short-title', { source: { kind: 'files', paths }, baseline });

test('takes webhooks of files: one a file, one a line, a folder', async () => {
  await mkdir(join(folder, 'many'));
  const one = await file('one.json', JSON.stringify(JSON.parse(webhookOf(1)), null, 2));
  const lines = await file('lines.jsonl', `${webhookOf(2)}\r\n\n${webhookOf(3)}\n`);
  const unnamed = await file('recorded.log', `${webhookOf(4)}\n${webhookOf(5)}\n`);
  await file('many/b.json', webhookOf(6, {}, { title: 'A title of more than twenty characters' }));
  await file('many/a.jsonl', `${webhookOf(7)}\n${webhookOf(8, { type: 'task.completed' })}`);
  await file('many/readme.md', 'not a webhook');
  const report = await replay([one, lines, unnamed, join(folder, 'many')]);
  expect(report).toMatchObject({ source: 'files', webhooks: 8, passed: 6, acknowledged: 1, speed: null, worse: true });
  expect(report.failed).toMatchObject([
    { id: join(folder, 'many/b.json'), channelId: 'channel-6', event: 'video.generated', code: 'ER_DATA_TOO_LONG' },
  ]);
});

test('compares them with the baseline: what production would refuse too is not worse', async () => {
  const deep = `${'['.repeat(120)}${']'.repeat(120)}`;
  const refused = await file('deep.json', webhookOf(1).replace('"clips"', deep));
  const plain = await file('plain.json', webhookOf(2));
  const report = await replay([refused, plain], true);
  expect(report).toMatchObject({
    webhooks: 2,
    passed: 1,
    failedBefore: 1,
    counts: { failed: 0, different: 0, cut: 0 },
  });
  expect(await replay([refused, plain])).toMatchObject({ worse: true, counts: { failed: 1 } });

  await scene.branch('other');
  await scene.database.pool.query(
    `CREATE TRIGGER \`${new URL(scene.database.url).pathname.slice(1)}__other\`.other BEFORE INSERT ON
     \`${new URL(scene.database.url).pathname.slice(1)}__other\`.ai_content FOR EACH ROW SET NEW.category = UPPER(NEW.category)`,
  );
  const changed = await scene.replay('other', { source: { kind: 'files', paths: [plain] }, baseline: true });
  expect(changed).toMatchObject({ worse: true, passed: 0 });
  expect(changed.cut).toMatchObject([{ column: 'category', by: 'database', given: 'clips', kept: 'CLIPS' }]);
});

test('names the file and the line that is no webhook', async () => {
  const broken = await file('broken.jsonl', `${webhookOf(1)}\n{"type": \n`);
  expect(await refusal(replay([broken]))).toMatchObject({
    code: 'replay_source_unreadable',
    message: expect.stringContaining(`${broken}:2 is not JSON`),
  });
  const pretty = await file('broken.json', '{\n  "type": "task.ai_generated",\n  "event": "e"\n  "x": 1}');
  expect((await refusal(replay([pretty]))).message).toMatch(/broken\.json is not JSON: .*\(line 4/);
  const wrong = await file('wrong.json', '{"channel_id": 5}');
  expect((await refusal(replay([wrong]))).message).toMatch(/wrong\.json is no webhook: channel_id must be a string/);
  expect((await refusal(replay([join(folder, 'nowhere')]))).code).toBe('replay_source_unreadable');
});

test('says that there is nothing to replay', async () => {
  const empty = await file('empty.json', ' \n');
  expect(await refusal(replay([empty]))).toMatchObject({ code: 'replay_source_empty' });
  expect(await refusal(replay([]))).toMatchObject({ code: 'replay_source_empty' });
  const told = await file('completed.json', webhookOf(1, { type: 'task.completed' }));
  expect(await refusal(replay([told]))).toMatchObject({ code: 'replay_source_empty' });
  expect(await refusal(scene.replay('short-title'))).toMatchObject({ code: 'replay_source_empty' });
});
