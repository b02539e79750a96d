import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ProxyError, partsOf, type Tunnel, unreachable } from './proxy-error.js';

const CLOSED = "The operator's egress proxy closed the connection.";
const VERSION = 5;
const NO_AUTHENTICATION = 0;
const USER_AND_PASSWORD = 2;
const CONNECT = 1;
/** Types of an address, with the bytes of it; a name (3) says its length itself. */
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

/** Replies (RFC 1928, 6) that tell of the endpoint and not of the proxy, as the codes that Node gives for the same. */
const ENDPOINT_CODES: Readonly<Record<number, string>> = {
  3: 'ENETUNREACH',
  4: 'EHOSTUNREACH',
  5: 'ECONNREFUSED',
  6: 'EHOSTUNREACH',
};

/** Opens a tunnel by SOCKS5 (RFC 1928, 1929) to an address. Rejects with ProxyError, or with why the endpoint cannot be reached. */
export async function openSocks5Tunnel(tunnel: Tunnel): Promise<Socket> {
  const { user, password, ...server } = partsOf(tunnel.proxy);
  const socket = connect({ ...server, signal: tunnel.signal, noDelay: true });
  const broken = (): unknown => socket.destroy(new ProxyError(CLOSED));
  // Stays, since nobody else listens before the first use of the socket; whoever uses it sees that it has failed.
  socket.on('error', () => undefined).once('end', broken);
  try {
    await once(socket, 'connect');
    await authenticate(socket, user, password);
    await requestConnection(socket, tunnel);
    socket.off('end', broken);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error instanceof EndpointError ? error : unreachable(error);
  }
}

/** What the proxy says of the endpoint. */
class EndpointError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`The egress proxy says ${code}.`);
    this.code = code;
  }
}

async function authenticate(socket: Socket, user: string, password: string): Promise<void> {
  const methods = user === '' ? [NO_AUTHENTICATION] : [NO_AUTHENTICATION, USER_AND_PASSWORD];
  socket.write(Buffer.from([VERSION, methods.length, ...methods]));
  const [version, method] = await read(socket, 2);
  if (version !== VERSION) throw new ProxyError("The operator's egress proxy does not speak SOCKS5.");
  if (method === NO_AUTHENTICATION) return;
  if (method !== USER_AND_PASSWORD || user === '') {
    throw new ProxyError("The operator's egress proxy wants another way to sign in.");
  }
  const parts = [user, password].map((part) => Buffer.from(part, 'utf8'));
  socket.write(Buffer.concat([Buffer.from([1]), ...parts.flatMap((part) => [Buffer.from([part.length]), part])]));
  const [, status] = await read(socket, 2);
  if (status !== 0) throw new ProxyError("The operator's egress proxy refused the credentials.");
}

async function requestConnection(socket: Socket, { address, family, port }: Tunnel): Promise<void> {
  const type = family === 6 ? IPV6 : IPV4;
  const bytes = ipaddr.parse(address).toByteArray();
  socket.write(Buffer.from([VERSION, CONNECT, 0, type, ...bytes, port >> 8, port & 255]));
  const [version, reply = -1, , boundType] = await read(socket, 4);
  if (version !== VERSION) throw new ProxyError("The operator's egress proxy does not speak SOCKS5.");
  const endpointCode = ENDPOINT_CODES[reply];
  if (endpointCode !== undefined) throw new EndpointError(endpointCode);
  if (reply !== 0) throw new ProxyError(`The operator's egress proxy answered ${reply} to CONNECT.`);
  // The address it has bound is of no use here, but it stands before the first byte of the endpoint.
  await read(socket, (await addressLength(socket, boundType)) + 2);
}

async function addressLength(socket: Socket, type: number | undefined): Promise<number> {
  if (type === IPV4) return 4;
  if (type === IPV6) return 16;
  if (type === NAME) return (await read(socket, 1))[0] ?? 0;
  throw new ProxyError("The operator's egress proxy does not speak SOCKS5.");
}

/** The next bytes, and not one more: what follows stays in the socket. */
function read(socket: Socket, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const closed = (): void => reject(socket.errored ?? new ProxyError(CLOSED));
    const look = (): void => {
      const chunk: Buffer | null = socket.read(bytes);
      if (chunk === null) return;
      socket.off('readable', look).off('close', closed);
      if (chunk.length === bytes) resolve(chunk);
      else reject(new ProxyError(CLOSED));
    };
    socket.on('readable', look).on('close', closed);
    if (socket.destroyed) closed();
  });
}
