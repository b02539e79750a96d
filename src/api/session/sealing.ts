import { hkdfSync, randomBytes } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { HooklineError } from '../../errors.js';

const KEY_BYTES = 32;
/** Tells what is sealed here from anything else that may ever be under a key of the same origin. */
const TYPE = 'hookline-session';

const Sealed = Type.Object({
  credential: Type.String({ minLength: 1 }),
  csrf_token: Type.String({ minLength: 1 }),
  given_by: Type.Optional(Type.String()),
  exp: Type.Integer(),
});

/** What a browser holds without being able to read it. */
export interface Session {
  /** What it was made from, which is checked on every request as a bearer would be. */
  readonly credential: string;
  /** What the page has to send beside the cookie with whatever changes something. */
  readonly csrfToken: string;
  /** Of a session that nobody signed in for: the process that gave it. */
  readonly givenBy?: string | undefined;
  /** In seconds since 1970. */
  readonly endsAt: number;
}

export interface SealingKeys {
  readonly serviceKey?: string | undefined;
  readonly jwtSecret?: string | undefined;
}

/** Seals sessions into text and opens it again. */
export interface Sealing {
  seal(session: Session): Promise<string>;
  /** Throws `session_expired` (401) for what has expired, was changed, or was sealed by another installation. */
  open(sealed: string): Promise<Session>;
}

/**
 * Seals as JWE (`dir`, `A256GCM`) under a key derived from the service key, else from the secret of tokens: servers that share it take each other's sessions. With
 * neither, the key is random, and sessions end with the process.
 */
export function createSealing({ serviceKey, jwtSecret }: SealingKeys): Sealing {
  const source = serviceKey ?? jwtSecret ?? randomBytes(KEY_BYTES);
  const key = new Uint8Array(hkdfSync('sha256', source, '', 'hookline session 1', KEY_BYTES));
  return {
    seal: ({ credential, csrfToken, givenBy, endsAt }) =>
      new EncryptJWT({ credential, csrf_token: csrfToken, ...(givenBy !== undefined && { given_by: givenBy }) })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ: TYPE })
        .setExpirationTime(endsAt)
        .encrypt(key),
    async open(sealed) {
      const { credential, csrf_token: csrfToken, given_by: givenBy, exp } = await opened(sealed, key);
      return { credential, csrfToken, givenBy, endsAt: exp };
    },
  };
}

async function opened(sealed: string, key: Uint8Array): Promise<Static<typeof Sealed>> {
  try {
    const { payload } = await jwtDecrypt(sealed, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      requiredClaims: ['exp'],
      typ: TYPE,
    });
    if (Value.Check(Sealed, payload)) return payload;
  } catch {
    // Whatever is wrong with it, the page has to sign in again.
  }
  throw new HooklineError('session_expired', undefined, { hint: 'Sign in again.' });
}
