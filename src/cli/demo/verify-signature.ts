import crypto from 'node:crypto';

/**
 * The check that the documentation gives to subscribers, word for word: the demo shows that what Hookline sends passes it.
 * @param payload the body as Express parsed it
 * @returns whether the signature is genuine. Throws when it differs in length, as `timingSafeEqual` does.
 */
export function verifySignature(payload: unknown, signature: string, secret: string, algorithm: string): boolean {
  // biome-ignore lint/style/useTemplate: the code of the specification stays as it is
  const expected = algorithm + '=' + crypto.createHmac(algorithm, secret).update(JSON.stringify(payload)).digest('hex');
  return crypto.timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}
