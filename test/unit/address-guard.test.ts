import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../src/egress/address-guard.js';
import { createGuardedAgent } from '../../src/egress/guarded-agent.js';

/** Spellings whose host the URL parser gives as an address; PORT is a port on which something listens on loopback. */
const FORBIDDEN = [
  // Loopback
  'http://127.0.0.1:PORT/',
  'http://127.0.0.1.:PORT/',
  'http://127.1:PORT/',
  'http://127.0.1:PORT/',
  'http://127.255.255.254:PORT/',
  'http://127.000.000.001:PORT/',
  'http://2130706433:PORT/',
  'http://2130706433.:PORT/',
  'http://017700000001:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://0177.0.0.01:PORT/',
  'http://0177.1:PORT/',
  'http://0x7f000001:PORT/',
  'http://0X7F000001:PORT/',
  'http://0x7f.0x0.0x0.0x1:PORT/',
  'http://0x7f.1:PORT/',
  'http://0x7f.0.0.1.:PORT/',
  'http://127.0x1:PORT/',
  'http://0x0000007f.0.0.1:PORT/',
  'http://%31%32%37.0.0.1:PORT/',
  'http://１２７.０.０.１:PORT/',
  'http://127。0。0。1:PORT/',
  'http://①②⑦.⓪.⓪.①:PORT/',
  'http://user@127.0.0.1:PORT/',
  'http://user:secret@127.0.0.1:PORT/',
  'http://example.com@127.0.0.1:PORT/',
  'http://example.com%40@127.0.0.1:PORT/',
  'http:\\\\127.0.0.1:PORT\\',
  'http:127.0.0.1:PORT/',
  'HTTP://127.0.0.1:PORT/',
  'http://127.0.0.1:PORT/#@example.com',
  'http://127.0.0.1:PORT/?@example.com',
  // Unspecified: the system takes it for loopback
  'http://0.0.0.0:PORT/',
  'http://0:PORT/',
  'http://0x0:PORT/',
  'http://00:PORT/',
  'http://0.1.2.3:PORT/',
  'http://[::]:PORT/',
  'http://[0:0:0:0:0:0:0:0]:PORT/',
  // IPv6 loopback, and IPv4 inside IPv6
  'http://[::1]:PORT/',
  'http://[0:0:0:0:0:0:0:1]:PORT/',
  'http://[0000:0000:0000:0000:0000:0000:0000:0001]:PORT/',
  'http://[::0.0.0.1]:PORT/',
  'http://[::127.0.0.1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://[::ffff:7f00:1]:PORT/',
  'http://[::FFFF:7F00:0001]:PORT/',
  'http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/',
  'http://[::ffff:10.0.0.1]:PORT/',
  'http://[::ffff:169.254.169.254]:PORT/',
  'http://[::ffff:0:0]:PORT/',
  'http://[::ffff:0:127.0.0.1]:PORT/',
  // NAT64, 6to4, Teredo, ISATAP-like
  'http://[64:ff9b::127.0.0.1]:PORT/',
  'http://[64:ff9b::a9fe:a9fe]:PORT/',
  'http://[64:ff9b:1::7f00:1]:PORT/',
  'http://[2002:7f00:1::]:PORT/',
  'http://[2002:a9fe:a9fe::1]:PORT/',
  'http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]:PORT/',
  'http://[2001::1]:PORT/',
  'http://[fe80::5efe:127.0.0.1]:PORT/',
  // Link-local and cloud metadata
  'http://169.254.169.254/latest/meta-data/',
  'http://169.254.0.1:PORT/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0251.0376.0251.0376/',
  'http://169.254.43518/',
  'http://[fe80::1]:PORT/',
  'http://[fe80:0:0:0:ffff:ffff:ffff:ffff]:PORT/',
  'http://[febf::1]:PORT/',
  'http://[fd00:ec2::254]/',
  'http://100.100.100.200/',
  'http://192.0.0.192/',
  // Private, carrier-grade NAT, unique and site local
  'http://10.0.0.1:PORT/',
  'http://10.255.255.255:PORT/',
  'http://0x0a000001:PORT/',
  'http://012.1:PORT/',
  'http://172.16.0.1:PORT/',
  'http://172.31.255.255:PORT/',
  'http://192.168.0.1:PORT/',
  'http://192.168.257:PORT/',
  'http://3232235777:PORT/',
  'http://100.64.0.1:PORT/',
  'http://100.127.255.255:PORT/',
  'http://[fc00::1]:PORT/',
  'http://[fdff:ffff::1]:PORT/',
  'http://[fec0::1]:PORT/',
  // Multicast, broadcast, reserved, documentation, benchmarks, discard
  'http://224.0.0.1:PORT/',
  'http://239.255.255.250:PORT/',
  'http://255.255.255.255:PORT/',
  'http://4294967295:PORT/',
  'http://240.0.0.1:PORT/',
  'http://198.18.0.1:PORT/',
  'http://192.0.2.1:PORT/',
  'http://198.51.100.1:PORT/',
  'http://203.0.113.1:PORT/',
  'http://192.0.0.1:PORT/',
  'http://192.88.99.1:PORT/',
  'http://[ff02::1]:PORT/',
  'http://[ff0e::1]:PORT/',
  'http://[100::1]:PORT/',
  'http://[2001:db8::1]:PORT/',
  'http://[3fff::1]:PORT/',
  'http://[2001:2::1]:PORT/',
  'http://[4000::1]:PORT/',
  'http://[5f00::1]:PORT/',
];

/** Names that the look-up gives as loopback, without any server of names. */
const FORBIDDEN_NAMES = [
  'http://localhost:PORT/',
  'http://LOCALHOST:PORT/',
  'http://loc%61lhost:PORT/',
  'http://ｌｏｃａｌｈｏｓｔ:PORT/',
  'http://example.com@localhost:PORT/',
];

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
    expect(await call(`http://localhost.:${listeners[0]?.port}/`, [])).toMatch(/^(address_forbidden|ENOTFOUND|EAI_AGAIN)$/);
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
