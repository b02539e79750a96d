import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createGuardedLookup } from '../../src/egress/guarded-lookup.js';
import { openHttpTunnel } from '../../src/egress/proxy/http-tunnel.js';
import { createProxyConnector } from '../../src/egress/proxy/proxy-connector.js';
import { ProxyError, partsOf, unreachable } from '../../src/egress/proxy/proxy-error.js';
import { openSocks5Tunnel } from '../../src/egress/proxy/socks5-tunnel.js';

const servers: { readonly server: Server; readonly sockets: Socket[] }[] = [];
const clients: Socket[] = [];
afterEach(async () => {
  for (const socket of clients.splice(0)) socket.destroy();
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

/** A proxy that answers what it is told as often as it is spoken to, and keeps what it was told; '' answers nothing. */
async function scripted(answers: readonly (string | Buffer)[]) {
  const told: Buffer[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const left = [...answers];
    sockets.push(socket);
    socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        told.push(chunk);
        const answer = left.shift();
        if (answer === undefined) socket.end();
        else if (answer.length > 0) socket.write(answer);
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push({ server, sockets });
  return { at: `127.0.0.1:${(server.address() as AddressInfo).port}`, told, sockets };
}

const TO_V4 = { address: '1.2.3.4', family: 4, port: 443 };
const TO_V6 = { address: '2606:4700::1111', family: 6, port: 8080 };
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const limit = (): AbortSignal => new AbortController().signal;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => error,
  );

async function firstBytes(tunnel: Promise<Socket>): Promise<string> {
  const socket = await tunnel;
  clients.push(socket);
  const [chunk] = await once(socket, 'data');
  return String(chunk);
}

describe('a tunnel by SOCKS5', () => {
  const OPEN = hex('05 00 00 01 00000000 0000');
  const HELLO = Buffer.from('hello');
  const open = (at: string, user = '', to: typeof TO_V4 = TO_V4) =>
    openSocks5Tunnel({ proxy: new URL(`socks5://${user}${at}`), ...to, signal: limit() });

  it.each([
    ['IPv4', OPEN],
    ['IPv6', hex(`05 00 00 04 ${'00'.repeat(16)} 0000`)],
    ['a name', hex('05 00 00 03 03 616263 0000')],
  ])('leaves every byte of the endpoint to its reader, after a bound address of %s', async (_, answer) => {
    const proxy = await scripted([hex('05 00'), Buffer.concat([answer, HELLO])]);
    expect(await firstBytes(open(proxy.at))).toBe('hello');
    expect(proxy.told).toEqual([hex('05 01 00'), hex('05 01 00 01 01020304 01bb')]);
  });

  it('signs in where the proxy asks for it, and not where it does not', async () => {
    const asking = await scripted([hex('05 02'), hex('01 00'), Buffer.concat([OPEN, HELLO])]);
    expect(await firstBytes(open(asking.at, 'm%C3%A9:p%40@', TO_V6))).toBe('hello');
    expect(asking.told).toEqual([
      hex('05 02 00 02'),
      Buffer.from('\x01\x03mé\x02p@', 'utf8'),
      hex('05 01 00 04 26064700000000000000000000001111 1f90'),
    ]);
    const open_ = await scripted([hex('05 00'), Buffer.concat([OPEN, HELLO])]);
    expect(await firstBytes(open(open_.at, 'me:pw@'))).toBe('hello');
  });

  it.each<[string, string, Buffer[], RegExp]>([
    ['speaks another version', '', [hex('04 00')], /does not speak SOCKS5/],
    ['asks for credentials that there are none of', '', [hex('05 02'), hex('01 00'), OPEN], /another way to sign in/],
    ['knows no way to sign in', 'me:pw@', [hex('05 ff'), hex('01 00'), OPEN], /another way to sign in/],
    ['refuses the credentials', 'me:pw@', [hex('05 02'), hex('01 01'), OPEN], /refused the credentials/],
    ['answers in another version', '', [hex('05 00'), hex('04 00 00 01 00000000 0000')], /does not speak SOCKS5/],
    ['answers a general failure', '', [hex('05 00'), hex('05 01 00 01 00000000 0000')], /answered 1 to CONNECT/],
    ['answers with an address of no type', '', [hex('05 00'), hex('05 00 00 09 00000000 0000')], /not speak SOCKS5/],
    ['ends after its first answer', '', [hex('05 00')], /closed the connection/],
    ['ends at once', '', [], /closed the connection/],
  ])('is not made where the proxy %s', async (_, user, answers, message) => {
    const error = await failure(open((await scripted(answers)).at, user));
    expect(error).toBeInstanceOf(ProxyError);
    expect(error).toMatchObject({ code: 'proxy_error', name: 'ProxyError', message: expect.stringMatching(message) });
  });

  it.each([
    ['03', 'ENETUNREACH'],
    ['04', 'EHOSTUNREACH'],
    ['05', 'ECONNREFUSED'],
    ['06', 'EHOSTUNREACH'],
  ])('that cannot reach the endpoint (%s) says so as Node does: %s', async (reply, code) => {
    const proxy = await scripted([hex('05 00'), hex(`05 ${reply} 00 01 00000000 0000`)]);
    const error = await failure(open(proxy.at));
    expect(error).not.toBeInstanceOf(ProxyError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(code) });
  });
});

describe('a tunnel by HTTP CONNECT', () => {
  const open = (at: string, user = '', to: typeof TO_V4 = TO_V4) =>
    openHttpTunnel({ proxy: new URL(`http://${user}${at}`), ...to, signal: limit() });

  it.each<[string, string | undefined]>([
    ['', undefined],
    ['m%C3%A9:p%40@', 'mé:p@'],
    ['me@', 'me:'],
    [':pw@', ':pw'],
  ])('is asked for with the credentials of the URL: %j', async (user, credentials) => {
    const proxy = await scripted(['HTTP/1.1 200 OK\r\n\r\nhello']);
    expect(await firstBytes(open(proxy.at, user))).toBe('hello');
    const head = String(proxy.told[0]).split('\r\n');
    expect(head[0]).toBe('CONNECT 1.2.3.4:443 HTTP/1.1');
    expect(head).toContain('host: 1.2.3.4:443');
    const line = `proxy-authorization: Basic ${Buffer.from(credentials ?? '').toString('base64')}`;
    expect(head.filter((one) => one.startsWith('proxy-authorization'))).toEqual(
      credentials === undefined ? [] : [line],
    );
  });

  it('writes IPv6 in brackets, and takes any 2xx, whose first bytes may come later', async () => {
    const proxy = await scripted(['HTTP/1.1 299 Fine\r\n\r\n']);
    const tunnel = await open(proxy.at, '', TO_V6);
    clients.push(tunnel);
    expect(String(proxy.told[0])).toMatch(/^CONNECT \[2606:4700::1111\]:8080 /);
    proxy.sockets[0]?.write('hello');
    expect(String((await once(tunnel, 'data'))[0])).toBe('hello');
  });

  it.each([300, 403, 407, 502])('is not made where the proxy answers %i', async (status) => {
    const proxy = await scripted([`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`]);
    const error = await failure(open(proxy.at));
    expect(error).toMatchObject({
      code: 'proxy_error',
      message: expect.stringContaining(`answered ${status} to CONNECT`),
    });
  });
});

describe('an egress proxy', () => {
  it('is found by its URL, at the port of its protocol where none is named', () => {
    const none = { user: '', password: '' };
    expect(partsOf(new URL('socks5://[::1]'))).toEqual({ host: '::1', port: 1080, ...none });
    expect(partsOf(new URL('http://proxy.test'))).toEqual({ host: 'proxy.test', port: 80, ...none });
    expect(partsOf(new URL('socks5://a%40:b%3A@proxy.test:99'))).toEqual({
      host: 'proxy.test',
      port: 99,
      user: 'a@',
      password: 'b:',
    });
  });

  it('that fails is told by a code, without its address', () => {
    const known = new ProxyError('known');
    expect(unreachable(known)).toBe(known);
    const says = (error: unknown) => unreachable(error).message;
    expect(says(Object.assign(new Error('at 10.0.0.1'), { code: 'ECONNREFUSED' }))).toMatch(
      /spoken to \(ECONNREFUSED\)\.$/,
    );
    expect(says(Object.assign(new Error('aborted'), { code: 'ABORT_ERR' }))).toMatch(
      /did not make the connection in time\.$/,
    );
    for (const error of [new Error('at 10.0.0.1'), 'text', null, { code: 'X' }])
      expect(says(error)).toMatch(/\(no code\)\.$/);
  });

  it('has one time limit over all addresses of a name', async () => {
    const silent = await scripted(['']);
    const lookup = createGuardedLookup(
      () => true,
      (_, __, callback) => callback(null, [TO_V4, TO_V6]),
    );
    const connector = createProxyConnector(new URL(`socks5://${silent.at}`), lookup, 1_500, () => undefined);
    const target = { hostname: 'a.test', host: 'a.test', protocol: 'http:', port: '80' };
    const error = await new Promise((resolve) => connector(target, (...given) => resolve(given[0])));
    expect(error).toMatchObject({ code: 'proxy_error', message: expect.stringMatching(/in time/) });
    expect(silent.sockets).toHaveLength(1);
  });
});
