import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createWebhook, deliveryWith, trigger } from '../harness/delivering.js';
import { freePort } from '../harness/services/free-port.js';
import { waitUntil } from '../harness/wait-until.js';
import { linesOf, listening, openScene, type Scene, watchOutput } from './cli-live-helpers.js';
import { type Local, startLocal } from './cli-live-local.js';
import { olderTransactionsEnded } from './live-helpers.js';

/** A number that a double does not hold, and one that JavaScript writes otherwise. */
const PAYLOAD = '{"video_id":"v1","cost":12345678901234567890.123456789,"ratio":1.10,"text":"ü\\u2028"}';

describe('hookline listen', () => {
  let scene: Scene;
  const locals: Local[] = [];
  beforeAll(async () => {
    scene = await openScene();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    scene.subscriber.answerWith([{}]);
    for (const local of locals.splice(0)) await local.close();
  });
  afterAll(() => scene.close());

  /** A webhook of a new user, and a server on this machine that has its secret. */
  async function start(columns: Readonly<Record<string, string | number>> = {}) {
    const webhook = await createWebhook(scene.db, scene.subscriber.url, columns);
    await olderTransactionsEnded(scene.db, webhook.userId);
    const local = await startLocal(webhook.secret);
    locals.push(local);
    return { webhook, local, client: await scene.client(webhook.userId), output: watchOutput() };
  }

  it('forwards what the subscriber got: body and headers byte for byte, so that it is verified', async () => {
    const { webhook, local, client, output } = await start();
    const session = await listening(client, local.url);
    const [id] = await trigger(scene.db, webhook.userId, PAYLOAD);
    const [request] = await local.waitFor(1);
    expect(request?.refusal).toBeUndefined();
    const sent = scene.subscriber.requests.at(-1);
    expect(request?.body).toEqual(sent?.body);
    const { host: _, connection: __, ...headers } = request?.headers ?? {};
    expect(sent?.headers).toMatchObject(headers);
    expect(headers).toMatchObject({
      'webhook-id': id,
      'x-webhook-event': 'video.generated',
      'x-webhook-attempt': '1',
      'user-agent': 'Hookline',
    });
    await waitUntil(() => output.out().includes('\n'), { message: 'a line' });
    expect(output.out()).toMatch(
      new RegExp(`^\\d\\d:\\d\\d:\\d\\d {2}200 {2}[ \\d]+ ms {2}${id} {2}video.generated\\n$`),
    );
    expect(output.notes()).toBe(`Forwarding to ${local.url}. Ctrl-C ends it.\n`);
    expect(await session.stop()).toMatchObject({ forwarded: 1, succeeded: 1, refused: 0, unanswered: 0, cut_off: 0 });
  });

  it('forwards a delivery again when it was not accepted, and no more when it was', async () => {
    const { webhook, local, client, output } = await start({ max_retries: 2 });
    scene.subscriber.answerWith([{ status: 500 }, { status: 500 }, {}]);
    local.answerWith((_, index) => (index === 0 ? 503 : 200));
    const session = await listening(client, local.url);
    const [id = ''] = await trigger(scene.db, webhook.userId);
    await deliveryWith(scene.db, id, 'success', 30_000);
    // Another delivery comes after all that is told of the first.
    await trigger(scene.db, webhook.userId);
    await waitUntil(() => linesOf(output) === 3, { message: () => `three lines:\n${output.out()}` });
    const attempts = local.requests.filter(({ headers }) => headers['webhook-id'] === id);
    expect(attempts.map(({ headers }) => headers['x-webhook-attempt'])).toEqual(['1', '2']);
    expect(local.requests.every(({ refusal }) => refusal === undefined)).toBe(true);
    expect(output.out()).toMatch(/ 503 .* video\.generated {2}answer 503\n/);
    expect(output.out()).toMatch(/ 200 .* video\.generated {2}attempt 2\n/);
    expect(await session.stop()).toMatchObject({ forwarded: 3, succeeded: 2, refused: 1 });
  });

  it('forwards what no endpoint took: a name that leads nowhere, a connection that is refused', async () => {
    const { webhook, local, client } = await start({ max_retries: 0 });
    const session = await listening(client, local.url);
    const urls = ['http://nowhere.invalid/', `http://127.0.0.1:${await freePort()}/`, 'http://127.0.0.1:9/'];
    for (const [at, url] of urls.entries()) {
      await scene.db.query('UPDATE webhooks SET url = $1 WHERE id = $2::uuid', [url, webhook.id]);
      await trigger(scene.db, webhook.userId, { at });
      const requests = await local.waitFor(at + 1);
      expect([requests[at]?.refusal, requests[at]?.body.toString()]).toEqual([undefined, `{"at":${at}}`]);
    }
    expect(await session.stop()).toMatchObject({ unanswered: 0, refused: 0 });
  });

  it('forwards every attempt where that is wanted', async () => {
    const { webhook, local, client } = await start({ max_retries: 2 });
    scene.subscriber.answerWith([{ status: 500 }, { status: 500 }, {}]);
    const session = await listening(client, local.url, { everyAttempt: true });
    const [id] = await trigger(scene.db, webhook.userId);
    const requests = await local.waitFor(3, 30_000);
    expect(requests.map(({ headers }) => headers['x-webhook-attempt'])).toEqual(['1', '2', '3']);
    expect(requests.map(({ refusal }) => refusal)).toEqual([undefined, undefined, undefined]);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    await session.stop();
  });

  it('follows no redirect, says what went wrong with an answer, and adds headers', async () => {
    const { webhook, local, client, output } = await start({ max_retries: 0 });
    const statuses = [302, 500];
    local.answerWith(() => statuses.shift() ?? 200);
    const headers = { 'x-tenant': 'acme', 'USER-AGENT': 'mine' };
    const session = await listening(client, local.url, { json: true, timeoutMs: 5_000, headers });
    for (const count of [1, 2]) {
      await trigger(scene.db, webhook.userId);
      await local.waitFor(count);
    }
    expect(local.requests[0]?.headers).toMatchObject({ 'x-tenant': 'acme', 'user-agent': 'mine' });
    local.delayMs = 15_000;
    await trigger(scene.db, webhook.userId);
    const message = () => `three lines:\n${output.out()}`;
    await waitUntil(() => output.json().length === 3, { message, timeoutMs: 20_000 });
    await local.close();
    await trigger(scene.db, webhook.userId);
    await waitUntil(() => output.json().length === 4, { message: () => `four lines:\n${output.out()}` });
    expect(output.json()).toMatchObject([
      {
        change: 'forwarded',
        status: 302,
        error: null,
        event_type: 'video.generated',
        attempt: 1,
        is_signed_anew: false,
      },
      { status: 500, webhook_id: webhook.id },
      { status: null, error: 'timeout' },
      { status: null, error: 'connection_refused' },
    ]);
    expect(local.requests).toHaveLength(3);
    expect(await session.stop()).toMatchObject({ forwarded: 4, succeeded: 0, refused: 2, unanswered: 2 });
    expect(output.notes()).toBe('');
  });

  it('keeps the order one at a time, and the bound of more at a time', async () => {
    const { webhook, local, client } = await start();
    const one = await listening(client, local.url);
    const made: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const [id = ''] = await trigger(scene.db, webhook.userId, { n });
      await deliveryWith(scene.db, id, 'success');
      made.push(id);
    }
    const requests = await local.waitFor(made.length);
    expect(requests.map(({ headers }) => headers['webhook-id'])).toEqual(made);
    expect(local.mostOpen).toBe(1);
    await one.stop();
    // Each has to be open still when the third is.
    local.delayMs = 1_000;
    const many = await listening(client, local.url, { concurrency: 3, json: true });
    await trigger(scene.db, webhook.userId);
    await local.waitFor(made.length + 1);
    for (let n = 0; n < 5; n += 1) await trigger(scene.db, webhook.userId, { n });
    await local.waitFor(made.length + 6);
    expect(local.mostOpen).toBe(3);
    await many.stop();
  });
});
