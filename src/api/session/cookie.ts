import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyRequest } from 'fastify';
import { HooklineError } from '../../errors.js';

export const SESSION_COOKIE = 'hookline_session';
/** Under which a browser sends it: the page itself needs none. */
const PATH = '/v1';
/** What browsers take for sure, name and attributes included (RFC 6265, 6.1). */
const LONGEST_BYTES = 4_096;
const ATTRIBUTES = { path: PATH, httpOnly: true, sameSite: 'strict' } as const;

/** For `Set-Cookie`: the browser forgets its session. */
export const NO_SESSION_COOKIE = stringifySetCookie(SESSION_COOKIE, '', { ...ATTRIBUTES, maxAge: 0 });

/** The sealed session that a request carries. On routes that are not under /v1 none counts, since browsers send none there. */
export function sealedSessionOf({ headers, routeOptions }: FastifyRequest): string | undefined {
  if (headers.cookie === undefined || routeOptions.url?.startsWith(`${PATH}/`) !== true) return undefined;
  const sealed = parseCookie(headers.cookie)[SESSION_COOKIE];
  return sealed === '' ? undefined : sealed;
}

/** For `Set-Cookie`, for so many seconds. Throws `credential_too_long` (422) when browsers would drop it. */
export function sessionCookie(sealed: string, { maxAge, secure }: { maxAge: number; secure: boolean }): string {
  const cookie = stringifySetCookie(SESSION_COOKIE, sealed, { ...ATTRIBUTES, maxAge, secure });
  if (Buffer.byteLength(cookie) <= LONGEST_BYTES) return cookie;
  throw new HooklineError('credential_too_long', undefined, {
    hint: 'Sign in with a portal token or an API key of the same user, or have fewer claims put into the token.',
  });
}
