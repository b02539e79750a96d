import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultOptions } from '../../src/dev/planetscale-api/faults.js';
import { startTestPlanetscaleApi, type TestPlanetscaleApi } from '../harness/planetscale-api.js';

describe('faults on demand of the stand-in of PlanetScale’s API', () => {
  let api: TestPlanetscaleApi;
  beforeAll(async () => {
    api = await startTestPlanetscaleApi();
  });
  afterEach(async () => {
    api.faults.clear();
    await api.call('DELETE', '/branches/dev');
  });
  afterAll(() => api.close());

  const create = () => api.call('POST', '/branches', { name: 'dev', parent_branch: 'main' });
  const exists = async (): Promise<boolean> => (await api.call('GET', '/branches/dev')).status === 200;
  const raw = async (signal?: AbortSignal) => {
    const { organization, database, tokenId, token } = api.settings;
    const response = await fetch(`${api.url}/v1/organizations/${organization}/databases/${database}/branches`, {
      method: 'POST',
      headers: { authorization: `${tokenId}:${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'dev', parent_branch: 'main' }),
      ...(signal && { signal }),
    });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  it.each<[string, FaultOptions, boolean]>([
    ['the answer lost after it was done', { kind: 'drop' }, true],
    ['the connection lost before', { kind: 'drop', when: 'before' }, false],
  ])('%s', async (_what, fault, done) => {
    const added = api.faults.add({ ...fault, match: '^POST .*/branches$' });
    await expect(raw()).rejects.toThrow('fetch failed');
    expect(added.state()).toMatchObject({ left: 0, happened: 1 });
    expect(await exists()).toBe(done);
  });

  it.each(['before', 'after'] as const)('no answer at all, %s it is done', async (when) => {
    api.faults.add({ kind: 'hang', when, match: '^POST' });
    await expect(raw(AbortSignal.timeout(1_500))).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect.poll(exists).toBe(when === 'after');
  });

  it.each(['before', 'after'] as const)('a page of HTML, %s it is done', async (when) => {
    api.faults.add({ kind: 'html', status: 503, when, match: '^POST' });
    expect(await raw()).toMatchObject({
      status: 503,
      type: expect.stringContaining('text/html'),
      text: expect.stringContaining('<h1>503 Service Unavailable</h1>'),
    });
    expect(await exists()).toBe(when === 'after');
  });

  it('too many requests, with and without Retry-After', async () => {
    api.faults.add({ kind: 'rate_limited', retryAfter: 7 });
    api.faults.add({ kind: 'rate_limited' });
    const first = await create();
    expect(first).toMatchObject({ status: 429, body: { code: 'rate_limited', message: expect.any(String) } });
    expect(first.headers.get('retry-after')).toBe('7');
    const second = await create();
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, null]);
    expect((await create()).status).toBe(201);
  });

  it('errors in the API’s form, and an answer that takes its time', async () => {
    api.faults.add({ kind: 'error' });
    api.faults.add({ kind: 'error', status: 409, code: 'conflict', message: 'gone', when: 'after', match: '^POST' });
    expect(await create()).toMatchObject({
      status: 500,
      body: { code: 'internal_server_error', message: 'Internal Server Error' },
    });
    expect(await create()).toMatchObject({ status: 409, body: { code: 'conflict', message: 'gone' } });
    expect(await exists()).toBe(true);
    for (const when of ['before', 'after'] as const) {
      api.faults.add({ kind: 'slow', ms: 300, when });
      const startedAt = performance.now();
      expect(await exists()).toBe(true);
      expect(performance.now() - startedAt).toBeGreaterThan(290);
    }
  });

  it('is for as many requests as it says, and for those that match alone', async () => {
    const added = api.faults.add({ kind: 'error', match: /^GET .*\/deploy-requests\b/, times: 2 });
    expect((await api.call('GET', '/branches')).status).toBe(200);
    expect((await api.call('GET', '/deploy-requests?page=1')).status).toBe(500);
    expect(added.state()).toMatchObject({ left: 1, happened: 1 });
    expect((await api.call('GET', '/deploy-requests/1')).status).toBe(500);
    expect((await api.call('GET', '/deploy-requests')).status).toBe(200);
  });

  it('can be ordered over HTTP, with the same token', async () => {
    const fault = { kind: 'rate_limited', match: '^GET', times: 1, retryAfter: 1 };
    expect(await api.call('POST', '/faults', fault)).toMatchObject({
      status: 201,
      body: { id: expect.any(Number), match: '^GET', kind: 'rate_limited', when: 'before', left: 1, happened: 0 },
    });
    expect((await api.call('GET', '/faults')).body).toMatchObject({ faults: [{ left: 1 }] });
    expect((await api.call('GET', '/branches')).status).toBe(429);
    expect((await api.call('DELETE', '/faults')).status).toBe(204);
    expect((await api.call('GET', '/faults')).body).toEqual({ faults: [] });
    expect((await fetch(`${api.url}/faults`)).status).toBe(401);
    for (const [body, message] of [
      [{}, /kind/],
      [{ kind: 'explode' }, /kind must be one of drop, hang/],
      [{ kind: 'slow' }, /ms is missing/],
      [{ kind: 'drop', match: '(' }, /not a regular expression/],
      [{ kind: 'drop', tims: 2 }, /does not take tims/],
    ] as const) {
      expect(await api.call('POST', '/faults', body)).toMatchObject({
        status: 422,
        body: { code: 'unprocessable', message: expect.stringMatching(message) },
      });
    }
  });
});
