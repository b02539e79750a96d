import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { HooklineError } from '../../errors.js';

/** The algorithms that a key of a set may be for. None is symmetric: whoever reads the set could sign with such a key. */
export const KEY_SET_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const FETCH_WITHIN_MS = 5_000;
/** How long a set is used before it is fetched again; a key that was withdrawn is taken this long. */
const KEPT_FOR_MS = 600_000;
/** A token with an unknown `kid` has the set fetched again, but not more often than this. */
const FETCH_AGAIN_AFTER_MS = 30_000;

const Jwk = Type.Object({ kty: Type.String(), crv: Type.Optional(Type.String()), alg: Type.Optional(Type.String()) });
const KeySet = Type.Object({ keys: Type.Array(Type.Unknown()) });

/** The one algorithm of a key that names none. */
const IMPLIED: Readonly<Record<string, string>> = {
  RSA: 'RS256',
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'EdDSA',
};

/**
 * Looks up the key of a token in the set at `url`, which is fetched when it is first needed, kept, and fetched again for an unknown `kid`. It throws
 * `jwks_unavailable` when the set cannot be fetched or used, and jose's error when no key of it fits.
 */
export function keySetAt(url: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: FETCH_WITHIN_MS,
    cacheMaxAge: KEPT_FOR_MS,
    cooldownDuration: FETCH_AGAIN_AFTER_MS,
    [customFetch]: async (address, init) => {
      const response = await fetch(address, init);
      return response.status === 200 ? Response.json(withFixedAlgorithms(await response.json())) : response;
    },
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new HooklineError('jwks_unavailable', undefined, {
        hint: 'Try again in a few seconds. Does HOOKLINE_JWKS_URL answer with a JSON Web Key Set?',
        cause: error,
      });
    }
  };
}

/** Every key with the algorithm that it is for, so that a token cannot choose another; keys for no algorithm of ours are left out. */
function withFixedAlgorithms(set: unknown): unknown {
  if (!Value.Check(KeySet, set)) return set;
  const keys = set.keys.flatMap((key) => {
    if (!Value.Check(Jwk, key)) return [];
    const alg = key.alg ?? IMPLIED[key.kty === 'RSA' ? 'RSA' : (key.crv ?? '')];
    return alg !== undefined && key.kty !== 'oct' && KEY_SET_ALGORITHMS.includes(alg) ? [{ ...key, alg }] : [];
  });
  return { keys };
}
