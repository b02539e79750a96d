import type { LookupAddress } from 'node:dns';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FORBIDDEN, FORBIDDEN_NAMES } from '../unit/forbidden-urls.js';
import { useAgents } from './calling.js';
import { WAYS } from './paths.js';
import { type RawServer, startRawServer } from './raw-server.js';

/** Nothing is kept alive: each call looks the name up again. */
const CLOSING = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n';

describe.each(Object.entries(WAYS))('by %s', (name, way) => {
  const newAgent = useAgents();
  /** What no call may touch. */
  let inside: RawServer;
  /** On an address of its own that tests may allow. */
  let outside: RawServer;
  let touched: number;
  beforeAll(async () => {
    inside = await startRawServer({ onRequest: (socket) => void socket.end(CLOSING) });
    outside = await startRawServer({ host: '127.0.0.2', onRequest: (socket) => void socket.end(CLOSING) });
  });
  beforeEach(() => {
    touched = inside.connections;
  });
  afterAll(async () => {
    await inside.close();
    await outside.close();
  });

  /** A name server of its own: each look-up takes the next answer, the last one again and again. */
  function answering(...answers: readonly string[][]) {
    let at = 0;
    const lookups: string[][] = [];
    return {
      lookups,
      lookup(_name: string, _options: unknown, callback: (error: null, addresses: LookupAddress[]) => void): void {
        const addresses = answers[Math.min(at++, answers.length - 1)] ?? [];
        lookups.push(addresses);
        setImmediate(
          callback,
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
        );
      },
    };
  }

  // A callback URL with credentials is refused before anything is looked up.
  const refusals = name === 'callback' ? /^(address_forbidden|origin_refused)$/ : /^address_forbidden$/;

  it.each([...FORBIDDEN, ...FORBIDDEN_NAMES])('%s is refused', async (url) => {
    expect(await way(newAgent({ allowNetworks: [] }), url.replace('PORT', String(inside.port)))).toMatch(refusals);
    expect(inside.connections).toBe(touched);
  });

  it.each([
    ['inside', ['127.0.0.1']],
    ['inside by IPv6', ['::1']],
    ['to an IPv4-mapped address', ['::ffff:127.0.0.1']],
    ['to NAT64', ['64:ff9b::7f00:1']],
    ['to 6to4', ['2002:7f00:1::']],
    ['to metadata', ['169.254.169.254']],
    ['to carrier-grade NAT', ['100.64.0.1']],
    ['to the unspecified address', ['0.0.0.0']],
    ['outside and inside', ['127.0.0.2', '127.0.0.1']],
    ['inside and outside', ['127.0.0.1', '127.0.0.2']],
    ['to a link-local address with a zone', ['fe80::1%lo']],
    ['to nothing', []],
  ])('a name that resolves %s is refused', async (_, addresses) => {
    const { lookup } = answering(addresses);
    const agent = newAgent({ allowNetworks: ['127.0.0.2/32'], lookup });
    expect(await way(agent, `http://name.test:${inside.port}/`)).toBe('address_forbidden');
    expect(inside.connections).toBe(touched);
  });

  it('a name whose answer changes between look-ups is judged at each, by the address that is used', async () => {
    const { lookup, lookups } = answering(['127.0.0.2'], ['127.0.0.1'], ['127.0.0.2'], ['127.0.0.2', '127.0.0.1']);
    const agent = newAgent({ allowNetworks: ['127.0.0.2/32'], lookup });
    const url = `http://rebinding.test:${outside.port}/`;
    const results = [];
    for (let n = 0; n < 5; n += 1) results.push((await way(agent, url)).trim());
    const refused = 'address_forbidden';
    expect(results).toEqual(['200', refused, '200', refused, refused]);
    // One look-up a connection: none is made for the check alone, whose answer another one would replace.
    expect(lookups).toHaveLength(5);
    expect(inside.connections).toBe(touched);
  });

  it('a name without an address, or whose look-up fails, is told as such', async () => {
    // Reserved (RFC 6761): the system's own look-up never finds it.
    const url = `http://nobody.invalid:${inside.port}/`;
    expect(await way(newAgent(), url)).toMatch(name === 'callback' ? /^(ENOTFOUND|EAI_AGAIN)$/ : /^dns_error$/);
  });

  it('a redirect to inside is not followed', async () => {
    const redirecting = await startRawServer({
      host: '127.0.0.2',
      onRequest: (socket) =>
        void socket.end(
          `HTTP/1.1 307 Inside\r\nlocation: http://127.0.0.1:${inside.port}/\r\ncontent-length: 0\r\n\r\n`,
        ),
    });
    const agent = newAgent({ allowNetworks: ['127.0.0.2/32'] });
    const result = await way(agent, `http://127.0.0.2:${redirecting.port}/`);
    await redirecting.close();
    expect(result.trim()).toBe(name === 'callback' ? 'redirect_refused' : '307');
    expect(inside.connections).toBe(touched);
  });
});
