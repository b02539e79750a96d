import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HooklineError } from '../../errors.js';
import { sealedSessionOf, sessionCookie } from './cookie.js';
import { hostCheck } from './hosts.js';
import { checkCsrfToken, checkSameOrigin, isReading } from './same-origin.js';
import { createSealing, type SealingKeys, type Session } from './sealing.js';

const LONGEST_SECONDS = 12 * 3_600;

export interface SessionOptions extends SealingKeys {
  /** Names, as `host` or `host:port`, under which the dashboard may be opened; see `hostCheck`. */
  readonly allowedHosts?: readonly string[] | undefined;
}

export interface NewSession {
  readonly credential: string;
  /** When the credential ends by itself, in seconds since 1970; absent: never. */
  readonly endsAt: number | undefined;
  /** See `Session`. */
  readonly givenBy?: string | undefined;
}

/** Sessions of browsers, each in a cookie of its own that seals a credential: the server keeps none. */
export interface Sessions {
  /** Throws `host_not_allowed` (421). */
  checkHost(request: FastifyRequest): void;
  /**
   * The session of the request's cookie, undefined without one. Throws `host_not_allowed` (421), `cross_origin_request` and `csrf_token_missing` (403) where another page may have sent
   * it, and `session_expired` (401).
   */
  of(request: FastifyRequest): Promise<Session | undefined>;
  /** Begins a session, for twelve hours or as long as its credential lasts. Throws `token_expired` (401) and `credential_too_long` (422). */
  begin(request: FastifyRequest, reply: FastifyReply, session: NewSession): Promise<Session>;
}

export function createSessions({ allowedHosts = [], ...keys }: SessionOptions): Sessions {
  const { seal, open } = createSealing(keys);
  const checkHost = hostCheck(allowedHosts);
  return {
    checkHost,
    async of(request) {
      const sealed = sealedSessionOf(request);
      if (sealed === undefined) return undefined;
      checkHost(request);
      checkSameOrigin(request);
      const session = await open(sealed);
      if (!isReading(request)) checkCsrfToken(request, session.csrfToken);
      return session;
    },
    async begin(request, reply, { credential, endsAt = Number.POSITIVE_INFINITY, givenBy }) {
      const now = Math.floor(Date.now() / 1000);
      const maxAge = Math.floor(Math.min(LONGEST_SECONDS, endsAt - now));
      // Tokens are taken a little beyond their end, for clocks that differ.
      if (maxAge <= 0) throw new HooklineError('token_expired');
      const csrfToken = randomBytes(32).toString('base64url');
      const session: Session = { credential, csrfToken, givenBy, endsAt: now + maxAge };
      const secure = request.protocol === 'https' || (request.headers.origin?.startsWith('https:') ?? false);
      reply.header('set-cookie', sessionCookie(await seal(session), { maxAge, secure }));
      return session;
    },
  };
}
