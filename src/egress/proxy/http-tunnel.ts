import { request } from 'node:http';
import type { Socket } from 'node:net';
import { ProxyError, partsOf, type Tunnel, unreachable } from './proxy-error.js';

/** Opens a tunnel by HTTP CONNECT (RFC 9110, 9.3.6) to an address. Rejects with ProxyError. */
export function openHttpTunnel({ proxy, address, family, port, signal }: Tunnel): Promise<Socket> {
  const { user, password, ...server } = partsOf(proxy);
  const authority = family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
  const credentials = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  const headers = {
    host: authority,
    ...(user === '' && password === '' ? {} : { 'proxy-authorization': `Basic ${credentials}` }),
  };
  return new Promise((resolve, reject) => {
    request({ ...server, method: 'CONNECT', path: authority, headers, agent: false, signal })
      .once('connect', (response, socket: Socket, head) => {
        // Nobody listens between this and the first use of the socket; whoever uses it sees that it has failed.
        socket.on('error', () => undefined);
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) {
          if (head.length > 0) socket.unshift(head);
          resolve(socket);
        } else {
          socket.destroy();
          reject(new ProxyError(`The operator's egress proxy answered ${status} to CONNECT.`));
        }
      })
      .once('error', (error) => reject(unreachable(error)))
      .end();
  });
}
