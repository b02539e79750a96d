import { type Hash, isEd25519, isHmac } from './check.js';
import { fromBase64, fromHex, joined, utf8 } from './encoding.js';
import { WebhookVerificationError } from './error.js';
import type { Keys } from './keys.js';
import type { HeaderLookUp } from './request.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** What a request says of its signature; nothing of it is proved. */
export type Claim =
  | { readonly id: string; readonly timestamp: string; readonly signatures: readonly Signature[] }
  | { readonly id: null; readonly hash: Hash; readonly signature: Bytes };

interface Signature {
  readonly scheme: 'v1' | 'v1a';
  readonly bytes: Bytes;
}

/**
 * A sender signs with five secrets and five key pairs at most; each signature that is tried costs a pass over the body.
 */
const MAX_SIGNATURES = 16;
/** Without a dot: `id.timestamp.body` must not be read in two ways. */
const ID = /^[^.\s]{1,255}$/;
const TIMESTAMP = /^\d{1,12}$/;
const OF_BODY = /^(?:sha256=([0-9a-f]{64})|sha512=([0-9a-f]{128}))$/;

/**
 * Reads the headers of Standard Webhooks, or, where `requireTimestamp` is false and they are absent,
 * X-Webhook-Signature. A request that has `webhook-signature` is judged by that alone.
 * @throws WebhookVerificationError `missing_headers`, `timestamp_required`, `invalid_timestamp`, `invalid_signature`.
 */
export function readClaim(header: HeaderLookUp, requireTimestamp: boolean): Claim {
  const signatures = header('webhook-signature');
  if (signatures !== null) return ofStandard(header, signatures);
  const ofBody = header('x-webhook-signature');
  if (ofBody === null) {
    throw new WebhookVerificationError(
      'missing_headers',
      'The request has no webhook-signature and no X-Webhook-Signature.',
    );
  }
  if (requireTimestamp) {
    throw new WebhookVerificationError(
      'timestamp_required',
      'X-Webhook-Signature alone has no timestamp, so that a request once overheard could be sent again for ever. requireTimestamp: false takes it.',
    );
  }
  const [, sha256, sha512] = OF_BODY.exec(ofBody) ?? [];
  const hex = sha256 ?? sha512;
  if (hex === undefined)
    throw invalid('X-Webhook-Signature is not sha256= or sha512= and that many lower-case hexadecimal digits.');
  return { id: null, hash: sha256 === undefined ? 'SHA-512' : 'SHA-256', signature: fromHex(hex) };
}

function ofStandard(header: HeaderLookUp, text: string): Claim {
  const id = header('webhook-id');
  const timestamp = header('webhook-timestamp');
  if (id === null || timestamp === null) {
    throw new WebhookVerificationError(
      'missing_headers',
      'Beside webhook-signature, webhook-id and webhook-timestamp are needed.',
    );
  }
  if (!ID.test(id)) throw invalid('webhook-id is empty, too long, or has a dot or a space in it.');
  if (!TIMESTAMP.test(timestamp)) {
    throw new WebhookVerificationError('invalid_timestamp', 'webhook-timestamp is not in whole seconds since 1970.');
  }
  const signatures = text.split(' ', MAX_SIGNATURES).flatMap(ofVersion);
  if (signatures.length === 0) throw invalid('webhook-signature has no signature of v1 or v1a.');
  return { id, timestamp, signatures };
}

/** Versions that nobody knows yet are passed over, as Standard Webhooks says. */
function ofVersion(text: string): Signature[] {
  const [scheme, base64 = ''] = text.split(',', 2);
  if (scheme !== 'v1' && scheme !== 'v1a') return [];
  const bytes = fromBase64(base64);
  return bytes === undefined ? [] : [{ scheme, bytes }];
}

/**
 * Checks that one of the keys made one of the signatures over the body.
 * @throws WebhookVerificationError `invalid_signature`; `keys_unavailable` when remote keys are needed and cannot be
 * had.
 */
export async function checkSignature(claim: Claim, body: Bytes, keys: Keys): Promise<void> {
  if (claim.id === null) {
    const { hash, signature } = claim;
    if (await some(keys.secrets, (key) => isHmac(key, hash, signature, body))) return;
    throw invalid(NO_KEY);
  }
  const content = joined([utf8(`${claim.id}.${claim.timestamp}.`), body]);
  const of = (scheme: Signature['scheme']) => claim.signatures.filter((one) => one.scheme === scheme);
  const shared = await some(of('v1'), ({ bytes }) =>
    some(keys.secrets, (key) => isHmac(key, 'SHA-256', bytes, content)),
  );
  if (shared) return;
  const ed25519 = of('v1a');
  const madeBy = (publicKeys: readonly Bytes[]) =>
    some(ed25519, ({ bytes }) => some(publicKeys, (key) => isEd25519(key, bytes, content)));
  if (ed25519.length > 0) {
    if (await madeBy(keys.publicKeys)) return;
    for (const remote of keys.remote) {
      if (await madeBy(await remote.current())) return;
      if (await madeBy((await remote.refreshed()) ?? [])) return;
    }
  } else if (keys.secrets.length === 0) {
    throw invalid(
      'Only a public key is given, and the request has no signature of v1a. Turn on asymmetric signatures for the webhook.',
    );
  }
  throw invalid(NO_KEY);
}

const NO_KEY =
  'None of the given keys made the signature over this body. Pass the secret of this webhook, and the body as it came, byte for byte.';

async function some<T>(values: readonly T[], holds: (value: T) => Promise<boolean>): Promise<boolean> {
  for (const value of values) if (await holds(value)) return true;
  return false;
}

function invalid(message: string): WebhookVerificationError {
  return new WebhookVerificationError('invalid_signature', message);
}
