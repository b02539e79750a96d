import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HooklineError } from '../errors.js';

const NO_KEY_HINT = 'Set HOOKLINE_SERVICE_KEY and start again.';
const WRONG_KEY_HINT =
  'Send Authorization: Bearer <HOOKLINE_SERVICE_KEY>; the embedded shape keeps it as serviceKey in keys.json of its data folder.';

/**
 * A hook that lets only requests with `Authorization: Bearer <service key>` pass. It runs before the body is read.
 * Throws `service_key_not_set` (503) while there is no key, else `unauthorized` (401).
 */
export function requireServiceKey(serviceKey: string | undefined): (request: FastifyRequest) => Promise<void> {
  const expected = serviceKey === undefined ? undefined : digest(serviceKey);
  return async (request) => {
    if (expected === undefined) throw new HooklineError('service_key_not_set', undefined, { hint: NO_KEY_HINT });
    const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      throw new HooklineError('unauthorized', undefined, { hint: WRONG_KEY_HINT });
    }
  };
}

/** Digests are of one length, which a comparison in constant time needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
