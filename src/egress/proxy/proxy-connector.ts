import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import type { GuardedLookup } from '../guarded-lookup.js';
import { openHttpTunnel } from './http-tunnel.js';
import type { Tunnel } from './proxy-error.js';
import { openSocks5Tunnel } from './socks5-tunnel.js';

/**
 * Connects through the operator's proxy: looks the host up here, and asks for a tunnel to an address that was checked, never to the name, which
 * might resolve otherwise there. TLS runs inside the tunnel, against the name, by `secure`. The proxy itself may be anywhere.
 */
export function createProxyConnector(
  proxy: URL,
  lookup: GuardedLookup,
  timeoutMs: number,
  secure: buildConnector.connector,
): buildConnector.connector {
  const open: (tunnel: Tunnel) => Promise<Socket> = proxy.protocol === 'socks5:' ? openSocks5Tunnel : openHttpTunnel;

  /** Tries the addresses in turn, within one time limit. */
  async function openAny(hostname: string, port: number): Promise<Socket> {
    const addresses = await addressesOf(lookup, hostname);
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeoutMs);
    let failure: unknown;
    try {
      for (const { address, family } of addresses) {
        try {
          return await open({ proxy, address, family, port, signal: limit.signal });
        } catch (error) {
          failure = error;
          if (limit.signal.aborted) break;
        }
      }
    } finally {
      // Not AbortSignal.timeout: that one would end the connection while it is in use.
      clearTimeout(timer);
    }
    throw failure;
  }

  return (target, callback) => {
    openAny(target.hostname, Number(target.port)).then(
      (socket) => {
        if (target.protocol === 'https:') secure({ ...target, httpSocket: socket }, callback);
        else callback(null, socket.setNoDelay(true).setKeepAlive(true, 60_000));
      },
      (error) => callback(error, null),
    );
  };
}

function addressesOf(lookup: GuardedLookup, hostname: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, {}, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });
}
