import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createUser } from '../harness/databases.js';
import { quoted, runInTerminal, startTerminal } from '../harness/terminal.js';
import { SERVICE_KEY } from './api-client.js';
import { forge, sign, userClaims } from './api-tokens.js';
import { openScene, type Scene } from './cli-live-helpers.js';
import { type Ran, runCommand, runnerOf } from './cli-remote-helpers.js';

const TOKEN = 'hk_a-token-that-nobody-may-see';
const LIST = ['webhooks', 'list'];

/** A server that is none of ours. */
async function serve(listener: RequestListener): Promise<{ url: string; server: Server; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, asked };
}

async function from(listener: RequestListener, args: readonly string[] = LIST): Promise<Ran & { asked: string[] }> {
  const { url, server, asked } = await serve(listener);
  try {
    const ran = await runCommand(args, { HOOKLINE_URL: url, HOOKLINE_TOKEN: TOKEN });
    expect(ran.out + ran.err).not.toContain(TOKEN);
    return { ...ran, asked };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const json =
  (status: number, body: unknown, type = 'application/json'): RequestListener =>
  (_, response) =>
    void response
      .writeHead(status, { 'content-type': type })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

describe('what the command line does when something is wrong', { timeout: 60_000 }, () => {
  it.each([
    ['webhooks', 'list', '--limit', '0'],
    ['webhooks', 'list', '--limit', '1e3'],
    ['webhooks', 'list', '--condition', 'fine'],
    ['webhooks', 'list', '--active', '--inactive'],
    ['webhooks', 'list', '--user', ''],
    ['webhooks', 'list', 'surplus'],
    ['webhooks', 'show'],
    ['webhooks', 'show', '../../v1/api-keys'],
    ['webhooks', 'create', '--name', 'x'],
    ['webhooks', 'create', '--url', 'ftp://x', '--name', 'x'],
    ['webhooks', 'create', '--url', 'http://x', '--name', ''],
    ['webhooks', 'create', '--url', 'http://x', '--name', 'x', '--server', 'http://u:p@x'],
    ['webhooks', 'edit', randomUUID(), '--retry-delay', '2h'],
    ['webhooks', 'edit', randomUUID(), '--rate-limit', '-1'],
    ['webhooks', 'nonsense'],
    ['webhooks'],
    ['events', 'show', 'a b'],
    ['events', 'create', 'x'],
    ['deliveries', 'list', '--status', 'done'],
    ['deliveries', 'list', '--response', '600'],
    ['deliveries', 'list', '--since', 'yesterday'],
    ['deliveries', 'list', '--since', '2026-02-30'],
    ['deliveries', 'list', '--since', '2026-01-01T10:00:00'],
    ['deliveries', 'list', '--since', '60'],
    ['deliveries', 'list', '--timeout', '0'],
    ['deliveries', 'list', '--url', 'localhost:8080'],
    ['deliveries', 'list', '--url', 'https://x/?a=b'],
    ['deliveries', 'list', '--token', ''],
    ['deliveries', 'list', '--token', 'two words'],
    ['deliveries', 'list', '--token', 'line\nbreak'],
    ['replay', randomUUID()],
    ['replay', randomUUID(), '--since', '1h', '--rate', '1001'],
    ['replay', 'cancel', 'x'],
    ['replay', 'list', '--webhook', randomUUID(), '--state', 'running'],
    ['stats', '--hours', '841'],
    ['stats', '--hours', '1', '--days', '1'],
    ['token', 'create', '--user', 'x', '--expires', '25h'],
    ['keys', 'create', '--name', 'x', '--access', 'admin'],
  ])('ends with 2 when called as %s %s %s %s %s', async (...args) => {
    // Nothing is asked of a server before: there is none.
    const { code, out, err } = await runCommand(args, { HOOKLINE_URL: 'http://127.0.0.1:9', HOOKLINE_TOKEN: TOKEN });
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/error: |^Usage: /);
    expect(err).not.toMatch(/u:p@|two words|line\n/);
  });

  it('says what to set when there is no token, or a wrong variable', async () => {
    const none = await runCommand(LIST, {});
    expect(none).toMatchObject({
      code: 1,
      err: expect.stringMatching(/Hint: {2}Set HOOKLINE_TOKEN .*\nCode: {2}not_signed_in/),
    });
    const wrong = await runCommand(LIST, { HOOKLINE_URL: 'http://u:secret@x', HOOKLINE_SERVICE_KEY: 'short-secret' });
    expect(wrong.err).toMatch(/HOOKLINE_URL takes .*Code: {2}invalid_config/s);
    expect(wrong.err).not.toMatch(/secret@|short-secret/);
    const asJson = await runCommand([...LIST, '--json'], {});
    expect(JSON.parse(asJson.err)).toMatchObject({ error: { code: 'not_signed_in', hint: expect.any(String) } });
  });

  it('says that the server is away', async () => {
    const { code, err } = await runCommand(LIST, { HOOKLINE_URL: 'http://127.0.0.1:1', HOOKLINE_TOKEN: TOKEN });
    expect(code).toBe(1);
    expect(err).toMatch(
      /^Error: http:\/\/127\.0\.0\.1:1 cannot be reached\.\nCause: .+\nHint: .*\nCode: {2}server_unreachable\n$/,
    );
    const cut = await from((request) => request.socket.destroy());
    expect(cut.err).toContain('Code:  server_unreachable');
  });

  it('does not wait for ever', async () => {
    const silent = await from(() => undefined, [...LIST, '--timeout', '1']);
    expect(silent).toMatchObject({ code: 1, err: expect.stringContaining('Code:  server_timeout') });
    const half = await from(
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"data": ['),
      [...LIST, '--timeout', '1'],
    );
    expect(half).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Code:  server_timeout') });
  });

  it('follows no redirect, so that the token stays where it was meant for', async () => {
    const other = await serve(json(200, { data: [], next_cursor: null }));
    const ran = await from(
      (_, response) => void response.writeHead(308, { location: `${other.url}/v1/webhooks?x` }).end(),
    );
    other.server.close();
    expect(other.asked).toEqual([]);
    expect(ran.err).toContain(`perhaps ${other.url}.`);
    expect(ran.err).toContain('Code:  not_hookline');
  });

  it.each<[string, RequestListener]>([
    ['a page of HTML', json(200, '<html>', 'text/html')],
    ['an error of a proxy', json(502, '<html>', 'text/html')],
    ['another API that has no such path', json(404, { message: 'Not Found' })],
    ['what calls itself JSON', json(200, '<html>')],
    ['JSON that is no list', json(200, { ok: true })],
    ['JSON that is null', json(200, null)],
    ['a list of other things', json(200, { data: [1, null], next_cursor: null })],
    ['a list that does not go on', json(200, { data: [], next_cursor: 'again' })],
    ['no content type', (_, response) => void response.writeHead(200).end('{}')],
  ])('knows that it is no Hookline that answers with %s', async (_, listener) => {
    const { code, out, err } = await from(listener);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^Error: .*\nHint: .*\nCode: {2}not_hookline\n$/);
  });

  it('takes an answer that lacks members, or has them of other types', async () => {
    const strange = { id: '\u001b[2J', name: { a: 1 }, url: null, is_active: 'x', total_deliveries: 'many' };
    const { code, out } = await from(json(200, { data: [strange, {}], next_cursor: null }));
    expect(code).toBe(0);
    expect(out).not.toContain('\u001b');
  });

  it.each([
    ['webhooks', 'show', randomUUID()],
    ['webhooks', 'secret', randomUUID()],
    ['webhooks', 'delete', randomUUID(), '--yes'],
    ['events', 'show', 'x'],
    ['deliveries', 'show', randomUUID()],
    ['deliveries', 'retry', randomUUID()],
    ['replay', randomUUID(), '--since', '1h', '--yes'],
    ['replay', 'show', randomUUID()],
    ['stats'],
    ['stats', randomUUID()],
    ['stats', randomUUID(), '--days', '3'],
    ['token', 'create', '--user', 'x'],
    ['keys', 'create', '--name', 'x'],
    ['keys', 'revoke', randomUUID(), '--yes'],
  ])('does not break at an answer without members: %s %s', async (...args) => {
    for (const body of [{}, null, [], 'x', { data: {}, total: 'x', id: 3 }]) {
      const { code, out, err } = await from(json(200, JSON.stringify(body)), args);
      expect(out).not.toMatch(/^(undefined|null)$/m);
      if (code === 0) continue;
      expect(err).toMatch(/^Error: .*\n(Cause: .*\n)?Hint: .*\nCode: {2}(not_hookline|answer_unreadable)\n$/m);
    }
  });

  it('tells a refusal in one line each, without what would do something to a terminal', async () => {
    const detail = `x\u001b]0;owned\u0007\nCode:  fake${'y'.repeat(5_000)}`;
    const problem = { code: 'c\u009bd', detail, hint: 3, errors: [{ pointer: '/a\nb', detail: 'z' }, 7] };
    const { code, err } = await from(json(400, problem, 'application/problem+json'));
    expect(code).toBe(1);
    expect(err).toMatch(/^Error: x\?\]0;owned\? Code: {2}fakey+…\n {7}\/a b: z\nCode: {2}c\?d\n$/);
    const asJson = await from(json(400, problem, 'application/problem+json'), [...LIST, '--json']);
    expect(asJson.err).not.toMatch(/\u009b/);
    expect(JSON.parse(asJson.err)).toMatchObject({
      error: { code: 'c?d', findings: [{ pointer: '/a b', detail: 'z' }] },
    });
  });

  it('finds a server that a proxy serves under a path', async () => {
    const paths: (string | undefined)[] = [];
    const { url, server } = await serve((request, response) => {
      paths.push(request.url);
      json(200, { data: [], next_cursor: null })(request, response);
    });
    await runCommand(LIST, { HOOKLINE_URL: `${url}/hooks/`, HOOKLINE_TOKEN: TOKEN });
    await runCommand([...LIST, '--url', url], { HOOKLINE_URL: 'http://127.0.0.1:1', HOOKLINE_TOKEN: TOKEN });
    server.close();
    expect(paths).toEqual(['/hooks/v1/webhooks?limit=20', '/v1/webhooks?limit=20']);
  });

  it('tries a read again, and what could be done twice not', async () => {
    let count = 0;
    const busy: RequestListener = (request, response) =>
      (count++ === 0
        ? json(500, { code: 'internal_error' }, 'application/problem+json')
        : json(200, { data: [], next_cursor: null }))(request, response);
    expect((await from(busy)).code).toBe(0);
    expect(count).toBe(2);
    const make = ['webhooks', 'create', '--url', 'http://x', '--name', 'x'];
    const failing = await from(json(500, { code: 'internal_error' }, 'application/problem+json'), make);
    expect(failing.asked).toEqual([`Bearer ${TOKEN}`]);
  });
});

