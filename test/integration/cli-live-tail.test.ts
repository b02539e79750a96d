import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient } from '@hookline/client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StreamQuery } from '../../src/cli/remote/live/filter.js';
import { runListen } from '../../src/cli/remote/live/listen/run.js';
import { runTail } from '../../src/cli/remote/live/tail.js';
import { createWebhook, trigger } from '../harness/delivering.js';
import { waitUntil } from '../harness/wait-until.js';
import { openScene, type Scene, watchOpening, watchOutput } from './cli-live-helpers.js';
import { olderTransactionsEnded } from './live-helpers.js';

describe('hookline tail', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => scene.close());

  /** Tails in this process; the run ends by itself, or is stopped. */
  async function tailing(query: StreamQuery, { limit, userId }: { limit?: number; userId?: string } = {}) {
    const output = watchOutput();
    const stopping = new AbortController();
    const ended = runTail({ client: await scene.client(userId), query, limit, json: false }, stopping.signal);
    await waitUntil(() => output.notes().includes('Waiting for deliveries'), { message: 'the stream to open' });
    return { output, ended, stop: () => stopping.abort() };
  }

  it('shows what becomes of deliveries, a line each, until so many lines', async () => {
    scene.subscriber.answerWith([{ status: 500 }, {}]);
    const { userId } = await createWebhook(scene.db, scene.subscriber.url);
    const { output, ended } = await tailing({}, { limit: 3, userId });
    const [id] = await trigger(scene.db, userId);
    await ended;
    const lines = output.out().trimEnd().split('\n');
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^\\d\\d:\\d\\d:\\d\\d {2}created +- {2} {10}${id} {2}video.generated$`)),
      expect.stringMatching(
        new RegExp(`retrying +500 +\\d+ ms {2}${id} {2}video.generated {2}attempt 1 of \\d+ {2}http_server_error$`),
      ),
      expect.stringMatching(new RegExp(`succeeded +200 +\\d+ ms {2}${id} {2}video.generated {2}attempt 2 of \\d+$`)),
    ]);
  });

  it('shows a user, a webhook, a type or a status alone; with --json the change itself', async () => {
    const one = await createWebhook(scene.db, scene.subscriber.url);
    const other = await createWebhook(scene.db, scene.subscriber.url);
    await olderTransactionsEnded(scene.db, one.userId);
    const query: StreamQuery = {
      user_id: one.userId,
      webhook_id: one.id,
      event_type: 'video.generated',
      status: 'success',
    };
    const output = watchOutput();
    const stopping = new AbortController();
    const { client, open } = watchOpening(await scene.client());
    const ended = runTail({ client, query, limit: 1, json: true }, stopping.signal);
    await open();
    await trigger(scene.db, other.userId);
    const [id] = await trigger(scene.db, one.userId);
    await ended;
    expect(output.json()).toEqual([
      expect.objectContaining({ kind: 'succeeded', delivery: expect.objectContaining({ id }) }),
    ]);
    expect(output.notes()).toBe('');
  });

  it('ends when it is stopped, and throws what the server refuses', async () => {
    const { ended, stop } = await tailing({});
    stop();
    await expect(ended).resolves.toBeUndefined();
    const client = createClient({ url: scene.url, token: 'nobody-knows-this-token', backoffMs: 1 });
    const refused = runTail({ client, query: {}, json: false }, new AbortController().signal);
    await expect(refused).rejects.toMatchObject({ status: 401 });
    const output = watchOutput();
    const nowhere = createClient({ url: 'http://127.0.0.1:9', token: 'some-token-of-tests', retries: 1, backoffMs: 1 });
    await expect(runTail({ client: nowhere, query: {}, json: false }, new AbortController().signal)).rejects.toThrow();
    expect(output.notes()).toBe('');
  });
});

/** What would clear the screen, set a title, turn the direction of text, or go into a path. */
const EVIL = '\x1b[2J\x1b]0;owned\x07\u202e\x9b31m\u2028\nforged line';

describe('a server that is hostile', () => {
  let server: Server;
  let url: string;
  const paths: string[] = [];
  const delivery = (changes: object) => ({
    id: '0b0f5f0e-3f0a-4e0c-9b5d-2f6f0c7a9e11',
    webhook_id: '0b0f5f0e-3f0a-4e0c-9b5d-2f6f0c7a9e12',
    event_type: EVIL,
    status: EVIL,
    attempt_number: EVIL,
    max_attempts: EVIL,
    response_status: EVIL,
    response_time_ms: EVIL,
    error_code: EVIL,
    attempted_at: '2026-01-01T00:00:00.000000Z',
    next_retry_at: null,
    ...changes,
  });
  const CHANGES = [
    delivery({ id: '../../v1/webhooks', attempt_number: 1 }),
    delivery({ webhook_id: `${EVIL}` }),
    delivery({ attempt_number: 1, response_status: 200 }),
    delivery({}),
  ];
  beforeAll(async () => {
    server = createServer((request, response) => {
      paths.push(String(request.url));
      const json = (value: unknown) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      if (request.url?.endsWith('/attempts')) {
        const request_headers = {
          'webhook-id': 'x',
          'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
          'webhook-signature': `v1,a\r\nx-injected: yes`,
          'content-length': '1',
          host: 'elsewhere.example',
          authorization: '***',
          'x-webhook-event': 'plain',
        };
        return json({ data: [{ attempt_number: 1, is_late: false, request_headers }], next_cursor: null });
      }
      if (request.url?.endsWith('/body')) return json({ text: EVIL });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('id: 1\nevent: open\ndata: {}\n\n');
      const changed_at = '2026-01-01T00:00:01.000000Z';
      CHANGES.forEach((changed, at) => {
        response.write(`id: ${at + 2}\nevent: failed\ndata: ${JSON.stringify({ changed_at, delivery: changed })}\n\n`);
      });
      return response;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([false, true])('has nothing of it reach the terminal of tail as it is; --json: %s', async (json) => {
    const output = watchOutput();
    const client = createClient({ url, token: 'some-token-of-tests' });
    await runTail({ client, query: {}, limit: 2, json }, new AbortController().signal);
    expect(output.out().split('\n')).toHaveLength(3);
    expect(output.out() + output.notes()).not.toMatch(/[^\P{C}\n]/u);
    expect(output.out()).not.toContain('../..');
    if (json) expect(output.json()[0]).toMatchObject({ delivery: { event_type: EVIL } });
    else expect(output.out()).toContain('forged line');
  });

  it('leads listen to no other path, and puts nothing into the request that is no header of a delivery', async () => {
    const output = watchOutput();
    const seen: Array<Record<string, unknown>> = [];
    const local = createServer((request, response) => {
      seen.push(request.headers);
      response.writeHead(500).end(EVIL);
    });
    await new Promise<void>((resolve) => local.listen(0, '127.0.0.1', resolve));
    const forward = `http://127.0.0.1:${(local.address() as AddressInfo).port}/`;
    const stopping = new AbortController();
    const ended = runListen(
      {
        ...{ client: createClient({ url, token: 'some-token-of-tests' }), query: {}, forward, allowRemote: false },
        ...{ timeoutMs: 5_000, concurrency: 1, everyAttempt: false, headers: {}, json: false },
      },
      stopping.signal,
    );
    await waitUntil(() => output.out().includes('\n'), { message: 'a line' });
    stopping.abort();
    await ended;
    expect(seen[0]).toMatchObject({ 'x-webhook-event': 'plain', 'webhook-id': 'x' });
    expect(Object.keys(seen[0] ?? {})).not.toEqual(expect.arrayContaining(['x-injected']));
    expect(seen[0]).not.toHaveProperty('authorization');
    expect(seen[0]).not.toHaveProperty('webhook-signature');
    expect(seen[0]?.['host']).toBe(new URL(forward).host);
    expect(output.out() + output.notes()).not.toMatch(/[^\P{C}\n]|\u2028/u);
    expect(output.out().split('\n')).toHaveLength(2);
    expect(paths.filter((path) => !/^\/v1\/deliveries\/(stream|[-0-9a-f]{36}\/(attempts|body))$/.test(path))).toEqual(
      [],
    );
    await new Promise((resolve) => local.close(resolve));
  });
});
