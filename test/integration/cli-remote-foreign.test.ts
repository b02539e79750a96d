import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Ran, runCommand } from '../harness/run-command.js';

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

describe('what the command line does with a server that is away, or none of ours', { timeout: 60_000 }, () => {
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
    // A change, which is tried once.
    const pause = ['webhooks', 'pause', randomUUID(), '--timeout', '1'];
    const silent = await from(() => undefined, pause);
    expect(silent).toMatchObject({ code: 1, err: expect.stringContaining('Code:  server_timeout') });
    const half = await from(
      (_, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"data": ['),
      pause,
    );
    expect(half).toMatchObject({ code: 1, out: '', err: expect.stringContaining('Code:  server_timeout') });
    const live = await from(() => undefined, ['tail', '--timeout', '1']);
    expect(live).toMatchObject({ code: 1, err: expect.stringContaining('Code:  server_timeout') });
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
    ['a stream', json(200, 'retry: 100\n\n', 'text/event-stream')],
    ['no content type', (_, response) => void response.writeHead(200).end('{}')],
  ])('knows that it is no Hookline that answers with %s', async (_, listener) => {
    const { code, out, err } = await from(listener);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^Error: .*\nHint: .*\nCode: {2}not_hookline\n$/);
  });

  it.each<[string, string]>([
    ['ends at once', 'retry: 1\n\n'],
    ['holds what is no JSON', 'id: 1\nevent: open\ndata: {}\n\nid: 2\nevent: failed\ndata: <html>\n\n'],
  ])('says so when the live stream %s', async (_, stream) => {
    const { code, out, err } = await from(json(200, stream, 'text/event-stream'), ['tail']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/Error: .*\nCause: .*\nHint: .*\nCode: {2}(server_unreachable|answer_unreadable)\n$/);
  });

  it('says that a replay goes on when the server is away while it is watched', async () => {
    const replay = { id: 'r', state: 'running', created: 1, total: 2, rate_per_second: 1, waiting_for: null };
    let count = 0;
    const { code, err } = await from(
      (request, response) => (count++ === 0 ? json(200, replay)(request, response) : request.socket.destroy()),
      ['replay', 'show', randomUUID(), '--wait'],
    );
    expect(code).toBe(1);
    expect(err).toMatch(/\nThe replay goes on\. To see it: .*\nError: .* cannot be reached\.\n/);
  });

  it('shows no figures of a server that would do something to a terminal', async () => {
    const evil = '\u001b[2J';
    const queue = { waiting: evil, retrying: 0, in_flight: 0, oldest_due_at: evil, is_capped: false };
    const statistics = { hours: evil, data: [], total: {}, event_types: [], worst_webhooks: [] };
    const { code, out } = await from(json(200, { ...queue, ...statistics }), ['stats']);
    expect(code).toBe(0);
    expect(out).not.toContain(evil);
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
    ['deliveries', 'show', randomUUID(), '--json'],
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
      if (code === 0) {
        if (args.includes('--json')) JSON.parse(out);
        continue;
      }
      if (args.includes('--json')) expect(JSON.parse(err)).toMatchObject({ error: { code: 'answer_unreadable' } });
      else expect(err).toMatch(/^Error: .*\n(Cause: .*\n)?Hint: .*\nCode: {2}(not_hookline|answer_unreadable)\n$/m);
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
