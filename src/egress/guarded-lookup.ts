import { type LookupAddress, type LookupAllOptions, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { isIP } from 'node:net';
import { AddressForbiddenError, type AddressGuard } from './address-guard.js';

type AllCallback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** `dns.lookup` for all addresses of a name. */
export type Lookup = (hostname: string, options: LookupAllOptions, callback: AllCallback) => void;

/**
 * A look-up that gives the addresses of a host only when each of them may be reached: a name that resolves outside and inside is made to slip
 * through. An address as host is checked too. Ends with AddressForbiddenError, or with what the look-up failed with.
 */
export function createGuardedLookup(guard: AddressGuard, lookup: Lookup = systemLookup) {
  return (host: string, options: LookupOptions, callback: AllCallback): void => {
    const family = isIP(host);
    const check: AllCallback = (error, addresses) => {
      // Node gives no addresses with an error, whatever its types say.
      if (error) callback(error, []);
      else if (addresses.length > 0 && addresses.every(({ address }) => guard(address))) callback(null, addresses);
      else callback(new AddressForbiddenError(host), []);
    };
    if (family === 0) lookup(host, { ...options, all: true }, check);
    else check(null, [{ address: host, family }]);
  };
}

export type GuardedLookup = ReturnType<typeof createGuardedLookup>;
