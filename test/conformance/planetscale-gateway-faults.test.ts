import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, connect } from '@planetscale/database';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultOptions } from '../../src/dev/planetscale-gateway/faults.js';
import { ask, startTestGateway, type TestGateway } from '../harness/planetscale-gateway.js';
import { waitUntil } from '../harness/wait-until.js';

const INSERT = "INSERT INTO things (name) VALUES ('a')";

describe('faults on demand of the PlanetScale gateway', () => {
  let gateway: TestGateway;
  let client: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    client = gateway.client;
    await client.execute('CREATE TABLE things (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20))');
  });
  beforeEach(() => client.execute('DELETE FROM things').then(() => undefined));
  afterEach(() => gateway.faults.clear());
  afterAll(() => gateway.close());

  const stored = async (): Promise<number> => (await client.execute('SELECT id FROM things')).size;
  const failure = (of: Pick<Client, 'execute'> = client): Promise<Error & { status?: number }> =>
    of.execute(INSERT).then(
      () => Promise.reject(new Error('It went well.')),
      (error) => error,
    );

  it.each<[string, FaultOptions, RegExp, number]>([
    ['the answer lost after the commit', { kind: 'drop' }, /fetch failed/, 1],
    ['the connection lost before', { kind: 'drop', when: 'before' }, /fetch failed/, 0],
    ['a page of HTML', { kind: 'html' }, /Expected JSON response from database API, got HTTP 502 Bad Gateway/, 0],
    [
      'a page of HTML after the commit',
      { kind: 'html', status: 504, when: 'after' },
      /got HTTP 504 Gateway Timeout/,
      1,
    ],
    [
      'Aborted',
      { kind: 'error', code: 'Aborted' },
      /^target: \S+\.-\.primary: vttablet: rpc error: code = Aborted desc = transaction \d+: in use: in use: for tx killer rollback \(CallerID: /,
      0,
    ],
    [
      'ResourceExhausted',
      { kind: 'error', code: 'ResourceExhausted' },
      /code = ResourceExhausted desc = Transaction throttled/,
      0,
    ],
    [
      'Unavailable',
      { kind: 'error', code: 'Unavailable', when: 'after' },
      /code = Unavailable desc = operation not allowed in state NOT_SERVING/,
      1,
    ],
    [
      'words of one’s own',
      { kind: 'error', code: 'Unavailable', description: 'gone' },
      /code = Unavailable desc = gone \(CallerID/,
      0,
    ],
  ])('%s, for one statement', async (_what, fault, message, rows) => {
    const added = gateway.faults.add(fault);
    expect((await failure()).message).toMatch(message);
    expect(added.state()).toMatchObject({ left: 0, happened: 1 });
    expect(await stored()).toBe(rows);
    await client.execute(INSERT);
    expect(await stored()).toBe(rows + 1);
  });

  it('{} as an answer, which the driver takes for success', async () => {
    gateway.faults.add({ kind: 'empty' });
    expect(await client.execute(INSERT)).toMatchObject({ insertId: '0', rowsAffected: 0, rows: [] });
    expect(await stored()).toBe(0);
    gateway.faults.add({ kind: 'empty', when: 'after' });
    expect(await client.execute(INSERT)).toMatchObject({ insertId: '0', rowsAffected: 0 });
    expect(await stored()).toBe(1);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('no answer at all, %s the statement', async (when, rows) => {
    const { state } = gateway.faults.add({ kind: 'hang', when });
    const patience = new AbortController();
    const impatient = connect({
      url: gateway.url,
      fetch: (url, init) => fetch(url, { ...init, signal: patience.signal }),
    });
    const failed = failure(impatient);
    // Whoever leaves before the statement has run takes it along.
    const isDone = async () => state().happened === 1 && (await stored()) === rows;
    await waitUntil(isDone, { message: 'the statement' });
    await sleep(1_000);
    patience.abort(new DOMException('No answer came.', 'TimeoutError'));
    expect((await failed).name).toBe('TimeoutError');
    expect(await stored()).toBe(rows);
  });

  it('slow, before or after the statement', async () => {
    for (const when of ['before', 'after'] as const) {
      gateway.faults.add({ kind: 'slow', ms: 400, when });
      const startedAt = performance.now();
      expect((await client.execute(INSERT)).rowsAffected).toBe(1);
      expect(performance.now() - startedAt).toBeGreaterThan(390);
    }
    expect(await stored()).toBe(2);
  });

  it('is for as many statements as it says, and for those that match alone', async () => {
    const added = gateway.faults.add({ kind: 'html', match: /^insert into THINGS/gi, times: 2 });
    expect(added.state()).toEqual({
      id: expect.any(Number),
      match: '^insert into THINGS',
      kind: 'html',
      when: 'before',
      left: 2,
      happened: 0,
    });
    await client.execute('SELECT 1');
    await failure();
    await failure();
    await client.execute(INSERT);
    expect(added.state()).toMatchObject({ left: 0, happened: 2 });
  });

  it('loses the answer to a COMMIT that held', async () => {
    gateway.faults.add({ kind: 'drop', match: '^commit$' });
    const lost = client.transaction((tx) => tx.execute(INSERT));
    await expect(lost).rejects.toThrow();
    expect(await stored()).toBe(1);
  });

  it('can be ordered over HTTP, with the same login', async () => {
    const fault = { kind: 'error', code: 'Aborted', match: '^insert', times: 2 };
    const added = await ask(gateway, '/faults', fault);
    expect(added).toEqual({
      status: 201,
      body: { id: expect.any(Number), match: '^insert', kind: 'error', when: 'before', left: 2, happened: 0 },
    });
    expect((await failure()).message).toContain('code = Aborted');
    const list = await ask(gateway, '/faults', undefined, { method: 'GET' });
    expect(list.body).toEqual({ faults: [expect.objectContaining({ left: 1, happened: 1 })] });
    expect((await ask(gateway, '/faults', undefined, { method: 'DELETE', headers: auth(gateway) })).status).toBe(204);
    expect((await ask(gateway, '/faults', undefined, { method: 'GET' })).body).toEqual({ faults: [] });
    expect((await client.execute(INSERT)).rowsAffected).toBe(1);
  });

  it.each([
    [{}, /kind is missing/],
    [{ kind: 'explode' }, /kind takes one of drop, hang, empty, html, error, slow/],
    [{ kind: 'error' }, /code takes one of Aborted, ResourceExhausted, Unavailable/],
    [{ kind: 'slow' }, /ms is missing/],
    [{ kind: 'drop', match: '(' }, /match is not a regular expression/],
    [{ kind: 'drop', when: 'now' }, /when takes one of before, after/],
    [{ kind: 'drop', times: 0 }, /times must be >= 1/],
    [{ kind: 'drop', tims: 2 }, /does not take tims/],
  ])('refuses %j over HTTP, and says why', async (fault, message) => {
    const { status, body } = await ask(gateway, '/faults', fault);
    expect([status, body]).toEqual([
      400,
      { error: { code: 'invalid_argument', message: expect.stringMatching(message) } },
    ]);
    expect(gateway.faults.list()).toEqual([]);
  });
});

/** Fastify takes no content type without a body. */
function auth(gateway: TestGateway): Record<string, string> {
  const { username, password } = new URL(gateway.url);
  return { authorization: `Basic ${btoa(`${username}:${password}`)}` };
}
