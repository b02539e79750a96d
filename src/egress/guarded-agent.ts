import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { AddressForbiddenError, type AddressGuard, createAddressGuard } from './address-guard.js';

export interface GuardedAgentOptions {
  /** CIDRs that may be reached although they are private or special. */
  readonly allowNetworks: readonly string[];
}

const CONNECT_TIMEOUT_MS = 30_000;

/**
 * The connection pool for every call that goes to a URL from outside. The address is checked at the look-up that the connection uses, and
 * at the literal, since undici looks nothing up for one. Follows no redirects. Its time limits are off: each caller has one deadline over all.
 */
export function createGuardedAgent({ allowNetworks }: GuardedAgentOptions): Agent {
  const guard = createAddressGuard(allowNetworks);
  const connector = buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(guard) });
  return new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    pipelining: 1,
    connect(options, callback) {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !guard(host)) callback(new AddressForbiddenError(host), null);
      else connector(options, callback);
    },
  });
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** A name is refused when any of its addresses is: a name that resolves outside and inside is made to slip through. */
function guardedLookup(guard: AddressGuard) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error) callback(error, []);
      else if (first === undefined || !addresses.every(({ address }) => guard(address))) {
        callback(new AddressForbiddenError(hostname), []);
      } else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
