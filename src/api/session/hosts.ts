import type { FastifyRequest } from 'fastify';
import { isLoopbackAddress } from '../../egress/loopback.js';
import { HooklineError } from '../../errors.js';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Makes the check that a request came to a name of ours, so that no page whose own name leads to this address (DNS rebinding) reaches what a browser's session
 * opens. `allowed` holds names as `host` (at any port) or `host:port`; a server that listens on loopback has the names of loopback beside. One that listens elsewhere
 * and was given none takes every name. The check throws `host_not_allowed` (421).
 */
export function hostCheck(allowed: readonly string[]): (request: FastifyRequest) => void {
  const names = new Set(allowed.map((name) => name.toLowerCase()));
  return (request) => {
    const onLoopback = listensOnLoopback(request);
    if (names.size === 0 && !onLoopback) return;
    const host = request.headers.host?.toLowerCase() ?? '';
    const name = host.replace(/:\d{1,5}$/, '');
    if (names.has(host) || names.has(name) || (onLoopback && LOOPBACK_NAMES.includes(name))) return;
    throw new HooklineError('host_not_allowed', undefined, {
      hint: 'Name the host, as the browser shows it, in HOOKLINE_ALLOWED_HOSTS.',
    });
  };
}

/** One that does not listen at all is called from its own process. */
function listensOnLoopback({ server }: FastifyRequest): boolean {
  const address = server.server.address();
  return address === null || (typeof address === 'object' && isLoopbackAddress(address.address));
}
