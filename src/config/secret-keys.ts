/** A key that secrets are encrypted with at rest. */
export interface SecretKey {
  /** Stands beside what is encrypted with it. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Buffer;
}

const KEY = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]{43})=?$/;

/** Reads `id:base64,id:base64`, keys of 32 bytes each, the first of which encrypts. Undefined: it is something else, or an id stands there twice. */
export function parseSecretKeys(text: string): readonly SecretKey[] | undefined {
  const keys: SecretKey[] = [];
  for (const item of text.split(',').map((part) => part.trim())) {
    const [, id, base64] = KEY.exec(item) ?? [];
    if (id === undefined || base64 === undefined || keys.some((key) => key.id === id)) return undefined;
    keys.push({ id, bytes: Buffer.from(base64, 'base64') });
  }
  return keys;
}
