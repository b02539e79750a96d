import ipaddr from 'ipaddr.js';

/** Whether an address is of this machine alone; an IPv4 one in IPv6's form, too. What is no address is not. */
export function isLoopbackAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}
