import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPortGuard } from '../../src/egress/port-guard.js';
import { useAgents } from './calling.js';
import { WAYS } from './paths.js';
import { type RawServer, startRawServer } from './raw-server.js';

describe('ports', () => {
  const newAgent = useAgents();
  let server: RawServer;
  beforeAll(async () => {
    server = await startRawServer({
      onRequest: (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
    });
  });
  afterAll(() => server.close());

  it.each(Object.entries(WAYS))('that are not in the list are refused before a connection, by %s', async (_, way) => {
    const url = `http://127.0.0.1:${server.port}/`;
    const before = server.connections;
    for (const allowPorts of [[], [[80, 80]], [[1, server.port - 1]], [[server.port + 1, 65_535]]] as const) {
      expect(await way(newAgent({ allowPorts }), url)).toBe('port_forbidden');
    }
    expect(server.connections).toBe(before);
    const allowPorts = [[443, 443] as const, [server.port, server.port] as const];
    expect((await way(newAgent({ allowPorts }), url)).trim()).toBe('200');
  });

  it('of a scheme are meant when a URL names none', async () => {
    const agent = newAgent({ allowPorts: [[8_000, 8_999]] });
    for (const url of ['http://127.0.0.1/', 'https://127.0.0.1/']) {
      expect(await WAYS['delivery']?.(agent, url)).toBe('port_forbidden');
    }
  });

  it('of other protocols are refused without a list', () => {
    const guard = createPortGuard(undefined);
    for (const port of [0, 22, 23, 25, 53, 110, 143, 389, 465, 587, 6000, 6379, 6667, 11_211]) {
      expect(guard(port), String(port)).toBe(false);
    }
    for (const port of [80, 443, 3000, 8080, 8443, 9000, 65_535]) expect(guard(port), String(port)).toBe(true);
    expect(createPortGuard([[25, 25]])(25)).toBe(true);
  });
});
