import ipaddr from 'ipaddr.js';

/** Thrown for an address that deliveries, callbacks and verification may not reach. */
export class AddressForbiddenError extends Error {
  readonly code = 'address_forbidden';

  constructor(host: string) {
    super(`${host} is a private or special address, which the operator has not allowed.`);
    this.name = 'AddressForbiddenError';
  }
}

export type AddressGuard = (address: string) => boolean;

/** IPv6's global unicast; whatever lies outside (loopback, ULA, site-local, NAT64, IPv4-compatible, …) is special. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/**
 * Makes the test that says whether an IP address may be reached: public unicast, or inside one of `allowNetworks` (CIDRs).
 * An IPv4-mapped IPv6 address is judged as the IPv4 address it means. What is no IP address is refused. Throws on a CIDR that is none.
 */
export function createAddressGuard(allowNetworks: readonly string[]): AddressGuard {
  const allowed = allowNetworks.map((network) => ipaddr.parseCIDR(network));
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    if (allowed.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits))) return true;
    return address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(GLOBAL_IPV6));
  };
}
