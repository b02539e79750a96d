import { createSecretKey } from 'node:crypto';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { HooklineError } from '../../errors.js';
import { KEY_SET_ALGORITHMS, keySetAt } from './key-set.js';

/** Node takes 16 KiB of headers in all. */
const LONGEST_TOKEN = 8_192;
/** How far the clock of whoever makes the tokens may be off. */
const CLOCK_TOLERANCE_SECONDS = 30;

export interface TokenKeys {
  /** Verifies tokens of HS256, and those alone. */
  readonly jwtSecret?: string | undefined;
  /** Verifies tokens of every other algorithm. */
  readonly jwksUrl?: string | undefined;
  /** What `iss` has to be; absent: anything. */
  readonly jwtIssuer?: string | undefined;
}

export interface VerifiedToken {
  readonly payload: JWTPayload;
  /** Whether it was signed with the shared secret, which only the service and whoever makes its tokens hold. */
  readonly underSecret: boolean;
}

/**
 * Makes the function that verifies a token: its signature, `exp`, `nbf`, and `iss` where one is set. It throws an error of the catalogue that
 * says what is wrong and never repeats the token; `token_keys_not_set` and `jwks_unavailable` when that cannot be told.
 */
export function tokenVerifier({ jwtSecret, jwksUrl, jwtIssuer }: TokenKeys): (token: string) => Promise<VerifiedToken> {
  const secret = jwtSecret === undefined ? undefined : createSecretKey(jwtSecret, 'utf8');
  const keySet = jwksUrl === undefined ? undefined : keySetAt(jwksUrl);
  const checks = {
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['exp'],
    ...(jwtIssuer !== undefined && { issuer: jwtIssuer }),
  };
  return async (token) => {
    const algorithm = algorithmOf(token);
    if (secret === undefined && keySet === undefined) throw new HooklineError('token_keys_not_set');
    const underSecret = algorithm === 'HS256';
    try {
      if (underSecret && secret !== undefined) {
        const { payload } = await jwtVerify(token, secret, { ...checks, algorithms: ['HS256'] });
        return { payload, underSecret };
      }
      if (!underSecret && keySet !== undefined && KEY_SET_ALGORITHMS.includes(algorithm)) {
        const { payload } = await jwtVerify(token, keySet, { ...checks, algorithms: KEY_SET_ALGORITHMS });
        return { payload, underSecret };
      }
    } catch (error) {
      throw refusalOf(error);
    }
    throw new HooklineError('invalid_token', 'No key here is for the algorithm of the token.');
  };
}

/** The key of the service and tokens of our own have been looked at before. */
const NO_TOKEN = "This is not the server's service key, and no token: neither one that Hookline made nor a JWT.";

function algorithmOf(token: string): string {
  if (token.length > LONGEST_TOKEN) {
    throw new HooklineError('malformed_token', `The token is longer than ${LONGEST_TOKEN} characters.`);
  }
  if (!/^[\w-]+\.[\w-]*\.[\w-]*$/.test(token)) throw new HooklineError('malformed_token', NO_TOKEN);
  try {
    return decodeProtectedHeader(token).alg ?? '';
  } catch {
    throw new HooklineError('malformed_token', NO_TOKEN);
  }
}

/** Only an error of jose's without key or token in it becomes a cause; none does, since the words say enough. */
function refusalOf(error: unknown): HooklineError {
  if (error instanceof HooklineError) return error;
  if (error instanceof errors.JWTExpired) return new HooklineError('token_expired', 'JWT expired');
  if (error instanceof errors.JWTClaimValidationFailed) return wrongClaim(error);
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    return new HooklineError('invalid_token', 'Several keys fit the token: it has to name one with kid.');
  }
  const malformed = [errors.JWSInvalid, errors.JWTInvalid, errors.JOSENotSupported].some(
    (type) => error instanceof type,
  );
  return new HooklineError(malformed ? 'malformed_token' : 'invalid_token');
}

function wrongClaim({ claim, reason }: errors.JWTClaimValidationFailed): HooklineError {
  if (claim === 'iss') return new HooklineError('invalid_token_issuer');
  if (claim === 'nbf' && reason === 'check_failed') return new HooklineError('token_not_active');
  return new HooklineError('malformed_token', `The claim ${claim} is missing or of a wrong type.`);
}
