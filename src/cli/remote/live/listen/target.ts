import { isIP } from 'node:net';
import type { Agent } from 'undici';
import { bareHost } from '../../../../config/bare-host.js';
import { AddressForbiddenError } from '../../../../egress/address-guard.js';
import { createGuardedAgent } from '../../../../egress/guarded-agent.js';
import { createGuardedLookup, type Lookup } from '../../../../egress/guarded-lookup.js';
import { isLoopbackAddress } from '../../../../egress/loopback.js';

const ANY_PORT = [[1, 65_535]] as const;

/** What the host of a URL is shown to be: undefined when it is, or resolves to, this machine alone. */
export async function foreignHostOf(url: string): Promise<string | undefined> {
  const host = hostOf(url);
  if (isIP(host) !== 0) return isLoopbackAddress(host) ? undefined : `${host} is not this machine`;
  const check = createGuardedLookup(isLoopbackAddress);
  return new Promise((resolve) => {
    check(host, {}, (error) => {
      if (error === null) resolve(undefined);
      else
        resolve(
          error instanceof AddressForbiddenError ? `${host} is not this machine alone` : `${host} is no known host`,
        );
    });
  });
}

/**
 * The connections to where deliveries are forwarded. Unless `allowRemote`, a name has to lead to this machine at each connection, not only at the
 * start. No proxy of the environment, no redirects. `lookup` looks names up; default: the system.
 */
export function createTargetAgent(allowRemote: boolean, lookup?: Lookup): Agent {
  if (allowRemote) return createGuardedAgent({ allowNetworks: ['0.0.0.0/0', '::/0'], allowPorts: ANY_PORT });
  return createGuardedAgent({
    allowNetworks: ['127.0.0.0/8', '::1/128'],
    allowPorts: ANY_PORT,
    lookup: createGuardedLookup(isLoopbackAddress, lookup),
  });
}

function hostOf(url: string): string {
  return bareHost(new URL(url));
}
