import { bareHost } from '../../../config/bare-host.js';
import { createAddressGuard } from '../../../egress/address-guard.js';

/** Of this machine no operator's leave is known. */
const isPublic = createAddressGuard([]);

/** That a URL names this machine or a private address, where deliveries go by the operator's leave alone; undefined: it does not, or a look-up has to tell. */
export function remarkOnAddress(url: string): string | undefined {
  const host = bareHost(new URL(url));
  const isLocal = /(^|\.)localhost$/.test(host);
  const isForbidden = /^[\d.]+$|:/.test(host) && !isPublic(host);
  if (!isLocal && !isForbidden) return undefined;
  return 'A private address. The server calls public ones alone, unless its operator allows this network (HOOKLINE_ALLOW_NETWORKS); otherwise deliveries fail.';
}
