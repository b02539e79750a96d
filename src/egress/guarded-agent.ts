import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { bareHost } from '../config/bare-host.js';
import { AddressForbiddenError, createAddressGuard } from './address-guard.js';
import { createGuardedLookup, type GuardedLookup, type Lookup } from './guarded-lookup.js';
import { createPortGuard, PortForbiddenError, type PortRange } from './port-guard.js';
import { createProxyConnector } from './proxy/proxy-connector.js';

export interface GuardedAgentOptions {
  /** CIDRs that may be reached although they are private or special. */
  readonly allowNetworks: readonly string[];
  /** The ports that may be reached; absent: all but those of other protocols (port-guard.ts). */
  readonly allowPorts?: readonly PortRange[] | undefined;
  /** The URL (http: or socks5:) of a proxy that makes the connections; absent: they are made directly. */
  readonly egressProxy?: string | undefined;
  /** Looks names up; default: the system. */
  readonly lookup?: Lookup;
  /** The authorities (PEM) that certificates are checked against; default: Node's. */
  readonly ca?: string;
}

const CONNECT_TIMEOUT_MS = 30_000;
/** An endpoint may ask for its idle connections to be kept; each is a file descriptor here. */
const LONGEST_IDLE_MS = 60_000;
/** Node's default, which its command line may change; `headers_too_large` names it. */
const HEADERS_LIMIT_BYTES = 16 * 1024;

/**
 * The connection pool for every call that goes to a URL from outside. The address is checked at the look-up that the connection uses, and
 * at the literal, since Node looks nothing up for one. Follows no redirects. Its time limits are off: each caller has one deadline over all.
 * Connections to one origin are as many as calls: a bound would let the endpoint of one tenant hold up another's on the same host.
 * Throws on a network that is no CIDR.
 */
export function createGuardedAgent(options: GuardedAgentOptions): Agent {
  const { allowNetworks, allowPorts, egressProxy, ca } = options;
  const mayReach = createAddressGuard(allowNetworks);
  const mayUse = createPortGuard(allowPorts);
  const lookup = createGuardedLookup(mayReach, options.lookup);
  const tls = { timeout: CONNECT_TIMEOUT_MS, allowH2: false, ...(ca === undefined ? {} : { ca }) };
  const connector =
    egressProxy === undefined
      ? buildConnector({ ...tls, lookup: forSocket(lookup) })
      : createProxyConnector(new URL(egressProxy), lookup, CONNECT_TIMEOUT_MS, buildConnector(tls));
  return new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    maxHeaderSize: HEADERS_LIMIT_BYTES,
    keepAliveMaxTimeout: LONGEST_IDLE_MS,
    connect(target, callback) {
      const host = bareHost(target);
      const port = portOf(target);
      if (!mayUse(port)) callback(new PortForbiddenError(port), null);
      else if (isIP(host) !== 0 && !mayReach(host)) callback(new AddressForbiddenError(host), null);
      else connector({ ...target, hostname: host, port: String(port) }, callback);
    },
  });
}

function portOf({ port, protocol }: buildConnector.Options): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

type SocketCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Node asks for one address or for all. */
function forSocket(lookup: GuardedLookup) {
  return (hostname: string, options: LookupOptions, callback: SocketCallback): void => {
    lookup(hostname, options, (error, addresses) => {
      const [first] = addresses;
      if (error !== null || first === undefined || options.all) callback(error, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
