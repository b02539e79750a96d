import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../src/egress/address-guard.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';
import { FORBIDDEN, FORBIDDEN_NAMES } from './forbidden-urls.js';

interface Listener {
  readonly server: Server;
  readonly port: number;
}

let connections = 0;
const listeners: Listener[] = [];

async function listen(host: string): Promise<Listener> {
  const server = createHttpServer((_request, response) => response.end('inside'));
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, host);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

beforeAll(async () => {
  listeners.push(await listen('127.0.0.1'));
  // A machine may have no IPv6.
  await listen('::1').then(
    (listener) => listeners.push(listener),
    () => undefined,
  );
});
afterAll(async () => {
  for (const { server } of listeners) {
    server.close();
    await once(server, 'close');
  }
});

/** The `code` of the error that a call ends with, or the answer's text. */
async function call(url: string, allowNetworks: readonly string[]): Promise<unknown> {
  const agent = createGuardedAgent({ allowNetworks });
  const { origin, pathname, search } = new URL(url);
  try {
    const { body } = await agent.request({ origin, path: pathname + search, method: 'POST', body: '{}' });
    return await body.text();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  } finally {
    await agent.destroy();
  }
}

describe('the guarded agent', () => {
  it('is tried with at least 60 spellings, of which the parser makes addresses', () => {
    expect(new Set(FORBIDDEN).size).toBeGreaterThanOrEqual(60);
    expect(new Set(FORBIDDEN).size).toBe(FORBIDDEN.length);
    for (const url of FORBIDDEN) {
      expect(new URL(url.replace('PORT', '1')).hostname, url).toMatch(/^(\d+\.){3}\d+$|^\[[0-9a-f:]+\]$/);
    }
  });

  it.each([...FORBIDDEN, ...FORBIDDEN_NAMES])('refuses %s before it connects', async (url) => {
    connections = 0;
    for (const { port } of listeners) {
      expect(await call(url.replace('PORT', String(port)), [])).toBe('address_forbidden');
    }
    expect(connections).toBe(0);
  });

  it('refuses when the allowed network is another one', async () => {
    connections = 0;
    const [listener] = listeners;
    const url = `http://127.0.0.1:${listener?.port}/`;
    for (const networks of [['10.0.0.0/8'], ['127.0.0.2/32'], ['::/0'], ['::1/128', '192.168.0.0/16']]) {
      expect(await call(url, networks)).toBe('address_forbidden');
    }
    expect(connections).toBe(0);
  });

  it('reaches an allowed network, however the address is spelt', async () => {
    const [listener] = listeners;
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'localhost']) {
      const url = `http://${host}:${listener?.port}/`;
      expect(await call(url, ['127.0.0.0/8', '::1/128']), host).toBe('inside');
    }
  });

  it('refuses a name when one of its addresses is forbidden, though all the others are allowed', async () => {
    const [, ...others] = await lookup('localhost', { all: true });
    const networks = others.map(({ address, family }) => `${address}/${family === 4 ? 32 : 128}`);
    expect(await call(`http://localhost:${listeners[0]?.port}/`, networks)).toBe('address_forbidden');
  });

  it('makes no connection for localhost with a dot at its end, which some systems do not find', async () => {
    connections = 0;
    expect(await call(`http://localhost.:${listeners[0]?.port}/`, [])).toMatch(
      /^(address_forbidden|ENOTFOUND|EAI_AGAIN)$/,
    );
    expect(connections).toBe(0);
  });

  it('throws on a network that is none', () => {
    for (const network of ['127.0.0.1', '10.0.0.0/33', 'localhost/8', '']) {
      expect(() => createGuardedAgent({ allowNetworks: [network] }), network).toThrow();
    }
  });
});

describe('the address guard', () => {
  const guard = createAddressGuard([]);

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:81b::200e',
    '2620:fe::fe',
    '::ffff:8.8.8.8',
  ])('takes the public address %s', (address) => {
    expect(guard(address)).toBe(true);
  });

  it.each(['', 'localhost', 'example.com', '1.2.3.4.5', 'fe80::1%eth0', '1.1.1.1/32', ' 1.1.1.1 x'])(
    'refuses %j, which is no address',
    (text) => {
      expect(guard(text)).toBe(false);
    },
  );

  /** IANA's special-purpose registry for IPv4, without what is globally reachable; multicast; class E. */
  const BLOCKS = [
    [0x00000000, 8],
    [0x0a000000, 8],
    [0x64400000, 10],
    [0x7f000000, 8],
    [0xa9fe0000, 16],
    [0xac100000, 12],
    [0xc0000000, 24],
    [0xc0000200, 24],
    [0xc0586300, 24],
    [0xc0a80000, 16],
    [0xc6120000, 15],
    [0xc6336400, 24],
    [0xcb007100, 24],
    [0xe0000000, 4],
    [0xf0000000, 4],
  ] as const;

  const special = fc
    .tuple(fc.constantFrom(...BLOCKS), fc.nat({ max: 0xffffffff }))
    .map(([[base, bits], any]) => (base + (any % 2 ** (32 - bits))) >>> 0);

  /** Every textual form in which a URL may carry an IPv4 address, also inside IPv6. */
  function spellings(address: number): string[] {
    const parts = [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255];
    const [a = 0, b = 0, c = 0, d = 0] = parts;
    const forms = (value: number) => [String(value), `0x${value.toString(16)}`, `0${value.toString(8)}`];
    const hex = (value: number) => value.toString(16);
    return [
      ...forms(address),
      ...[0, 1, 2].map((base) => parts.map((part) => forms(part)[base]).join('.')),
      `${a}.${b}.${c * 256 + d}`,
      `${a}.${(b * 256 + c) * 256 + d}`,
      `0x${hex(a)}.0${b.toString(8)}.${c}.${d}`,
      `${parts.join('.')}.`,
      `[::ffff:${parts.join('.')}]`,
      `[::ffff:${hex(a * 256 + b)}:${hex(c * 256 + d)}]`,
      `[::${parts.join('.')}]`,
      `[64:ff9b::${parts.join('.')}]`,
      `[2002:${hex(a * 256 + b)}:${hex(c * 256 + d)}::1]`,
    ];
  }

  it('refuses any address of a special block in every form that a URL may carry', () => {
    fc.assert(
      fc.property(special, (address) => {
        for (const spelling of spellings(address)) {
          const host = new URL(`http://${spelling}/`).hostname.replace(/^\[|\]$/g, '');
          expect(guard(host), `${spelling} is ${host}`).toBe(false);
          if (!spelling.startsWith('[')) expect(guard(spelling), spelling).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses any IPv6 address outside global unicast', () => {
    const group = fc.nat({ max: 0xffff });
    const outside = group.filter((first) => first >>> 13 !== 1);
    fc.assert(
      fc.property(outside, fc.array(group, { minLength: 7, maxLength: 7 }), (first, rest) => {
        const address = [first, ...rest].map((part) => part.toString(16)).join(':');
        expect(guard(address), address).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes what lies in an allowed network and nothing else that is special', () => {
    const allowing = createAddressGuard(['10.1.0.0/16', 'fd00:1::/32']);
    for (const address of ['10.1.0.0', '10.1.255.255', '::ffff:10.1.2.3', 'fd00:1::5', '8.8.8.8']) {
      expect(allowing(address), address).toBe(true);
    }
    for (const address of ['10.0.255.255', '10.2.0.0', '127.0.0.1', 'fd00:2::5', '::1', '64:ff9b::10.1.2.3']) {
      expect(allowing(address), address).toBe(false);
    }
  });
});
