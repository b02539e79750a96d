import type { LookupAddress } from 'node:dns';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FORBIDDEN, FORBIDDEN_NAMES } from '../unit/forbidden-urls.js';
import { call, ownPath, summary, useAgents } from './calling.js';
import { WAYS } from './paths.js';
import { startHttpProxy, startSocks5Proxy, type TestProxy } from './proxies.js';
import { type RawServer, startRawServer, wellFormed } from './raw-server.js';

const pem = (name: string): string => readFileSync(new URL(`certificates/${name}.pem`, import.meta.url), 'utf8');
/** Public, so that it passes the guard; the test's proxy leads every address to this machine. */
const PUBLIC = '93.184.216.34';
const found = (...addresses: readonly string[]) =>
  ((_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) satisfies (name: string, options: unknown, callback: (error: null, addresses: LookupAddress[]) => void) => void;

describe.each([
  ['HTTP CONNECT', startHttpProxy],
  ['SOCKS5', startSocks5Proxy],
] as const)('an egress proxy by %s', (kind, startProxy) => {
  const newAgent = useAgents();
  let proxy: TestProxy;
  let endpoint: RawServer;
  beforeEach(async () => {
    proxy = await startProxy();
  });
  afterEach(async () => {
    await proxy.close();
    await endpoint?.close();
  });

  async function startEndpoint(tls?: string): Promise<void> {
    const answer = (socket: Socket, path: string) => void socket.write(wellFormed(path));
    endpoint = await startRawServer({
      onRequest: (socket, { path }) => answer(socket, path),
      ...(tls === undefined ? {} : { tls: pem(tls) }),
    });
  }
  /** No network is allowed: the proxy itself is on loopback all the same. */
  const proxied = (lookup = found(PUBLIC)) =>
    newAgent({ allowNetworks: [], egressProxy: proxy.url, lookup, ca: pem('authority') });

  it.each(Object.keys(WAYS))('carries a %s to the address that was checked', async (way) => {
    await startEndpoint();
    const result = await WAYS[way]?.(proxied(), `http://receiver.test:${endpoint.port}/hook`);
    expect(result).toMatch(/^200/);
    expect(proxy.targets).toEqual([`${PUBLIC}:${endpoint.port}`]);
    expect(endpoint.requests[0]?.head).toContain(`host: receiver.test:${endpoint.port}`);
    expect(endpoint.requests[0]?.head).not.toMatch(/proxy-authorization/i);
  });

  it('keeps its connections for the next calls, and carries large bodies', async () => {
    await startEndpoint();
    const agent = proxied();
    for (const size of [10, 500_000, 10, 10]) {
      const path = ownPath();
      const url = `http://receiver.test:${endpoint.port}${path}`;
      expect(summary(await call(agent, url, { body: Buffer.alloc(size, 'x') }))).toBe(`200 ${path}`);
    }
    expect(endpoint.requests.map(({ body }) => body.length)).toEqual([10, 500_000, 10, 10]);
    expect(proxy.targets.length).toBeLessThan(4);
  });

  it('verifies TLS inside the tunnel against the name', async () => {
    await startEndpoint('right');
    const url = `https://receiver.test:${endpoint.port}/hook`;
    expect(summary(await call(proxied(), url))).toBe('200 /hook');
    expect(proxy.targets).toEqual([`${PUBLIC}:${endpoint.port}`]);
    expect(summary(await call(proxied(), url.replace('receiver.test', 'other.test')))).toBe('tls_error');
    expect(endpoint.requests).toHaveLength(1);
  });

  it('is given an IPv6 address as such', async () => {
    await startEndpoint();
    const address = '2606:4700::1111';
    const url = `http://receiver.test:${endpoint.port}/hook`;
    expect(summary(await call(proxied(found(address)), url))).toBe('200 /hook');
    const written = kind === 'SOCKS5' ? '[26064700000000000000000000001111]' : `[${address}]`;
    expect(proxy.targets).toEqual([`${written}:${endpoint.port}`]);
  });

  it('is asked for nothing that is forbidden', async () => {
    await startEndpoint();
    for (const url of [...FORBIDDEN, ...FORBIDDEN_NAMES]) {
      const agent = newAgent({ allowNetworks: [], egressProxy: proxy.url });
      expect(summary(await call(agent, url.replace('PORT', String(endpoint.port)))), url).toBe('address_forbidden');
    }
    const rebound = proxied(found(PUBLIC, '127.0.0.1'));
    expect(summary(await call(rebound, `http://name.test:${endpoint.port}/`))).toBe('address_forbidden');
    expect(summary(await call(proxied(), 'http://receiver.test:25/'))).toBe('port_forbidden');
    expect(proxy.targets).toEqual([]);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['closes', (socket) => void socket.destroy()],
    ['ends', (socket) => void socket.end()],
    ['answers garbage', (socket) => void socket.end('garbage, and more of it\r\n\r\n')],
    [
      'closes within its answer',
      (socket) => void socket.end(kind === 'SOCKS5' ? Buffer.from([5, 0, 0]) : 'HTTP/1.1 20'),
    ],
  ])('that %s is proxy_error', async (_, instead) => {
    await startEndpoint();
    const broken = await startProxy({ instead });
    const agent = newAgent({ allowNetworks: [], egressProxy: broken.url, lookup: found(PUBLIC) });
    const outcome = await call(agent, `http://receiver.test:${endpoint.port}/`);
    await broken.close();
    expect(outcome).toMatchObject({ kind: 'unanswered', code: 'proxy_error' });
    expect(JSON.stringify(outcome)).not.toMatch(/p@ss|p%40ss|127\.0\.0\.1/);
  });

  it('that refuses its credentials, is away or says nothing is proxy_error or a time-out, and its credentials stay secret', async () => {
    await startEndpoint();
    const url = `http://receiver.test:${endpoint.port}/`;
    const call1 = (egressProxy: string, timeoutMs = 10_000) =>
      call(newAgent({ allowNetworks: [], egressProxy, lookup: found(PUBLIC) }), url, { timeoutMs });
    const silent = await startProxy({ instead: () => undefined });
    const outcomes = [
      await call1(proxy.url.replace('me:', 'you:')),
      await call1(proxy.url.replace('me:p%40ss%3Aword@', '')),
      await call1(proxy.url.replace(/:\d+$/, ':1')),
      await call1(silent.url, 500),
    ];
    await silent.close();
    expect(outcomes.map(summary)).toEqual(['proxy_error', 'proxy_error', 'proxy_error', 'timeout']);
    expect(JSON.stringify(outcomes)).not.toMatch(/p@ss|p%40ss|127\.0\.0\.1/);
    expect(endpoint.connections).toBe(0);
  });
});

describe('an egress proxy by SOCKS5', () => {
  const newAgent = useAgents();

  it.each([
    [1, 'proxy_error'],
    [2, 'proxy_error'],
    [3, 'unreachable'],
    [4, 'unreachable'],
    [5, 'connection_refused'],
    [8, 'proxy_error'],
  ])('that replies %i gives %s', async (reply, code) => {
    const proxy = await startSocks5Proxy({ reply });
    const agent = newAgent({ allowNetworks: [], egressProxy: proxy.url, lookup: found(PUBLIC) });
    expect(summary(await call(agent, 'http://receiver.test/'))).toBe(code);
    await proxy.close();
  });
});

it('an egress proxy is tried with the next address of a name when it cannot reach the first', async () => {
  const endpoint = await startRawServer({ onRequest: (socket, { path }) => void socket.write(wellFormed(path)) });
  let refused = 0;
  const refusing = await startSocks5Proxy({
    instead(socket) {
      refused += 1;
      socket.end(Buffer.from([5, 4, 0, 1, 0, 0, 0, 0, 0, 0]));
    },
  });
  const { createGuardedAgent } = await import('../../src/egress/guarded-agent.js');
  const agent = createGuardedAgent({
    allowNetworks: [],
    egressProxy: refusing.url,
    lookup: found('2606:4700::1111', PUBLIC),
  });
  expect(summary(await call(agent, `http://receiver.test:${endpoint.port}/`))).toBe('unreachable');
  expect(refused).toBe(2);
  await agent.destroy();
  await refusing.close();
  await endpoint.close();
});