describe('the command line, a server and a terminal', { timeout: 60_000 }, () => {
  let scene: Scene;
  let owner: string;
  beforeAll(async () => {
    scene = await openScene();
    owner = await createUser(scene.db);
    const run = await runnerOf(scene.url, owner);
    for (const name of ['one', 'two'])
      await run(['webhooks', 'create', '--url', 'https://example.com/', '--name', name]);
  });
  afterAll(() => scene.close());

  it('says of every wrong token what is wrong with it, and never the token', async () => {
    const tokens = [
      ['another-service-key', 'malformed_token'],
      [forge({ alg: 'none' }, userClaims(owner)), 'invalid_token'],
      [await sign(userClaims(owner), 'another-secret-of-32-characters!'), 'invalid_token'],
      [await sign(userClaims(owner, { exp: 1 })), 'token_expired'],
      [`hk_${'A'.repeat(43)}`, 'unknown_token'],
    ] as const;
    for (const [token, code] of tokens) {
      const ran = await runCommand(LIST, { HOOKLINE_URL: scene.url, HOOKLINE_TOKEN: token });
      expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`Code:  ${code}`) });
      expect(ran.err).toContain('Hint:  HOOKLINE_TOKEN takes');
      expect(ran.err).not.toContain(token);
    }
  });

  it('has colours on a terminal, which NO_COLOR takes away, and fits its width', async () => {
    const env = { HOOKLINE_URL: scene.url, HOOKLINE_SERVICE_KEY: SERVICE_KEY };
    const [coloured, plain] = [startTerminal(LIST, env), startTerminal(LIST, { ...env, NO_COLOR: '1' })];
    expect(await Promise.all([coloured.ended(), plain.ended()])).toEqual([0, 0]);
    expect(coloured.output()).toContain('\u001b[1mID');
    expect(plain.output()).not.toContain('\u001b[');
    const lines = plain.output().trimEnd().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('ends quietly when its reader has gone', async () => {
    const command = `${quoted(process.execPath)} ${quoted(inject('program'))} webhooks list --all --json`;
    const terminal = runInTerminal(`${command} | head -c 5; echo`, {
      HOOKLINE_URL: scene.url,
      HOOKLINE_SERVICE_KEY: SERVICE_KEY,
    });
    expect(await terminal.ended()).toBe(0);
    expect(terminal.output()).toBe('{"dat\r\n');
  });
});
