import { type JsonWebKeySet, type VerificationKeys, verifyWebhook, WebhookVerificationError } from '@hookline/client';

/** The signatures that a call may carry, each by its header and scheme. */
export type SignatureKind = 'v1' | 'v1a' | 'x-webhook-signature';

/** What came of checking one of them. `wrong`: no given key made it; `broken`: it is not well-formed. */
export interface Checked {
  readonly kind: SignatureKind;
  readonly result: 'holds' | 'wrong' | 'broken';
}

interface SignedCall {
  /** As they were sent. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Byte by byte as it was sent. */
  readonly body: string;
  readonly secret: string;
  /** Reads the public keys of the installation; asked only where there is a signature of v1a. */
  readonly publicKeys: () => Promise<JsonWebKeySet>;
}

/**
 * Checks each signature of a recorded call by itself, as its receiver would, but for its age: a recorded call is old.
 * Throws TypeError for a secret that is not well-formed, and what `publicKeys` throws.
 */
export async function checkSignatures({ headers, body, secret, publicKeys }: SignedCall): Promise<readonly Checked[]> {
  const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const standard = (given.get('webhook-signature') ?? '').split(' ');
  const checks: Checked[] = [];
  for (const scheme of ['v1', 'v1a'] as const) {
    const signatures = standard.filter((one) => one.startsWith(`${scheme},`));
    if (signatures.length === 0) continue;
    const keys = scheme === 'v1' ? secret : await publicKeys();
    const signed = { ...only(given, 'webhook-id', 'webhook-timestamp'), 'webhook-signature': signatures.join(' ') };
    checks.push({ kind: scheme, result: await resultOf(signed, body, keys) });
  }
  if (given.has('x-webhook-signature')) {
    const signed = only(given, 'x-webhook-signature');
    checks.push({ kind: 'x-webhook-signature', result: await resultOf(signed, body, [secret, textOf(secret)]) });
  }
  return checks;
}

/** X-Webhook-Signature is made with a secret's text, also of one from elsewhere that begins with `whsec_`, which stands for other bytes. */
function textOf(secret: string): string {
  return `whsec_${btoa(String.fromCharCode(...new TextEncoder().encode(secret)))}`;
}

function only(given: ReadonlyMap<string, string>, ...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (given.has(name) ? [[name, given.get(name) ?? '']] : [])));
}

async function resultOf(
  headers: Record<string, string>,
  body: string,
  keys: VerificationKeys,
): Promise<Checked['result']> {
  try {
    await verifyWebhook({ headers, body }, keys, {
      toleranceSeconds: Number.POSITIVE_INFINITY,
      requireTimestamp: false,
    });
    return 'holds';
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    // The signature is judged before the body is read as JSON.
    if (error.code === 'invalid_json') return 'holds';
    return error.code === 'invalid_signature' ? 'wrong' : 'broken';
  }
}
