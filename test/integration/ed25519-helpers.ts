import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { Database } from '../../src/db/database.js';
import { asService } from '../../src/db/roles.js';
import { publicKeySet } from '../../src/manage/signing-keys/signing-keys.js';
import type { ReceivedRequest } from '../harness/receiver-server.js';
import { SERVICE_KEY } from './api-client.js';
import { type ContractAnswer, contract } from './api-contract.js';

export interface KeySet {
  readonly keys: readonly (JsonWebKey & { readonly kid: string })[];
}

/** The public keys as anybody gets them. */
export async function keySet(url: string): Promise<KeySet> {
  const response = await fetch(`${url}/.well-known/webhook-keys`);
  if (response.status !== 200) throw new Error(`${response.status} for the key set: ${await response.text()}`);
  return (await response.json()) as KeySet;
}

/** The key set as it stands in the database: a server may show that of a moment ago. */
export async function publishedNow(db: Database): Promise<KeySet> {
  return JSON.parse((await asService(db, publicKeySet, 'read')) ?? '{"keys":[]}') as KeySet;
}

/** The `v1a` signatures of a request, without that prefix. */
export function asymmetricOf({ headers }: Pick<ReceivedRequest, 'headers'>): string[] {
  const signatures = String(headers['webhook-signature']).split(' ');
  return signatures.filter((one) => one.startsWith('v1a,')).map((one) => one.slice('v1a,'.length));
}

/** Of each signature the `kid` of the key that verifies it, as Standard Webhooks describes it; undefined where none does. */
export function verifiedBy(
  request: Pick<ReceivedRequest, 'headers' | 'body'>,
  { keys }: KeySet,
): (string | undefined)[] {
  const { headers, body } = request;
  const signed = Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);
  return asymmetricOf(request).map((signature) => {
    const key = keys.find((jwk) =>
      verify(null, signed, createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(signature, 'base64')),
    );
    return key?.kid;
  });
}

/** POST /v1/signing-keys/rotate, as the service unless a bearer is given; held to the document. */
export async function rotateKeys(url: string, body: object = {}, bearer = SERVICE_KEY): Promise<ContractAnswer<Body>> {
  const call = await contract(url);
  return call('POST', '/v1/signing-keys/rotate', { bearer, body });
}

type Body = Record<string, unknown>;
