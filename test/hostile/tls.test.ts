import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { call, LOOPBACK, ownPath, summary, useAgents } from './calling.js';
import { type RawServer, type RawServerOptions, startRawServer, wellFormed } from './raw-server.js';

const pem = (name: string): string => readFileSync(new URL(`certificates/${name}.pem`, import.meta.url), 'utf8');
const answerWell: RawServerOptions = { onRequest: (socket, { path }) => void socket.write(wellFormed(path)) };

describe('TLS', () => {
  const newAgent = useAgents();
  let server: RawServer;
  afterEach(() => server.close());

  /** An agent that trusts the authority of the fixtures and finds every name on this machine. */
  const trusting = (ca = pem('authority')) =>
    newAgent({
      allowNetworks: LOOPBACK,
      ca,
      lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });

  it('that is in order carries the call, and its connection is used again', async () => {
    server = await startRawServer({ ...answerWell, tls: pem('right') });
    const agent = trusting();
    for (const path of [ownPath(), ownPath(), ownPath(), ownPath()]) {
      expect(summary(await call(agent, `https://receiver.test:${server.port}${path}`))).toBe(`200 ${path}`);
    }
    // A call that comes in the same turn as the answer before finds the connection not yet free.
    expect(server.connections).toBeLessThan(4);
  });

  it.each([
    ['an expired certificate', 'expired', 'receiver.test', 'authority', /CERT_HAS_EXPIRED/],
    ['the certificate of another host', 'wrong-host', 'receiver.test', 'authority', /ALTNAME_INVALID/],
    ['the certificate of a name, at an address', 'right', '127.0.0.1', 'authority', /ALTNAME_INVALID/],
    ['a self-signed certificate', 'self-signed', 'receiver.test', 'authority', /SELF_SIGNED/],
    ['the certificate of an unknown authority', 'right', 'receiver.test', 'self-signed', /UNABLE_TO_/],
  ])('with %s is tls_error, and nothing is sent', async (_, certificate, host, authority, reason) => {
    server = await startRawServer({ ...answerWell, tls: pem(certificate) });
    const agent = trusting(pem(authority));
    for (let n = 0; n < 3; n += 1) {
      const outcome = await call(agent, `https://${host}:${server.port}/`);
      expect(outcome).toMatchObject({ kind: 'unanswered', code: 'tls_error', message: expect.stringMatching(reason) });
    }
    expect(server.requests).toEqual([]);
  });

  it.each<[string, string, string, RawServerOptions]>([
    [
      'plain HTTP on an https port',
      'https',
      'tls_error',
      { onConnection: (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')) !== null },
    ],
    ['TLS on an http port', 'http', 'connection_reset', { ...answerWell, tls: pem('right') }],
    [
      'garbage for a handshake',
      'https',
      'tls_error',
      { onConnection: (socket) => socket.once('data', () => socket.write(Buffer.alloc(2_000, 7))) !== null },
    ],
    ['no handshake at all', 'https', 'timeout', { onConnection: (socket) => socket.pause() !== null }],
    ['a close at the handshake', 'https', 'connection_reset', { onConnection: (socket) => socket.destroy() !== null }],
  ])('%s (%s) is %s', async (_, scheme, code, behaviour) => {
    server = await startRawServer(behaviour);
    const outcome = await call(trusting(), `${scheme}://receiver.test:${server.port}/`, {
      timeoutMs: code === 'timeout' ? 1_000 : 10_000,
    });
    expect(summary(outcome)).toBe(code);
  });
});
