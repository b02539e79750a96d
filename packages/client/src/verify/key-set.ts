import { fromBase64Url } from './encoding.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** Public keys as a JWK Set; those that are not of Ed25519 for signatures are passed over. */
export interface JsonWebKeySet {
  readonly keys: readonly object[];
}

/** The Ed25519 keys of a JWK Set. @throws TypeError when there are none. */
export function ofKeySet(set: unknown): Bytes[] {
  const keys: unknown = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : undefined;
  const found = Array.isArray(keys) ? keys.flatMap(ofJwk) : [];
  if (found.length === 0) throw new TypeError('There is no Ed25519 key (kty OKP, crv Ed25519) in the JWK Set.');
  return found;
}

function ofJwk(jwk: unknown): Bytes[] {
  if (typeof jwk !== 'object' || jwk === null) return [];
  const { kty, crv, x, use = 'sig' } = jwk as Readonly<Record<string, unknown>>;
  if (kty !== 'OKP' || crv !== 'Ed25519' || use !== 'sig' || typeof x !== 'string') return [];
  const bytes = fromBase64Url(x);
  return bytes?.length === 32 ? [bytes] : [];
}
