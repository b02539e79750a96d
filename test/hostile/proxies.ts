import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A small proxy of the tests: it makes every tunnel that is asked for, and keeps what was asked. */
export interface TestProxy {
  /** With the credentials that it wants. */
  readonly url: string;
  /** `address:port` as the request for a tunnel names it; IPv6 in brackets. */
  readonly targets: readonly string[];
  close(): Promise<void>;
}

export interface TestProxyOptions {
  readonly user?: string;
  readonly password?: string;
  /** Takes over from what the proxy would answer to a request for a tunnel. */
  readonly instead?: (socket: Socket) => void;
}

const sockets = new WeakMap<Server, Set<Socket>>();

async function listen(server: Server): Promise<number> {
  const open = new Set<Socket>();
  sockets.set(server, open);
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  server.close();
  for (const socket of sockets.get(server) ?? []) socket.destroy();
  await once(server, 'close');
}

/** Joins both ways; every address leads to this machine. */
function join(client: Socket, port: number, opened: () => void): void {
  const upstream = connect(port, '127.0.0.1', () => {
    opened();
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => client.destroy());
  client.on('close', () => upstream.destroy());
}

/** HTTP CONNECT. */
export async function startHttpProxy(options: TestProxyOptions = {}): Promise<TestProxy> {
  const { user = 'me', password = 'p@ss:word', instead } = options;
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const targets: string[] = [];
  const server = createHttpServer().on('connect', (request, socket: Socket) => {
    targets.push(request.url ?? '');
    if (instead !== undefined) instead(socket);
    else if (request.headers['proxy-authorization'] !== expected) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    } else {
      const port = Number(request.url?.split(':').at(-1));
      join(socket, port, () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    }
  });
  const port = await listen(server);
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return { url: `http://${credentials}@127.0.0.1:${port}`, targets, close: () => close(server) };
}

/** SOCKS5 with user and password; writes its answers byte by byte, as a network may. */
export async function startSocks5Proxy(
  options: TestProxyOptions & { readonly reply?: number } = {},
): Promise<TestProxy> {
  const { user = 'me', password = 'p@ss:word', instead, reply = 0 } = options;
  const targets: string[] = [];

  async function serve(socket: Socket): Promise<void> {
    const [, methods = 0] = await take(socket, 2);
    await take(socket, methods);
    await drip(socket, [5, 2]);
    const [, userLength = 0] = await take(socket, 2);
    const givenUser = await take(socket, userLength);
    const [passwordLength = 0] = await take(socket, 1);
    const givenPassword = await take(socket, passwordLength);
    const isRight = givenUser.toString() === user && givenPassword.toString() === password;
    await drip(socket, [1, isRight ? 0 : 1]);
    if (!isRight) return void socket.end();
    const [, , , type] = await take(socket, 4);
    const address = await take(socket, type === 4 ? 16 : 4);
    const port = (await take(socket, 2)).readUInt16BE();
    targets.push(`${type === 4 ? `[${address.toString('hex')}]` : address.join('.')}:${port}`);
    if (instead !== undefined) return instead(socket);
    if (reply !== 0) return void socket.end(Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]));
    // A bound name: the longest form of this answer.
    join(socket, port, () => socket.write(Buffer.from([5, 0, 0, 3, 4, ...Buffer.from('host'), 0, 80])));
  }

  const server = createServer((socket) => void serve(socket).catch(() => socket.destroy()));
  const port = await listen(server);
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return { url: `socks5://${credentials}@127.0.0.1:${port}`, targets, close: () => close(server) };
}

function take(socket: Socket, bytes: number): Promise<Buffer> {
  if (bytes === 0) return Promise.resolve(Buffer.alloc(0));
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const chunk: Buffer | null = socket.read(bytes);
      if (chunk === null) return;
      socket.off('readable', look).off('close', reject);
      resolve(chunk);
    };
    socket.on('readable', look).on('close', reject);
  });
}

async function drip(socket: Socket, bytes: readonly number[]): Promise<void> {
  for (const byte of bytes) {
    socket.write(Buffer.from([byte]));
    await new Promise(setImmediate);
  }
}
