import { fromBase64, utf8 } from './encoding.js';
import { type JsonWebKeySet, ofKeySet } from './key-set.js';
import type { RemoteKeys } from './remote-keys.js';

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * What may have signed: a webhook's secret as it was given, or as `whsec_` + base64 of its bytes; a public key of
 * Ed25519 as `whpk_` + base64; a JWK Set; or `remoteKeys(url)`.
 */
export type VerificationKey = string | JsonWebKeySet | RemoteKeys;
export type VerificationKeys = VerificationKey | readonly VerificationKey[];

/** Keys by what they can verify: a public key is never taken for a secret. */
export interface Keys {
  readonly secrets: readonly Bytes[];
  readonly publicKeys: readonly Bytes[];
  readonly remote: readonly RemoteKeys[];
}

/**
 * Sorts the keys.
 * @throws TypeError when one is empty or not well-formed, or there is none: an unset variable must not make everything
 * pass.
 */
export function sortKeys(given: VerificationKeys): Keys {
  const secrets: Bytes[] = [];
  const publicKeys: Bytes[] = [];
  const remote: RemoteKeys[] = [];
  for (const key of isList(given) ? given : [given]) {
    if (typeof key === 'string' && key.startsWith('whpk_')) publicKeys.push(publicKey(key));
    else if (typeof key === 'string') secrets.push(secret(key));
    else if (typeof key === 'object' && key !== null && 'current' in key) remote.push(key);
    else publicKeys.push(...ofKeySet(key));
  }
  if (secrets.length + publicKeys.length + remote.length === 0) {
    throw new TypeError('There is no key to verify with. Pass the secret of the webhook; is its variable set?');
  }
  return { secrets, publicKeys, remote };
}

function isList(given: VerificationKeys): given is readonly VerificationKey[] {
  return Array.isArray(given);
}

function secret(text: string): Bytes {
  const bytes = text.startsWith('whsec_') ? fromBase64(text.slice(6)) : utf8(text);
  if (bytes === undefined) throw new TypeError('What follows whsec_ in the secret is not base64.');
  if (bytes.length === 0)
    throw new TypeError('The secret is empty. Pass the secret of the webhook; is its variable set?');
  return bytes;
}

function publicKey(text: string): Bytes {
  const bytes = fromBase64(text.slice(5));
  if (bytes?.length !== 32)
    throw new TypeError('What follows whpk_ is not the base64 of the 32 bytes of an Ed25519 key.');
  return bytes;
}
