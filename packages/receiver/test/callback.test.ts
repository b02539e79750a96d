import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReceiverServer, startReceiver } from '../../../test/harness/receiver-server.js';
import { isAllowed, postCallback, recordBody } from '../src/callback.js';
import { followUpSettings } from '../src/options.js';

describe('recordBody', () => {
  const callback = {
    id: '9007199254740993',
    savedAt: '2026-01-05T12:34:56.789Z',
    callbackUrl: '',
    attempts: 1,
    leaseToken: '',
  };

  it('is the enriched record (rule 4), its own id and saved_at overridden, numbers exact', () => {
    const payload =
      '{"ai_response":{"data":{"id":"theirs","saved_at":1,"year":2010,"big":12345678901234567890,"cast":["a", "b"]}}}';
    expect(recordBody({ name: 'postgres' }, { ...callback, payload })).toBe(
      '{"data":{"id":"9007199254740993","saved_at":"2026-01-05T12:34:56.789Z","year":2010,"big":12345678901234567890,"cast":["a", "b"]},' +
        '"task_id":"postgres_9007199254740993",' +
        '"metadata":{"database":"postgres","table":"ai_content","record_id":"9007199254740993"}}',
    );
  });

  it('holds id and saved_at alone when there is no data, and names the store', () => {
    expect(
      JSON.parse(recordBody({ name: 'planetscale' }, { ...callback, id: '7', payload: '{"ai_response":null}' })),
    ).toEqual({
      data: { id: '7', saved_at: callback.savedAt },
      task_id: 'planetscale_7',
      metadata: { database: 'planetscale', table: 'ai_content', record_id: '7' },
    });
  });
});

describe('isAllowed', () => {
  const { origins } = followUpSettings({ apiKey: 'key' });

  it.each([
    ['https://api.modelriver.com/v1/callback/c1', true],
    ['https://API.modelriver.com:443/x', true],
    ['http://api.modelriver.com/', false],
    ['https://api.modelriver.com:8443/', false],
    ['https://api.modelriver.com.evil.example/', false],
    ['https://api.modelriver.com@evil.example/', false],
    ['https://user:pass@api.modelriver.com/', false],
    ['https://evil.example/https://api.modelriver.com', false],
    ['//api.modelriver.com/', false],
    ['file:///etc/passwd', false],
    ['data:text/plain,x', false],
    ['not a url', false],
    ['', false],
  ])('by default %s → %s', (url, expected) => {
    expect(isAllowed(url, origins)).toBe(expected);
  });

  it('refuses malformed origins and an empty key when the settings are made', () => {
    for (const origin of ['api.modelriver.com', '*', '', 'ftp://a.example', 'null']) {
      expect(() => followUpSettings({ apiKey: 'key', callbackOrigins: [origin] })).toThrow(TypeError);
    }
    expect(() => followUpSettings({ apiKey: '' })).toThrow(TypeError);
  });
});

describe('postCallback', () => {
  let gateway: ReceiverServer;
  const settings = (timeoutMs = 5_000) =>
    followUpSettings({ apiKey: 'mr-key', callbackOrigins: [gateway.url], callbackTimeoutMs: timeoutMs });

  beforeEach(async () => {
    gateway = await startReceiver();
  });
  afterEach(() => gateway.close());

  it('posts the body with Authorization and Content-Type', async () => {
    expect(await postCallback(gateway.url, '{"data":{}}', settings())).toEqual({ result: 'accepted', status: 200 });
    const [request] = gateway.requests;
    expect(request?.method).toBe('POST');
    expect(request?.headers).toMatchObject({ authorization: 'Bearer mr-key', 'content-type': 'application/json' });
    expect(request?.body.toString()).toBe('{"data":{}}');
  });

  it.each([
    [400, 'rejected', 'http_400'],
    [401, 'rejected', 'http_401'],
    [410, 'rejected', 'http_410'],
    [408, 'unavailable', 'http_408'],
    [429, 'unavailable', 'http_429'],
    [500, 'unavailable', 'http_500'],
    [503, 'unavailable', 'http_503'],
  ])('calls %i %s', async (status, result, error) => {
    gateway.answerWith([{ status }]);
    expect(await postCallback(gateway.url, '{}', settings())).toMatchObject({ result, status, error });
  });

  it('follows no redirect', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      gateway.answerWith([{ status, headers: { location: gateway.url } }]);
      expect(await postCallback(gateway.url, '{}', settings())).toMatchObject({
        result: 'rejected',
        error: 'redirect_refused',
      });
    }
    expect(gateway.requests).toHaveLength(5);
  });

  it('sends nothing to an origin that is not allowed', async () => {
    const elsewhere = followUpSettings({ apiKey: 'mr-key', callbackOrigins: ['https://api.modelriver.com'] });
    expect(await postCallback(gateway.url, '{}', elsewhere)).toEqual({ result: 'origin_refused' });
    expect(gateway.requests).toHaveLength(0);
  });

  it('passes on what Retry-After asks for, in seconds or as a date', async () => {
    gateway.answerWith([{ status: 503, headers: { 'retry-after': '7' } }]);
    expect(await postCallback(gateway.url, '{}', settings())).toMatchObject({ retryAfterMs: 7_000 });
    gateway.answerWith([{ status: 429, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } }]);
    const answer = await postCallback(gateway.url, '{}', settings());
    expect(answer.result === 'unavailable' && answer.retryAfterMs).toBeGreaterThan(50_000);
    gateway.answerWith([{ status: 503, headers: { 'retry-after': 'soon' } }]);
    expect(await postCallback(gateway.url, '{}', settings())).toMatchObject({ retryAfterMs: 0 });
  });

  it('ends by its time limit, before the answer and inside it, and says what went wrong without an address', async () => {
    gateway.answerWith(['hang']);
    expect(await postCallback(gateway.url, '{}', settings(200))).toMatchObject({
      result: 'unavailable',
      error: 'timeout',
    });
    gateway.answerWith([{ status: 200, body: 'x', neverEnd: true }]);
    expect(await postCallback(gateway.url, '{}', settings(2_000))).toMatchObject({ result: 'accepted' });
    gateway.answerWith(['destroy']);
    expect(await postCallback(gateway.url, '{}', settings())).toMatchObject({
      result: 'unavailable',
      error: expect.stringMatching(/^network_error \w+$/),
    });
    await gateway.close();
    expect(await postCallback(gateway.url, '{}', settings())).toMatchObject({ error: 'network_error ECONNREFUSED' });
  });

  it('cuts off an endless answer', async () => {
    gateway.answerWith([{ body: 'x'.repeat(10_000_000) }]);
    expect(await postCallback(gateway.url, '{}', settings())).toEqual({ result: 'accepted', status: 200 });
  });
});
