import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { parseSecretKeys, type SecretKey } from '../config/secret-keys.js';
import { HooklineError } from '../errors.js';

/** Whose secret it is. What was encrypted for one place opens in no other. */
export interface Place {
  readonly kind: 'webhook' | 'headers' | 'signing_key';
  /** The webhook; nothing for the keys of the installation. */
  readonly id: string;
}

const CIPHER = 'aes-256-gcm';
/** hookline.secret_key_of reads the same. */
const SEALED = /^hle1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]+)$/;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Opening takes 10 us, a look here 0.1 us; a secret with its ciphertext takes 0.4 kB. */
const REMEMBERED = 10_000;

/**
 * The keys of HOOKLINE_SECRET_KEYS. A sealed secret is `hle1.<key id>.<base64url of nonce, ciphertext and tag>`: AES-256-GCM, with the key's id and the place
 * as additional data.
 */
export class Keyring {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #opened = new LRUCache<string, Place & { readonly secret: string }>({ max: REMEMBERED });
  /** The id of the key that seals; undefined without keys. */
  readonly sealingId: string | undefined;

  constructor(keys: readonly SecretKey[]) {
    this.#keys = new Map(keys.map(({ id, bytes }) => [id, createSecretKey(bytes)]));
    this.sealingId = keys[0]?.id;
  }

  get ids(): readonly string[] {
    return [...this.#keys.keys()];
  }

  has(id: string): boolean {
    return this.#keys.has(id);
  }

  /** What tells the key from another of the same id, and nothing else of it. Throws `secret_key_missing`. */
  proofOf(id: string): string {
    return createHmac('sha256', this.#keyOf(id)).update('hookline: proof of a secret key').digest('base64url');
  }

  /** Each key as `id:proof`, as hookline.workers has them. */
  get proofs(): readonly string[] {
    return this.ids.map((id) => `${id}:${this.proofOf(id)}`);
  }

  /** Encrypts with the first key. Throws `secret_key_missing` when there is none. */
  seal(place: Place, secret: string): string {
    const id = this.sealingId ?? '';
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#keyOf(id), nonce).setAAD(aadOf(id, place));
    const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `hle1.${id}.${sealed.toString('base64url')}`;
  }

  /**
   * Gives the secret of what is stored: as it is where it is in the clear. Throws `secret_key_missing` when its key is not here, `secret_unreadable` when it was
   * not made with the key of this id for this place, or was changed.
   */
  open(place: Place, stored: string): string {
    const known = this.#opened.get(stored);
    if (known?.id === place.id && known.kind === place.kind) return known.secret;
    const [, id, base64] = SEALED.exec(stored) ?? [];
    if (id === undefined || base64 === undefined) return stored;
    const secret = this.#decrypt(id, place, Buffer.from(base64, 'base64url'), base64);
    this.#opened.set(stored, { ...place, secret });
    return secret;
  }

  #decrypt(id: string, place: Place, sealed: Buffer, base64: string): string {
    const key = this.#keyOf(id);
    // base64 has spare bits at its end, which decoding ignores.
    const isWhole = sealed.length >= NONCE_BYTES + TAG_BYTES && sealed.toString('base64url') === base64;
    try {
      if (!isWhole) throw new Error('cut short');
      const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(aadOf(id, place))
        .setAuthTag(sealed.subarray(-TAG_BYTES));
      const inside = sealed.subarray(NONCE_BYTES, -TAG_BYTES);
      return Buffer.concat([decipher.update(inside), decipher.final()]).toString('utf8');
    } catch {
      // No cause: it says no more than that.
      throw new HooklineError('secret_unreadable', `A stored secret does not open with the key ${id}.`, {
        hint: 'HOOKLINE_SECRET_KEYS has another key of this id, or the stored text was changed or moved from another row.',
      });
    }
  }

  #keyOf(id: string): KeyObject {
    const key = this.#keys.get(id);
    if (key === undefined) throw secretKeyMissing([id]);
    return key;
  }
}

/** Without a key: what is in the clear is read, nothing is encrypted. */
export const NO_KEYS = new Keyring([]);

/** Throws `invalid_config` for what is no value of HOOKLINE_SECRET_KEYS; never repeats it. */
export function keyringOf(text: string): Keyring {
  const keys = parseSecretKeys(text);
  if (keys !== undefined) return new Keyring(keys);
  throw new HooklineError('invalid_config', 'Keys are id:key, separated by commas, each key 32 bytes in base64.');
}

/** The error of keys that are not here. */
export function secretKeyMissing(ids: readonly string[]): HooklineError {
  return new HooklineError(
    'secret_key_missing',
    `Secrets are encrypted with keys that are not here: ${ids.join(', ')}.`,
    {
      hint: 'Give them in HOOKLINE_SECRET_KEYS, beside the one that encrypts. `hookline secrets status` tells which are needed. Lost for good: docs/secrets-at-rest.md.',
    },
  );
}

/** Whether a proof is that of the key, told in constant time. */
export function isProof(keyring: Keyring, id: string, proof: string): boolean {
  const [given, own] = [Buffer.from(proof), Buffer.from(keyring.proofOf(id))];
  return given.length === own.length && timingSafeEqual(given, own);
}

function aadOf(id: string, { kind, id: owner }: Place): Buffer {
  return Buffer.from(`hle1.${id}.${kind}.${owner}`, 'utf8');
}
