import { createWebhookHandler } from '@hookline/receiver';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { ownStore } from '../../src/receive/own-store.js';
import { createUser, describeOnPostgres } from '../harness/databases.js';
import { isInTime } from './in-time.js';
import { API_KEY, callbacksOf, SECRET, sign, useReceiver } from './receive-helpers.js';

describeOnPostgres('rules 1 to 5 of the inbound specification', (ctx) => {
  const { gateway, send, event, settled, rows } = useReceiver(ctx);

  it('1: an unsigned, wrongly signed or altered webhook is 401 with exactly this body, and stores nothing', async () => {
    const body = JSON.stringify(event());
    for (const headers of [
      {},
      { 'mr-signature': '' },
      { 'mr-signature': sign(body, 'other') },
      { 'mr-signature': sign(`${body} `) },
      { 'mr-signature': sign(body).toUpperCase() },
    ]) {
      const answer = await send(body, headers);
      expect([answer.status, answer.text]).toEqual([401, '{"error":"Invalid signature"}']);
      expect(answer.headers.get('content-type')).toBe('application/json');
    }
    expect(await rows()).toEqual([]);
  });

  it('1: the signature is of the raw bytes, however they are spaced', async () => {
    const body = ` ${JSON.stringify(event({ ai_response: { data: { title: 'grün 😀' } } }), null, 3)}\n`;
    expect((await send(body)).text).toBe('{"received":true}');
    expect((await rows())[0]?.['title']).toBe('grün 😀');
  });

  it('2: another type, or no callback_url, is acknowledged and not stored', async () => {
    for (const changes of [
      { type: 'task.completed' },
      { type: 'anything' },
      { type: undefined },
      { callback_url: null },
      { callback_url: undefined },
      { callback_url: '' },
    ]) {
      const answer = await send(JSON.stringify(event(changes)));
      expect([answer.status, answer.text]).toEqual([200, '{"received":true}']);
    }
    expect(await rows()).toEqual([]);
  });

  it('3 and 4: the row and the callback, field by field', async () => {
    const userId = await createUser(ctx.db());
    const given = event({
      ai_response: { data: { title: 'Inception', description: 'A dream', year: 2010, big: 1, id: 'theirs' } },
      customer_data: { user_id: userId, category: 'film', nested: { a: [1, null] } },
      meta: { model: 'gpt-x', provider: 'openai', tokens: { total: 3 } },
    });
    const body = JSON.stringify(given).replace('"big":1', '"big":12345678901234567890');
    const answer = await send(body);
    expect([answer.status, answer.text]).toEqual([200, '{"received":true}']);
    await settled();

    const [row, ...more] = await rows();
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      title: 'Inception',
      body: 'A dream',
      category: 'film',
      channel_id: given['channel_id'],
      event_name: 'video.generated',
      user_id: userId,
      repeats: '0',
      differing_repeats: '0',
      callback_url: given['callback_url'],
      callback_state: 'done',
      callback_attempts: '1',
      callback_error: null,
      callback_lease: null,
      event_state: 'done',
      event_error: null,
    });
    expect(JSON.parse(row?.['metadata'] ?? '')).toEqual({
      user_id: userId,
      category: 'film',
      nested: { a: [1, null] },
      ai_model: 'gpt-x',
      ai_provider: 'openai',
    });
    expect(row?.['updated_at']).toBe(row?.['created_at']);

    const id = row?.['id'];
    const savedAt = new Date(row?.['created_at'] ?? '').toISOString();
    const request = gateway().requests.at(-1);
    expect(request?.headers).toMatchObject({ authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' });
    expect(request?.body.toString()).toContain('"big":12345678901234567890');
    expect(callbacksOf(gateway().requests, given)).toEqual([
      {
        data: {
          title: 'Inception',
          description: 'A dream',
          year: 2010,
          big: expect.any(Number),
          id,
          saved_at: savedAt,
        },
        task_id: `postgres_${id}`,
        metadata: { database: 'postgres', table: 'ai_content', record_id: id },
      },
    ]);
  });

  it('3: fallbacks for an event with nothing in it', async () => {
    await send(JSON.stringify(event({ ai_response: null, customer_data: null, event: null, channel_id: null })));
    const [row] = await rows();
    expect(row).toMatchObject({
      title: 'Untitled',
      body: '',
      category: 'general',
      metadata: '{}',
      channel_id: null,
      event_name: null,
    });
  });

  it('3: a title of 70,000 characters is cut, and metadata says so', async () => {
    await send(
      JSON.stringify(event({ ai_response: { data: { title: '😀'.repeat(70_000), body: 'b'.repeat(70_000) } } })),
    );
    const [row] = await rows();
    expect(row?.['title']).toBe('😀'.repeat(500));
    expect(row?.['body']).toHaveLength(70_000);
    expect(JSON.parse(row?.['metadata'] ?? '')).toEqual({ truncated: { title: 70_000 } });
  });

  it('3: a lone surrogate is mended', async () => {
    const body = JSON.stringify(event({ ai_response: { data: { title: 'X' } } })).replace('"X"', '"a\\ud800b"');
    expect((await send(body)).status).toBe(200);
    expect((await rows())[0]?.['title']).toBe('a\ufffdb');
  });

  it('5: what no store can hold is called back as processing_failed, and answered 200', async () => {
    const nul = event({ customer_data: { note: 'a\0b' } });
    const deep = event({ ai_response: { data: { deep: 'DEEP' } } });
    const deepBody = JSON.stringify(deep).replace('"DEEP"', '['.repeat(100_000) + ']'.repeat(100_000));
    const huge = event({ ai_response: { data: { n: 'HUGE' } } });
    const hugeBody = JSON.stringify(huge).replace('"HUGE"', '1e999999');
    for (const [given, body] of [
      [nul, JSON.stringify(nul)],
      [deep, deepBody],
      [huge, hugeBody],
    ] as const) {
      const answer = await send(body);
      expect([answer.status, answer.text]).toEqual([200, '{"received":true}']);
      await settled();
      expect(callbacksOf(gateway().requests, given)).toEqual([
        { error: 'processing_failed', message: expect.any(String) },
      ]);
      expect(gateway().requests.at(-1)?.headers).toMatchObject({
        authorization: `Bearer ${API_KEY}`,
        'content-type': 'application/json',
      });
    }
    expect(await rows()).toEqual([]);
  });

  it('without waitUntil the callback is awaited, for five seconds at most', async () => {
    const handler = createWebhookHandler({
      store: ownStore(ctx.db(), pino({ level: 'silent' })),
      secret: SECRET,
      apiKey: API_KEY,
      callbackOrigins: [new URL(gateway().url).origin],
    });
    const post = async (): Promise<number> => {
      const body = JSON.stringify(event());
      const begun = Date.now();
      const answer = await handler(
        new Request('http://localhost/', { method: 'POST', body, headers: { 'mr-signature': sign(body) } }),
      );
      expect(await answer.text()).toBe('{"received":true}');
      return Date.now() - begun;
    };
    gateway().answerWith([{ delayMs: 300 }]);
    expect(await post()).toBeGreaterThanOrEqual(295);
    expect(await rows()).toMatchObject([{ callback_state: 'done' }]);
    gateway().answerWith(['hang']);
    const called = gateway().requests.length + 1;
    const answered = post();
    await gateway().waitFor(called);
    expect(await isInTime(answered, 7_000)).toBe(true);
    expect(await answered).toBeGreaterThan(4_500);
    expect((await rows())[1]).toMatchObject({ callback_state: 'pending' });
  });
});
