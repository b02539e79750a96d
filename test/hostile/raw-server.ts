import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A request as far as these tests read one. */
export interface RawRequest {
  readonly path: string;
  readonly head: string;
  readonly body: Buffer;
}

export interface RawServer {
  readonly port: number;
  /** Connections that were made to it. */
  readonly connections: number;
  /** Those that neither side has closed. */
  readonly open: number;
  /** Requests that came whole. */
  readonly requests: readonly RawRequest[];
  /** Breaks what is open and frees the port. */
  close(): Promise<void>;
}

export interface RawServerOptions {
  /** Answers a whole request. */
  readonly onRequest?: (socket: Socket, request: RawRequest) => void;
  /** Called before anything has come; true: it has the socket to itself. */
  readonly onConnection?: (socket: Socket) => boolean;
  /** Certificate and key, PEM. */
  readonly tls?: string;
  readonly host?: string;
}

/** An answer as a well-behaved endpoint gives it. */
export function wellFormed(text: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** Listens on a free loopback port and leaves every byte of the answers to the test. */
export async function startRawServer(options: RawServerOptions): Promise<RawServer> {
  const { onRequest, onConnection, tls, host = '127.0.0.1' } = options;
  const sockets = new Set<Socket>();
  const open = new Set<Socket>();
  const requests: RawRequest[] = [];
  let connections = 0;

  function serve(socket: Socket): void {
    connections += 1;
    open.add(socket);
    const closed = (): unknown => open.delete(socket);
    socket.on('error', () => undefined);
    socket.on('end', closed).on('close', closed);
    if (onConnection?.(socket)) return;
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (let next = firstOf(received); next !== undefined; next = firstOf(received)) {
        received = received.subarray(next.length);
        requests.push(next.request);
        onRequest?.(socket, next.request);
      }
    });
  }

  const settings = { allowHalfOpen: true, noDelay: true };
  const server =
    tls === undefined ? createServer(settings, serve) : createTlsServer({ ...settings, cert: tls, key: tls }, serve);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    get connections() {
      return connections;
    },
    get open() {
      return open.size;
    },
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** The request that `bytes` begin with, and how long it is; undefined while it is not whole. */
function firstOf(bytes: Buffer): { request: RawRequest; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const length = end + 4 + Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  if (bytes.length < length) return undefined;
  const [, path = ''] = head.split(' ', 2);
  return { request: { path, head, body: bytes.subarray(end + 4, length) }, length };
}
