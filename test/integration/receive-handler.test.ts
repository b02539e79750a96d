import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createWebhookHandler,
  drain,
  parseEvent,
  postgresStore,
  type Store,
  UnstorableError,
  type WebhookHandlerOptions,
} from '@hookline/receiver';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { describeOnPostgres } from '../harness/databases.js';
import { type ReceiverServer, startReceiver } from '../harness/receiver-server.js';
import { isInTime } from './in-time.js';

const SECRET = 'mr-secret';
type Line = { level: string; message: string; fields: Record<string, unknown> };

describeOnPostgres('what an application gives the handler', (ctx) => {
  let gateway: ReceiverServer;
  let store: Store;
  let lines: Line[];
  beforeAll(async () => {
    store = postgresStore({ query: (text, params) => ctx.db().query(text, params) });
    await ctx.db().query(`ALTER TABLE ai_content ADD COLUMN embedding_id varchar(100), ADD COLUMN quality_score float8,
      ADD COLUMN checked boolean, ADD COLUMN tags jsonb, ADD COLUMN made_at timestamptz, ADD COLUMN tokens bigint`);
  });
  beforeEach(async () => {
    lines = [];
    gateway = await startReceiver();
    await ctx.db().query('DELETE FROM ai_content');
  });
  afterEach(() => gateway.close());

  const base = () => ({
    store,
    secret: SECRET,
    apiKey: 'mr-key',
    callbackOrigins: [new URL(gateway.url).origin],
    log: (level: string, message: string, fields: Record<string, unknown>) =>
      void lines.push({ level, message, fields }),
  });
  const event = (changes: Record<string, unknown> = {}) => ({
    type: 'task.ai_generated',
    event: 'video.generated',
    channel_id: randomUUID(),
    ai_response: { data: { title: 'T', score: 0.75 } },
    callback_url: gateway.url,
    ...changes,
  });
  const request = (body: string | ReadableStream, signature?: string): Request =>
    new Request('http://localhost/', {
      method: 'POST',
      body,
      headers: {
        'mr-signature': signature ?? createHmac('sha256', SECRET).update(String(body)).digest('hex'),
      },
      ...(typeof body !== 'string' && { duplex: 'half' as const }),
    });
  const receive = (options: Partial<WebhookHandlerOptions>, given: object = event()): Promise<Response> =>
    createWebhookHandler({ ...base(), ...options })(request(JSON.stringify(given)));
  const rows = async (columns = '*') =>
    (await ctx.db().query(`SELECT ${columns} FROM ai_content ORDER BY ai_content.id`)).rows;
  const logged = (message: string) => lines.filter((line) => line.message === message);

  it('mapRecord changes the row and adds columns', async () => {
    const made = new Date('2026-01-05T12:34:56.789Z');
    const { status } = await receive({
      mapRecord: (record, { ai_response }) => ({
        ...record,
        title: `${record.title} – ${'x'.repeat(600)}`,
        metadata: { ...JSON.parse(record.metadata), mapped: true },
        columns: {
          embedding_id: 'e-1',
          quality_score: (ai_response?.data as { score: number } | undefined)?.score ?? null,
          checked: false,
          tags: ['a', { b: 1 }],
          made_at: made,
          tokens: 2n ** 53n + 1n,
        },
      }),
    });
    expect(status).toBe(200);
    const [row] =
      await rows(`char_length(title) AS length, metadata::text AS metadata, embedding_id, quality_score, checked,
      tags::text AS tags, to_char(made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') AS made_at, tokens::text AS tokens`);
    expect(row).toMatchObject({
      length: 500,
      embedding_id: 'e-1',
      quality_score: 0.75,
      checked: false,
      made_at: '2026-01-05 12:34:56.789',
      tokens: '9007199254740993',
    });
    expect(JSON.parse(String(row?.['tags']))).toEqual(['a', { b: 1 }]);
    expect(JSON.parse(String(row?.['metadata']))).toEqual({ mapped: true, truncated: { title: 604 } });
  });

  it('a mapRecord that fails is 500, so that the webhook comes again, and a column that is not there is 503', async () => {
    const failing = await receive({
      mapRecord: () => {
        throw new Error('SELECT secret');
      },
    });
    expect(failing.status).toBe(500);
    expect(failing.headers.get('retry-after')).toBe('5');
    expect(await failing.json()).toMatchObject({ code: 'mapping_failed' });
    const absent = await receive({ mapRecord: (record) => ({ ...record, columns: { no_such_column: 1 } }) });
    expect([absent.status, await absent.json()]).toMatchObject([503, { code: 'database_unavailable' }]);
    expect(await rows()).toEqual([]);
    expect(gateway.requests).toHaveLength(0);
    expect(JSON.stringify(lines)).not.toContain('secret');
    expect(logged('webhook.not_stored')[0]?.fields).toMatchObject({ error_code: '42703' });
  });

  it('a mapRecord that says never is told to the gateway, and acknowledged', async () => {
    const answer = await receive({ mapRecord: () => Promise.reject(new UnstorableError('No embedding.')) });
    expect(answer.status).toBe(200);
    const [call] = await gateway.waitFor(1);
    expect(JSON.parse(call?.body.toString() ?? '')).toEqual({ error: 'processing_failed', message: 'No embedding.' });
    expect(await rows()).toEqual([]);
  });

  it('onStored runs once for a new row, after the write, and its failure changes nothing', async () => {
    const seen: unknown[] = [];
    const onStored: WebhookHandlerOptions['onStored'] = async (stored) => {
      seen.push({ ...stored, rows: (await rows()).length });
      throw new Error('mine');
    };
    const given = event();
    expect((await receive({ onStored }, given)).status).toBe(200);
    expect((await receive({ onStored }, given)).status).toBe(200);
    expect(seen).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        savedAt: expect.stringMatching(/Z$/),
        record: expect.objectContaining({ title: 'T', channelId: given.channel_id, eventName: 'video.generated' }),
        event: given,
        rows: 1,
      },
    ]);
    expect(logged('on_stored.failed')).toHaveLength(1);
    expect(await rows('callback_state')).toEqual([{ callback_state: 'done' }]);
  });

  it('onTaskCompleted takes the standard shape before the answer, with a key that a repeat has too', async () => {
    const seen: { key: string; text: string; workflow: unknown }[] = [];
    const given = { type: 'task.completed', workflow: 'summary', channel_id: 'c1', data: { text: 'x' } };
    const onTaskCompleted: WebhookHandlerOptions['onTaskCompleted'] = async (completed, { idempotencyKey, text }) => {
      await sleep(20);
      seen.push({ key: idempotencyKey, text, workflow: completed.workflow });
    };
    for (let time = 0; time < 2; time++) expect((await receive({ onTaskCompleted }, given)).status).toBe(200);
    expect(seen).toEqual(Array(2).fill({ key: seen[0]?.key, text: JSON.stringify(given), workflow: 'summary' }));
    expect(seen[0]?.key).toMatch(/^[0-9a-f]{64}$/);
    expect((await receive({ onTaskCompleted }, { ...given, type: 'other' })).status).toBe(200);
    expect((await receive({}, given)).status).toBe(200);
    expect(seen).toHaveLength(2);
    const refusals = [
      () => Promise.reject(new Error('full')),
      () => void parseEvent(new TextEncoder().encode('no JSON')),
    ];
    for (const refuse of refusals) {
      const failing = await receive({ onTaskCompleted: refuse }, given);
      expect([failing.status, failing.headers.get('retry-after')]).toEqual([503, '5']);
      expect(await failing.json()).toMatchObject({ code: 'task_not_taken' });
    }
    expect(logged('task_completed.not_taken')).toHaveLength(refusals.length);
    const unstorable = () => Promise.reject(new UnstorableError('a NUL'));
    expect((await receive({ onTaskCompleted: unstorable }, given)).status).toBe(200);
    expect(logged('webhook.unreadable')).toMatchObject([{ fields: { reason: 'a NUL' } }]);
    expect(logged('task_completed.not_taken')).toHaveLength(refusals.length);
    expect(logged('webhook.not_stored')).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it('answers within ten seconds when everything hangs', async () => {
    const forever = new Promise<never>(() => undefined);
    const hanging: Store = { ...store, insert: () => forever };
    const body = JSON.stringify(event());
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    let pulled = false;
    const stuck = new ReadableStream({
      pull(controller) {
        if (pulled) return forever;
        pulled = true;
        controller.enqueue(new TextEncoder().encode(body.slice(0, 10)));
        return undefined;
      },
    });
    gateway.answerWith(['hang']);
    const answers = Promise.all([
      createWebhookHandler(base())(request(stuck, signature)),
      receive({ store: hanging, storeTimeoutMs: 60_000 }),
      receive({ mapRecord: () => forever }),
      receive({ onTaskCompleted: () => forever }, { type: 'task.completed' }),
      receive({ callbackTimeoutMs: 60_000 }),
    ]);
    expect(await isInTime(answers, 10_000)).toBe(true);
    const [late, slow, mapping, completing, calling] = await answers;
    expect([late.status, await late.json()]).toMatchObject([503, { code: 'body_too_late' }]);
    expect([slow.status, mapping.status, completing.status]).toEqual([503, 503, 503]);
    // The row is stored, and the callback that hangs is the drain's now.
    expect(calling.status).toBe(200);
    expect(await rows('callback_state')).toEqual([{ callback_state: 'pending' }]);
  });

  it('with waitUntil the answer waits for nothing that follows the insert', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const work: Promise<unknown>[] = [];
    const handler = createWebhookHandler({ ...base(), fetch: (url, init) => released.then(() => fetch(url, init)) });
    const answer = await handler(request(JSON.stringify(event())), { waitUntil: (promise) => void work.push(promise) });
    expect(answer.status).toBe(200);
    expect(await rows('callback_state')).toEqual([{ callback_state: 'pending' }]);
    release();
    await Promise.all(work);
    expect(await rows('callback_state')).toEqual([{ callback_state: 'done' }]);
  });

  it('keepPayload: false takes the webhook off the row once nothing is left to do', async () => {
    const brief = postgresStore({ query: (text, params) => ctx.db().query(text, params), keepPayload: false });
    gateway.answerWith([{ status: 503 }, {}]);
    await receive({ store: brief });
    expect((await rows('payload IS NULL AS gone, callback_state'))[0]).toEqual({
      gone: false,
      callback_state: 'pending',
    });
    await ctx.db().query("UPDATE ai_content SET callback_next_at = now() - interval '1 s'");
    await drain(brief, base());
    expect((await rows('payload IS NULL AS gone, callback_state'))[0]).toEqual({ gone: true, callback_state: 'done' });
    await receive({});
    expect((await rows('payload IS NULL AS gone'))[1]).toEqual({ gone: false });
  });

  it('keeps to any Retry-After of the gateway that can be kept to', async () => {
    for (const [given, least, most] of [
      ['30', 25, 31],
      ['99999999999999999999999', 0, 0],
      ['999999999999999', 0, 0],
      [new Date(Date.now() + 61_000).toUTCString(), 50, 62],
    ] as const) {
      await ctx.db().query('DELETE FROM ai_content');
      gateway.answerWith([{ status: 503, headers: { 'retry-after': given } }]);
      await receive({});
      const [row] = await rows(`callback_state, callback_error, callback_lease,
        extract(epoch FROM callback_next_at - now())::float8 AS wait`);
      expect(row, given).toMatchObject({
        callback_state: most === 0 ? 'expired' : 'pending',
        callback_error: 'http_503',
        callback_lease: null,
      });
      if (most === 0) continue;
      expect(row?.['wait'], given).toBeGreaterThan(least);
      expect(row?.['wait'], given).toBeLessThan(most);
    }
  });

  it('a number that only text can hold keeps nobody from their callbacks', async () => {
    gateway.answerWith([{ status: 503 }, { status: 503 }, {}]);
    const numbers = `[${Array(300).fill('1e131000').join(',')}]`;
    const body = JSON.stringify(event({ ai_response: { data: { numbers: 'N' } } })).replace('"N"', numbers);
    await createWebhookHandler(base())(request(body));
    await receive({});
    await ctx.db().query("UPDATE ai_content SET callback_next_at = now() - interval '1 s'");
    expect((await drain(store, base())).callbacks).toMatchObject({ done: 2 });
    expect(gateway.requests.some(({ body: sent }) => sent.toString().includes(`"numbers":${numbers}`))).toBe(true);
  });

  it('says send again when the gateway cannot be told that processing failed', async () => {
    gateway.answerWith([{ status: 503 }]);
    const given = event({ ai_response: { data: { title: 'a\0' } } });
    // Of the five seconds for the three tries none is lost while this process stands still.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    const answer = await receive({}, given).finally(() => vi.useRealTimers());
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'callback_unavailable' }]);
    expect(gateway.requests).toHaveLength(3);
    gateway.answerWith([{}]);
    expect((await receive({}, given)).status).toBe(200);
    expect(gateway.requests).toHaveLength(4);
  });

  it('takes the answers of drivers that give rows alone, and gives up on those that hang', async () => {
    const bare = postgresStore({ query: async (text, params) => (await ctx.db().query(text, params)).rows });
    expect((await receive({ store: bare })).status).toBe(200);
    expect(await rows('callback_state')).toEqual([{ callback_state: 'done' }]);
    const hanging = postgresStore({ query: () => new Promise(() => undefined), timeoutMs: 50 });
    await expect(drain(hanging, base())).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('a drain without the API key sends no callback and gives up what is over', async () => {
    gateway.answerWith([{ status: 503 }]);
    await receive({});
    await ctx.db().query("UPDATE ai_content SET callback_next_at = now() - interval '1 s'");
    expect((await drain(store, {})).callbacks).toMatchObject({ done: 0, pending: 0, expired: 0 });
    await ctx.db().query("UPDATE ai_content SET callback_expires_at = now() - interval '1 s'");
    expect((await drain(store, {})).callbacks).toMatchObject({ expired: 1 });
    expect(gateway.requests).toHaveLength(1);
    for (const concurrency of [0, -1, 1.5, Number.NaN]) {
      await expect(drain(store, { ...base(), concurrency }), `${concurrency}`).rejects.toThrow(RangeError);
    }
  });

  it('refuses wrong options at once', () => {
    for (const options of [
      { secret: '' },
      { secret: [] },
      { secret: ['a', ''] },
      { apiKey: '' },
      { callbackOrigins: ['x'] },
    ]) {
      expect(() => createWebhookHandler({ ...base(), ...options }), JSON.stringify(options)).toThrow(TypeError);
    }
  });
});
