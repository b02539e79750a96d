import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../harness/databases.js';
import { openScene, type Scene } from './cli-live-helpers.js';
import { type Run, runnerOf } from './cli-remote-helpers.js';
import { startTestVerification, willing } from './verification-helpers.js';

const URL = 'https://api.example.com/hooks';

interface Made {
  readonly id: string;
  readonly secret: string;
  readonly [member: string]: unknown;
}

describe('hookline webhooks', { timeout: 60_000 }, () => {
  let scene: Scene;
  let owner: string;
  let own: Run;
  beforeAll(async () => {
    scene = await openScene();
    owner = await createUser(scene.db);
    own = await runnerOf(scene.url, owner);
  });
  afterAll(() => scene.close());

  const create = async (...more: string[]): Promise<Made> => {
    const ran = await own(['webhooks', 'create', '--url', URL, '--name', 'Videos', '--json', ...more]);
    expect(ran).toMatchObject({ code: 0, err: '' });
    return ran.json<Made>();
  };

  it.each(['http://10.1.2.3/', 'http://[::ffff:192.168.0.1]/', 'http://2130706433/', 'https://app.localhost/'])(
    'says of %s that deliveries go there by leave of the operator alone',
    async (url) => {
      const made = await own(['webhooks', 'create', '--url', url, '--name', 'Private']);
      expect(made).toMatchObject({ code: 0, err: expect.stringContaining('A private address.') });
      const [, id = ''] = /^id +(\S+)$/m.exec(made.out) ?? [];
      const edited = await own(['webhooks', 'edit', id, '--url', url]);
      expect(edited).toMatchObject({ code: 0, err: expect.stringContaining('A private address.') });
      expect((await own(['webhooks', 'edit', id, '--url', 'http://8.8.8.8/'])).err).toBe('');
      await own(['webhooks', 'delete', id, '--yes']);
    },
  );

  it('creates with what is given, shows, and lists in a table', async () => {
    const args = ['--event', 'video.generated', 'video.failed', '--max-retries', '5', '--retry-delay', '2m'];
    const more = ['--rate-limit', '20', '--no-ordered', '--metadata', '{"team":"a"}', '--description', 'films'];
    const ran = await own(['webhooks', 'create', '--url', URL, '--name', 'Films', ...args, ...more]);
    expect(ran.code, ran.err).toBe(0);
    const [, id = ''] = /^id +(\S+)$/m.exec(ran.out) ?? [];
    expect(ran.out).toMatch(/^secret +[0-9a-f]{64}$/m);
    expect(ran.err).toContain(`hookline webhooks test ${id}`);
    expect(ran.err).not.toContain('private');
    const { rows } = await scene.db.query('SELECT user_agent FROM hookline.audit_log WHERE thing_id = $1', [id]);
    expect(rows[0]).toEqual({ user_agent: expect.stringMatching(/^hookline-cli\/\d/) });

    const shown = await own(['webhooks', 'show', id]);
    expect(shown.out).toMatch(/^event types +video\.(failed|generated), video\.(failed|generated)$/m);
    expect(shown.out).toMatch(/^retries +5, the first after 120 s$/m);
    expect(shown.out).toMatch(/^rate limit +20 a second$/m);
    expect(shown.out).toMatch(/^metadata +{"team":"a"}$/m);
    expect(shown.out).not.toMatch(/secret/);
    const json = (await own(['webhooks', 'show', id, '--json'])).json<{ subscriptions: unknown[] }>();
    expect(json).toMatchObject({ id, user_id: owner, retry_delay_seconds: 120, is_ordered: false });
    expect(json.subscriptions).toHaveLength(2);

    const list = await own(['webhooks', 'list']);
    expect(list.out).toMatch(/^ID +NAME +STATE +URL +VERIFIED +EVENTS +SUCCESS +LAST DELIVERY\n/);
    expect(list.out).toMatch(new RegExp(`^${id} +Films +active +${URL} +no +2 +- +-$`, 'm'));
    expect(list.err).toBe('');
  });

  it('changes what is given alone, and empties with none', async () => {
    const { id } = await create('--rate-limit', '20', '--description', 'x');
    const ran = await own(['webhooks', 'edit', id, '--name', 'New', '--rate-limit', 'none', '--description', 'none']);
    expect(ran).toMatchObject({ code: 0, out: 'Changed: name, description, rate_limit_per_second.\n' });
    const nothing = await own(['webhooks', 'edit', id]);
    expect(nothing).toMatchObject({ code: 2, err: expect.stringContaining('nothing is to be changed') });
    expect((await own(['webhooks', 'pause', id])).out).toBe(
      'New is inactive: it gets no events until it is activated.\n',
    );
    expect((await own(['webhooks', 'show', id, '--json'])).json()).toMatchObject({
      ...{ name: 'New', description: null, rate_limit_per_second: null, url: URL, is_active: false },
    });
    const tested = await own(['webhooks', 'test', id]);
    expect(tested).toMatchObject({ code: 1, out: '', err: expect.stringContaining('hookline webhooks activate') });
    const inactive = await own(['webhooks', 'list', '--inactive', '--json']);
    expect(inactive.json<{ data: Made[] }>().data).toMatchObject([{ id }]);
    expect((await own(['webhooks', 'activate', id, '--json'])).json()).toMatchObject({ id, is_active: true });
  });

  it('subscribes with filters, and unsubscribes', async () => {
    const { id } = await create();
    const folder = mkdtempSync(join(tmpdir(), 'hookline-cli-'));
    const file = join(folder, 'filter.json');
    writeFileSync(file, '{"duration": {"$gte": 10}}');
    const made = await own(['webhooks', 'subscribe', id, 'video.generated', 'video.failed', '--filter', `@${file}`]);
    expect(made).toMatchObject({ code: 0, out: 'Subscribed to video.generated, video.failed, filtered.\n' });
    rmSync(folder, { recursive: true });
    expect((await own(['webhooks', 'subscriptions', id])).out).toMatch(
      /^video\.generated +yes +{"duration":{"\$gte":10}} +\d{4}-/m,
    );
    expect((await own(['webhooks', 'unsubscribe', id, 'video.failed'])).out).toBe('Unsubscribed from video.failed.\n');
    const partly = await own(['webhooks', 'subscribe', id, 'credit.consumed', 'no.such.type', 'video.failed']);
    expect(partly).toMatchObject({ code: 1, out: 'Subscribed to credit.consumed.\n' });
    const again = await own(['webhooks', 'unsubscribe', id, 'credit.consumed', 'video.failed']);
    expect(again).toMatchObject({
      code: 1,
      out: 'Unsubscribed from credit.consumed.\n',
      err: expect.stringMatching(/Code: {2}subscription_not_found\nRequest: .+\n$/),
    });
    const wrong = await own(['webhooks', 'subscribe', id, 'video.generated', '--filter', '{"duration": {"$gte": {}}}']);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('Code:  invalid_filter') });
    // As parts of a path these would lead to the webhook itself.
    for (const type of ['..', '.', 'a/b']) {
      expect((await own(['webhooks', 'unsubscribe', id, type])).code).toBe(2);
    }
    expect((await own(['webhooks', 'show', id])).code).toBe(0);
  });

  it('sends a test event and says what was answered', async () => {
    const { id } = await create('--max-retries', '0');
    await own(['webhooks', 'edit', id, '--url', scene.subscriber.url]);
    const data = '{"big": 12345678901234567890}';
    const good = await own(['webhooks', 'test', id, '--event', 'video.generated', '--data', data]);
    expect(good.code, good.err).toBe(0);
    expect(good.out).toMatch(/^status +success$/m);
    expect(good.out).toMatch(/^answer +200$/m);
    expect(scene.subscriber.requests.at(-1)?.body.toString()).toContain('12345678901234567890');

    scene.subscriber.answerWith([{ status: 503, body: 'away\u001b[2J\u009b2J' }]);
    await expect
      .poll(async () => (await own(['webhooks', 'test', id])).err, { timeout: 10_000 })
      .toContain('test_failed');
    scene.subscriber.answerWith([{}]);
    await expect
      .poll(async () => (await own(['webhooks', 'test', id, '--no-wait', '--json'])).out, { timeout: 10_000 })
      .toContain('"delivery_id"');
  });

  it('has the URL verified, and says why it was not', async () => {
    const { id } = await create();
    await own(['webhooks', 'edit', id, '--url', scene.subscriber.url]);
    const loop = startTestVerification(scene.db);
    try {
      scene.subscriber.answerWith([{ status: 404 }]);
      const bad = await own(['webhooks', 'verify', id]);
      expect(bad).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/Error: .*\nHint: {2}The endpoint answered 404\. .*\nCode: {2}verification_failed/),
      });
      scene.subscriber.answerWith(willing);
      const good = await own(['webhooks', 'verify', id]);
      expect(good).toMatchObject({ code: 0, out: `${scene.subscriber.url} is verified.\n` });
    } finally {
      scene.subscriber.answerWith([{}]);
      await loop.stop(1_000);
    }
    expect((await own(['webhooks', 'show', id])).out).toMatch(/^state +active$/m);
  });

  it('sets custom headers from a file, and never prints a value', async () => {
    const { id } = await create();
    const folder = mkdtempSync(join(tmpdir(), 'hookline-cli-'));
    const file = join(folder, 'headers.json');
    writeFileSync(file, '{"X-Tenant": "a-hidden-value"}');
    const set = await own(['webhooks', 'headers', id, '--set', `@${file}`]);
    expect(set.out, set.err).toMatch(/^X-Tenant, set .* UTC\.\n$/i);
    expect((await own(['webhooks', 'headers', id, '--json'])).json()).toMatchObject({ names: [expect.any(String)] });
    writeFileSync(file, '{"Host": "a-hidden-value"}');
    const refused = await own(['webhooks', 'headers', id, '--set', `@${file}`]);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Code:  invalid_headers') });
    writeFileSync(file, '{"X-Tenant": 3}');
    expect((await own(['webhooks', 'headers', id, '--set', `@${file}`])).err).toContain('Code:  invalid_headers');
    writeFileSync(file, '{"X-Tenant": a-hidden-value}');
    const wrong = await own(['webhooks', 'headers', id, '--set', `@${file}`]);
    expect(wrong.err).toMatch(/is not JSON: Unexpected token 'a'\.\n/);
    rmSync(folder, { recursive: true });
    const shown = await own(['webhooks', 'headers', id, '--set', '{"X-Tenant": "a-hidden-value"}']);
    expect(shown.code).toBe(2);
    expect((await own(['webhooks', 'headers', id, '--clear'])).out).toBe('It has no custom headers any more.\n');
    expect((await own(['webhooks', 'headers', id])).out).toBe('It has no custom headers.\n');
    for (const { out, err } of [set, refused, wrong, shown]) expect(out + err).not.toContain('a-hidden-value');
  });

  it('prints a secret alone, and rotates it', async () => {
    const { id, secret } = await create();
    expect(await own(['webhooks', 'secret', id])).toMatchObject({ code: 0, out: `${secret}\n`, err: '' });
    const rotated = await own(['webhooks', 'rotate-secret', id, '--overlap', '7d']);
    expect(rotated.out).toMatch(/^[0-9a-f]{64}\n$/);
    expect(rotated.out).not.toContain(secret);
    expect(rotated.err).toMatch(/^The earlier one signs beside it until .* UTC\.\n$/);
    // It breaks whoever has the old one, so it is asked for.
    expect((await own(['webhooks', 'rotate-secret', id, '--overlap', '0'])).code).toBe(2);
    expect((await own(['webhooks', 'end-overlap', id, '--yes'])).out).toBe('The current secret alone signs now.\n');
  });

  it('deletes when it is told to for certain', async () => {
    const { id } = await create();
    const asked = await own(['webhooks', 'delete', id]);
    expect(asked).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/Delete Videos .*add --yes/) });
    expect((await own(['webhooks', 'show', id])).code).toBe(0);
    expect(await own(['webhooks', 'delete', id, '--yes'])).toMatchObject({ code: 0, out: 'Deleted: Videos.\n' });
    expect((await own(['webhooks', 'show', id])).err).toContain('Hint:  hookline webhooks list shows those');
  });
});
