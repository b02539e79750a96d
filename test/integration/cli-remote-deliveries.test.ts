import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../harness/databases.js';
import { createWebhook, deliveryWith, trigger } from '../harness/delivering.js';
import { runCommand } from '../harness/run-command.js';
import { serveApi } from './api-client.js';
import { serveKeys, signingKey, userClaims } from './api-tokens.js';
import { openScene, type Scene } from './cli-live-helpers.js';
import { type Run, runnerOf } from './cli-remote-helpers.js';
import { putMany } from './replay-helpers.js';

interface Row {
  readonly id: string;
  readonly status: string;
}
interface Page {
  readonly data: readonly Row[];
  readonly next_cursor: string | null;
}

const NUMBER = '12345678901234567890.5';

describe('hookline deliveries and stats', { timeout: 60_000 }, () => {
  let scene: Scene;
  let owner: string;
  let webhook: { id: string; userId: string };
  let own: Run;
  let failed: string;
  beforeAll(async () => {
    scene = await openScene();
    owner = await createUser(scene.db);
    webhook = await createWebhook(scene.db, scene.subscriber.url, { max_retries: 1 }, owner);
    own = await runnerOf(scene.url, owner);
    scene.subscriber.answerWith([{ status: 503, body: 'away\u001b[2J\u009b2J', headers: { 'x-from': 'a proxy' } }]);
    const [id = ''] = await trigger(scene.db, owner, `{"video_id": "v1", "size": ${NUMBER}}`);
    failed = (await deliveryWith(scene.db, id, 'failed')).id;
    scene.subscriber.answerWith([{}]);
    const [good = ''] = await trigger(scene.db, owner);
    await deliveryWith(scene.db, good, 'success');
    // Others, of which the worker sends none.
    await putMany(scene.db, webhook, 'success', 250);
  });
  afterAll(() => scene.close());

  const idsOf = async (...args: string[]) =>
    (await own(['deliveries', 'list', '--json', ...args])).json<Page>().data.map(({ id }) => id);

  it('lists, by each filter and by all together', async () => {
    const { out, err } = await own(['deliveries', 'list', '--status', 'failed']);
    expect(out).toMatch(/^ID +STATUS +EVENT TYPE +CREATED +ANSWER +MS +ATTEMPT +ERROR +WEBHOOK\n/);
    expect(out).toMatch(
      new RegExp(`^${failed} +failed +video\\.generated +\\S+ \\S+ +503 +\\d+ +2/2 +\\S+ +${webhook.id}$`, 'm'),
    );
    expect(err).toBe('');
    const json = (await own(['deliveries', 'show', failed, '--json'])).json<{ event_id: string }>();
    const filters = [
      ...['--response', '5xx', '--event', 'video.generated', '--webhook', webhook.id],
      ...['--event-id', json.event_id, '--since', '1h', '--until', '2099-01-01'],
    ];
    expect(await idsOf('--status', 'failed', ...filters)).toEqual([failed]);
    expect(await idsOf('--status', 'failed', ...filters.with(1, '4xx'))).toEqual([]);
    expect(await idsOf('--status', 'failed', '--until', '1d')).toEqual([]);
    expect(await idsOf('--response', 'none', '--status', 'failed')).toEqual([]);
  });

  it('goes through all pages, as a table with one head and as one document', async () => {
    const { out, err } = await own(['deliveries', 'list', '--all']);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(253);
    expect(lines.filter((line) => line.startsWith('ID '))).toHaveLength(1);
    // All parts have the same columns.
    const [at] = lines.map((line) => line.indexOf(webhook.id)).slice(1);
    expect(new Set(lines.slice(1).map((line) => line.indexOf(webhook.id)))).toEqual(new Set([at]));
    expect(err).toBe('');
    const all = (await own(['deliveries', 'list', '--all', '--json'])).json<Page>();
    expect(new Set(all.data.map(({ id }) => id)).size).toBe(252);
    expect(all.next_cursor).toBeNull();
    const some = await own(['deliveries', 'list', '--limit', '150', '--json']);
    expect(some.json<Page>().data.map(({ id }) => id)).toEqual(all.data.slice(0, 150).map(({ id }) => id));
    expect((await own(['deliveries', 'list', '--all', '--limit', '2'])).code).toBe(2);
  });

  it('shows what was sent and answered, and each attempt, in the digits that were sent', async () => {
    const { out, code } = await own(['deliveries', 'show', failed]);
    expect(code).toBe(0);
    expect(out).toMatch(/^status +failed, attempt 2 of 2$/m);
    expect(out).toContain(`Request  POST ${scene.subscriber.url}\n`);
    expect(out).toMatch(/^x-webhook-event: video\.generated$/im);
    expect(out).toContain(NUMBER);
    expect(out).toMatch(/^Answer {2}503 in \d+ ms$/m);
    expect(out).toMatch(/^x-from: a proxy$/m);
    expect(out).toContain('\naway?[2J?2J\n');
    expect(out).toMatch(/^Attempts {2}2\n# +AT +ANSWER +MS +ERROR +WHY.*\n1 .* 503 .*\n2 .* 503 /m);
    const json = await own(['deliveries', 'show', failed, '--json']);
    expect(json.out).toContain(NUMBER);
    expect(json.json()).toMatchObject({
      id: failed,
      response_body: 'away\u001b[2J\u009b2J',
      attempts: [{ attempt_number: 2 }, { attempt_number: 1 }],
    });
    expect(json.out).not.toContain('\u009b');
  });

  it('gives failed ones another attempt, and says which is none', async () => {
    const ran = await own(['deliveries', 'retry', failed]);
    expect(ran).toMatchObject({ code: 0, out: `1 delivery gets another attempt: ${failed}.\n` });
    await deliveryWith(scene.db, failed, 'success');
    const again = await own(['deliveries', 'retry', failed, '--json']);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(JSON.parse(again.err)).toMatchObject({
      error: { code: 'delivery_not_failed', request_id: expect.any(String) },
    });
  });

  it('has figures over all webhooks and of one, the queue, and the workers for the service', async () => {
    const { out } = await own(['stats']);
    expect(out).toMatch(/^The last 24 hours: 252 successful, 0 failed, 100\.0 %, half within /);
    expect(out).toMatch(/^Queue: 0 waiting, 0 to be retried, 0 claimed by workers$/m);
    expect(out).not.toContain('Workers');
    expect(out).toMatch(
      /^By event type\nEVENT TYPE +SUCCESSFUL +FAILED +SUCCESS\nvideo\.generated +252 +0 +100\.0 %$/m,
    );
    const service = await runnerOf(scene.url);
    const whole = await service(['stats', '--json']);
    expect(whole.json()).toMatchObject({ workers: [{ is_alive: true }], queue: { waiting: 0 } });
    expect((await service(['stats'])).out).toMatch(/^Workers\nWORKER +ALIVE +CLAIMED/m);
    expect((await own(['stats', '--days', '7'])).out).toMatch(/^The last 7 days: 252 successful/);
    const theirs = await service(['stats', '--user', owner, '--days', '2', '--json']);
    expect(theirs.json()).toMatchObject({ statistics: { hours: 48 }, workers: null });
    expect((await own(['stats', webhook.id])).out).toMatch(/^HOUR \(UTC\) +SUCCESSFUL .*\n\d{4}-.*:00 +\d/);
    const days = await own(['stats', webhook.id, '--days', '7']);
    expect(days.out).toMatch(/^deliveries +252$/m);
    expect(days.out).toMatch(/^By day\nDAY +DELIVERIES\n\d{4}-/m);
    expect((await own(['stats', '--days', '36'])).code).toBe(2);
    expect((await own(['stats', webhook.id, '--user', owner])).code).toBe(2);
    expect((await own(['stats', owner])).err).toContain('Code:  webhook_not_found');
  });

  it('has figures for a user where no service is known', async () => {
    const key = await signingKey('ES256', 'k');
    const keys = await serveKeys([key.jwk]);
    const { app, url } = await serveApi(scene.db, { serviceKey: undefined, jwksUrl: keys.url });
    const env = { HOOKLINE_URL: url, HOOKLINE_TOKEN: await key.sign(userClaims(owner)) };
    const { out } = await runCommand(['stats'], env);
    await app.close();
    keys.close();
    expect(out).toMatch(/^The last 24 hours: \d+ successful/);
  });
});
