import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HooklineError } from '../../errors.js';
import type { Sessions } from '../session/sessions.js';
import { type AccessTokens, isAccessToken } from './access-tokens.js';
import type { Caller } from './caller.js';
import { callerOfToken } from './caller-of-token.js';
import { type TokenKeys, tokenVerifier } from './token.js';

export interface AuthOptions extends TokenKeys {
  readonly serviceKey: string | undefined;
  /** What `aud` of a user's token has to name. Default `authenticated`. */
  readonly jwtAudience?: string | undefined;
  /** Knows API keys and portal tokens; absent: none is known. */
  readonly accessTokens?: AccessTokens | undefined;
  /** Knows the sessions of browsers; absent: none is known. */
  readonly sessions?: Sessions | undefined;
}

export interface Auth {
  /**
   * Who a request is from, by its `Authorization: Bearer`: the service key, an API key, a portal token or a JWT; without the header by the session of its cookie, which
   * seals one of these, and becomes `request.session`; without either nobody, `anon`. `beforeLookUp` is that of `AccessTokens.callerOf`. Throws `unauthorized` or what is wrong
   * with the token (401), `token_keys_not_set` or `jwks_unavailable` (503), and what `Sessions.of` does.
   */
  callerOf(request: FastifyRequest, beforeLookUp?: () => Promise<void>): Promise<Caller>;
  /** Who a credential is of, wherever it came from; otherwise as `callerOf`. */
  callerOfCredential(credential: string, beforeLookUp?: () => Promise<void>): Promise<Caller>;
  /** The same as `callerOf` where only the service may pass. Throws what `requireService` does. */
  serviceOf(request: FastifyRequest, beforeLookUp?: () => Promise<void>): Promise<Caller>;
  /**
   * A hook that lets only the service pass. It runs before the body is read. Throws `service_key_not_set` (503) while nobody could be the
   * service, `forbidden` (403) for a user, else `unauthorized` or what is wrong with the token (401).
   */
  requireService(request: FastifyRequest): Promise<void>;
}

const NO_KEY_HINT = 'Set HOOKLINE_SERVICE_KEY and start again.';
const WRONG_KEY_HINT =
  'Send Authorization: Bearer <HOOKLINE_SERVICE_KEY>; the embedded shape keeps it as serviceKey in keys.json of its data folder.';

/** Checks credentials: the service key, and tokens by the keys that are set. */
export function createAuth(options: AuthOptions): Auth {
  const { serviceKey, jwtAudience = 'authenticated', accessTokens, sessions, ...keys } = options;
  const isServiceKey = comparison(serviceKey);
  const verify = tokenVerifier(keys);

  const callerOfCredential: Auth['callerOfCredential'] = async (credential, beforeLookUp) => {
    if (isServiceKey(credential)) return { kind: 'service' };
    if (accessTokens !== undefined && isAccessToken(credential)) return accessTokens.callerOf(credential, beforeLookUp);
    return callerOfToken(await verify(credential), jwtAudience);
  };

  const credentialInSession = async (request: FastifyRequest): Promise<string | undefined> => {
    const session = await sessions?.of(request);
    if (session !== undefined) request.session = session;
    return session?.credential;
  };

  const callerOf: Auth['callerOf'] = async (request, beforeLookUp) => {
    const { authorization } = request.headers;
    const credential = authorization === undefined ? await credentialInSession(request) : bearerOf(authorization);
    if (credential !== undefined) return callerOfCredential(credential, beforeLookUp);
    if (authorization === undefined) return { kind: 'anon' };
    throw new HooklineError('unauthorized', 'Authorization takes Bearer and a token.');
  };

  const hasKnownForm = (credential: string): boolean =>
    isServiceKey(credential) || credential.includes('.') || isAccessToken(credential);

  const serviceOf: Auth['serviceOf'] = async (request, beforeLookUp) => {
    if (serviceKey === undefined && keys.jwtSecret === undefined) {
      throw new HooklineError('service_key_not_set', undefined, { hint: NO_KEY_HINT });
    }
    const { authorization } = request.headers;
    const credential = authorization === undefined ? await credentialInSession(request) : bearerOf(authorization);
    if (credential === undefined || !hasKnownForm(credential)) {
      throw new HooklineError('unauthorized', undefined, { hint: WRONG_KEY_HINT });
    }
    // Known already in the scopes that know callers.
    const caller = request.caller ?? (await callerOfCredential(credential, beforeLookUp));
    if (caller.kind !== 'service') throw new HooklineError('forbidden', undefined, { hint: WRONG_KEY_HINT });
    return caller;
  };

  return {
    callerOf,
    callerOfCredential,
    serviceOf,
    async requireService(request) {
      await serviceOf(request);
    },
  };
}

function bearerOf(authorization: string): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}

/** Compares with the key in constant time; digests are of one length, which that needs. */
function comparison(key: string | undefined): (given: string) => boolean {
  if (key === undefined) return () => false;
  const expected = digest(key);
  return (given) => timingSafeEqual(digest(given), expected);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
