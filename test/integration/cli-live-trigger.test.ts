import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@hookline/client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventRequest } from '../../src/cli/remote/live/trigger/request.js';
import { runTrigger, type TriggerRun } from '../../src/cli/remote/live/trigger/run.js';
import { createUser } from '../harness/databases.js';
import { createWebhook } from '../harness/delivering.js';
import { startReceiver } from '../harness/receiver-server.js';
import { SERVICE_KEY } from './api-client.js';
import { openScene, type Scene, watchOutput } from './cli-live-helpers.js';
import { olderTransactionsEnded } from './live-helpers.js';

const TYPE = 'video.generated';
const DATA = '{ "big": 12345678901234567890.10, "text": "\\u00fc", "one": 1.0 }';

describe('hookline trigger', () => {
  let scene: Scene;
  let folder: string;
  beforeAll(async () => {
    scene = await openScene();
    folder = mkdtempSync(join(tmpdir(), 'hookline-trigger-'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    scene.subscriber.answerWith([{}]);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await scene.close();
  });

  async function run(options: Parameters<typeof eventRequest>[1], more: Partial<TriggerRun> = {}, stop?: AbortSignal) {
    const output = watchOutput();
    const request = await eventRequest(TYPE, options);
    const given = { client: await scene.client(), request, json: false, ...more };
    const error: unknown = await runTrigger(given, stop ?? new AbortController().signal).catch((thrown) => thrown);
    return { output, error };
  }

  it('sends the payload as it is written, for a user by either id, and says what came of it', async () => {
    const { userId, id: webhookId } = await createWebhook(scene.db, `${scene.subscriber.url}?of=one`);
    await scene.db.query("INSERT INTO hookline.users (user_id, external_user_id) VALUES ($1::uuid, 'user_456')", [
      userId,
    ]);
    const file = join(folder, 'payload.json');
    writeFileSync(file, `\ufeff${DATA}\n`);
    const before = scene.subscriber.requests.length;
    const { output, error } = await run({ user: userId, data: `@${file}` });
    expect(error).toBeUndefined();
    expect(output.out()).toMatch(
      /^video\.generated {2}[-0-9a-f]{36} {2}1 delivery\nDELIVERY +URL\n[-0-9a-f]{36} +http:/,
    );
    const external = await run({ user: 'user_456', data: DATA }, { json: true });
    expect(external.output.json()).toEqual([
      {
        event_id: expect.any(String),
        duplicate: false,
        deliveries: [{ id: expect.any(String), webhook_id: webhookId, url: expect.stringContaining('of=one') }],
      },
    ]);
    const requests = await scene.subscriber.waitFor(before + 2);
    for (const { body } of requests.slice(before)) {
      expect(body.toString()).toBe('{"big":12345678901234567890.10,"one":1,"text":"ü"}');
    }
  });

  it('triggers once under an idempotency key, and says when nobody subscribes', async () => {
    const { userId } = await createWebhook(scene.db, scene.subscriber.url);
    const options = { user: userId, data: '{}' };
    const first = await run(options, { idempotencyKey: 'once #1', json: true });
    const again = await run(options, { idempotencyKey: 'once #1' });
    expect(again.output.out()).toContain(String(first.output.json()[0]?.['event_id']));
    expect(again.output.notes()).toContain('triggered before under this idempotency key');
    const other = await run({ ...options, data: '{"other":1}' }, { idempotencyKey: 'once #1' });
    expect(other.error).toMatchObject({ status: 409, code: 'idempotency_conflict' });

    const nobody = await run({ user: await createUser(scene.db), data: '{}' });
    expect(nobody.output.out()).toMatch(/ {2}0 deliveries\n$/);
    expect(nobody.output.notes()).toContain('No active webhook');
  });

  it('--wait follows until all deliveries have ended, with what became of each', async () => {
    const { userId } = await createWebhook(scene.db, 'http://user:pass-word@127.0.0.1:9/hook', { max_retries: 0 });
    // Its own: what was triggered before and not waited for may still come to the other.
    const receiver = await startReceiver([{ status: 500 }, {}]);
    const good = await createWebhook(scene.db, receiver.url, {}, userId);
    const { output, error } = await run({ user: userId, data: '{}' }, { waitMs: 60_000 });
    expect(error).toMatchObject({ code: 'delivery_failed', message: '1 of 2 deliveries failed.' });
    expect(output.out()).toMatch(/ {2}failed +1 +(connection_refused|port_forbidden) +http:\/\/127\.0\.0\.1:9\/hook\n/);
    expect(output.out()).toMatch(/ {2}success +2 +200 +http/);
    expect(output.out() + output.notes()).not.toContain('pass-word');
    const id = /([-0-9a-f]{36}) +failed/.exec(output.out())?.[1];
    expect(error).toMatchObject({ hint: expect.stringContaining(`hookline deliveries show ${id} tells`) });
    expect(output.notes()).not.toContain(good.secret);

    await scene.db.query('UPDATE webhooks SET is_active = false WHERE id <> $1::uuid', [good.id]);
    const well = await run({ broadcast: true, data: '{}' }, { waitMs: 60_000, json: true });
    expect(well.error).toBeUndefined();
    expect(well.output.json()).toMatchObject([
      { deliveries: [{ webhook_id: good.id, status: 'success', response_status: 200 }] },
    ]);
    // The only one who would get it has as much as they may have.
    await scene.db.query('INSERT INTO hookline.user_limits (user_id, max_pending) VALUES ($1::uuid, 1)', [userId]);
    const waiting =
      'INSERT INTO hookline.queue (delivery_id, webhook_id, user_id, is_retry, bytes, due_at, is_waiting)';
    await scene.db.query(`${waiting} VALUES ($1::uuid, $1::uuid, $2::uuid, true, 2, now() + interval '1 day', true)`, [
      ...[randomUUID(), userId],
    ]);
    const full = await run({ broadcast: true, data: '{}' });
    expect(full.output.notes()).toMatch(/^1 user was passed over: /);
    await scene.db.query('DELETE FROM hookline.user_limits', []);
    await scene.db.query('UPDATE webhooks SET is_active = true', []);
    await receiver.close();
  });

  it('--wait sees deliveries that ended before, and gives up in time', async () => {
    const { userId } = await createWebhook(scene.db, scene.subscriber.url);
    const options = { user: userId, data: '{}' };
    const first = await run(options, { idempotencyKey: 'waited', waitMs: 60_000 });
    const again = await run(options, { idempotencyKey: 'waited', waitMs: 60_000 });
    expect([first.error, again.error]).toEqual([undefined, undefined]);
    expect(again.output.out()).toMatch(/ {2}success +1 +200 +http/);

    const slow = await startReceiver(['hang']);
    const waiting = await createWebhook(scene.db, slow.url);
    await olderTransactionsEnded(scene.db, waiting.userId);
    const late = await run({ user: waiting.userId, data: '{}' }, { waitMs: 5_000 });
    expect(late.error).toMatchObject({ code: 'wait_timeout', message: 'After 5 s 1 delivery has not ended.' });
    expect(late.output.out()).toMatch(/ {2}pending +0 +- +http/);
    const stopping = new AbortController();
    const client = await scene.client();
    const POST = new Proxy(client.POST, {
      apply(post, self, given) {
        const answered = Reflect.apply(post, self, given);
        // Stopped when it is triggered, however long that takes.
        void answered.then(() => setTimeout(() => stopping.abort('SIGINT'), 100));
        return answered;
      },
    });
    const more = { client: { ...client, POST }, waitMs: 60_000 };
    const stopped = await run({ user: waiting.userId, data: '{}' }, more, stopping.signal);
    expect(stopped.error).toBe('SIGINT');
    expect(stopped.output.out()).toMatch(/ {2}pending +0 +- +http/);
    await slow.close();
  });

  it('--wait does not say that nothing was triggered when the server did not answer', async () => {
    const { userId } = await createWebhook(scene.db, scene.subscriber.url);
    const client = createClient({ url: scene.url, token: SERVICE_KEY, timeoutMs: 5_000, retries: 0 });
    // The stream opens only when no older transaction is open, or after a second; the answer cannot come before the time is up.
    const held = scene.db.transaction(async (tx) => {
      await tx.query("SELECT FROM hookline.trigger_event('video.generated', '{}', $1::uuid, 'held')", [userId]);
      const { error } = await run({ user: userId, data: '{}' }, { client, idempotencyKey: 'held', waitMs: 5_000 });
      throw error;
    });
    await expect(held).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('--wait looks nothing up any more once it is stopped', async () => {
    const { userId } = await createWebhook(scene.db, scene.subscriber.url);
    const options = { user: userId, data: '{}' };
    await run(options, { idempotencyKey: 'ended', waitMs: 60_000 });
    const stopping = new AbortController();
    const client = await scene.client();
    const stoppedFirst = new Proxy(client.each, {
      apply(each, self, given) {
        stopping.abort('SIGINT');
        return Reflect.apply(each, self, given);
      },
    });
    const more = { client: { ...client, each: stoppedFirst }, idempotencyKey: 'ended', waitMs: 60_000 };
    expect((await run(options, more, stopping.signal)).error).toBe('SIGINT');
  });

  it("is the service's alone, and takes no event that is refused", async () => {
    const userId = await createUser(scene.db);
    const client = await scene.client(userId);
    const users = await run({ broadcast: true, data: '{}' }, { client });
    expect(users.error).toMatchObject({ status: 403, code: 'forbidden' });
    const unknown = await run({ user: 'nobody-of-this-name', data: '{}' });
    expect(unknown.error).toMatchObject({ status: 422, code: 'unknown_user' });
  });

  it.each([
    ['[1]', 'invalid_json', 'no object'],
    ['null', 'invalid_json', 'no object'],
    ['{"a":1', 'invalid_json', 'not JSON'],
    ['{} , "broadcast": true', 'invalid_json', 'not JSON'],
    ['@/nowhere/payload.json', 'file_unreadable', 'it is not there'],
    ['@/', 'file_unreadable', 'it is a folder'],
    ['\x1b[2J', 'invalid_json', 'not JSON'],
  ])('refuses data before anything is sent: %j', async (data, code, says) => {
    const error: unknown = await eventRequest(TYPE, { broadcast: true, data }).catch((thrown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(says) });
    expect(String(error)).not.toMatch(/[^\P{C}\n]/u);
  });
});
