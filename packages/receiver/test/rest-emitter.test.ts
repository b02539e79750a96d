import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReceiverServer, startReceiver } from '../../../test/harness/receiver-server.js';
import { restEmitter } from '../src/emitters/rest.js';

describe('restEmitter', () => {
  const event = {
    type: 'video.generated',
    userId: randomUUID(),
    payload: '{"id":"1","n":1.10}',
    idempotencyKey: 'ai_content_1',
  };
  let server: ReceiverServer;
  beforeAll(async () => {
    server = await startReceiver();
  });
  afterAll(() => server.close());
  const emit = () =>
    restEmitter({ url: new URL('/base/', server.url).href, serviceKey: 'key' }).emit(event, AbortSignal.timeout(5_000));

  it('sends the key, the idempotency key and the payload as it is', async () => {
    server.answerWith([{ status: 202, body: '{"event_id":"e1"}' }]);
    expect(await emit()).toEqual({ state: 'done', eventId: 'e1' });
    const request = server.requests.at(-1);
    expect(request).toMatchObject({
      method: 'POST',
      url: '/base/v1/events',
      headers: { authorization: 'Bearer key', 'idempotency-key': 'ai_content_1', 'content-type': 'application/json' },
    });
    expect(request?.body.toString()).toBe(
      `{"type":"video.generated","user_id":"${event.userId}","payload":{"id":"1","n":1.10}}`,
    );
  });

  it.each([
    [
      { status: 200, body: '{"event_id":"e1","duplicate":true}' },
      { state: 'done', eventId: 'e1' },
    ],
    [
      { status: 200, body: '<html>' },
      { state: 'retry', error: 'not_a_hookline_answer' },
    ],
    [
      { status: 422, body: '{"code":"unknown_user"}' },
      { state: 'skipped', error: 'unknown_user' },
    ],
    [
      { status: 422, body: '{"code":"invalid_payload","detail":"why"}' },
      { state: 'failed', error: 'invalid_payload: why' },
    ],
    [
      { status: 409, body: '{"code":"idempotency_conflict"}' },
      { state: 'failed', error: 'idempotency_conflict' },
    ],
    [
      { status: 401, body: '{"code":"unauthorized"}' },
      { state: 'retry', error: 'unauthorized' },
    ],
    [
      { status: 404, body: 'not here' },
      { state: 'retry', error: 'http_404' },
    ],
    [
      { status: 429, headers: { 'retry-after': '7' }, body: '{}' },
      { state: 'retry', error: 'http_429', delayMs: 7_000 },
    ],
    [
      { status: 503, body: '{"code":"database_unavailable"}' },
      { state: 'retry', error: 'database_unavailable' },
    ],
    [
      { status: 307, headers: { location: 'http://127.0.0.1:1/' } },
      { state: 'retry', error: 'http_307' },
    ],
    [
      { status: 500, body: 'x'.repeat(100_000) },
      { state: 'retry', error: 'http_500' },
    ],
  ])('of %j makes %j', async (answer, outcome) => {
    server.answerWith([answer]);
    expect(await emit()).toMatchObject(outcome);
  });

  it('refuses wrong settings at once', () => {
    for (const url of ['', 'hookline.example', 'ftp://a.example', 'javascript:1']) {
      expect(() => restEmitter({ url, serviceKey: 'key' })).toThrow(TypeError);
    }
    expect(() => restEmitter({ url: 'https://a.example', serviceKey: '' })).toThrow(TypeError);
  });
});
