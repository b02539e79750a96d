import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const JWT_SECRET = 'the-jwt-secret-of-tests-32-characters';

/** Claims, which may be of wrong types; one that is undefined is left out. */
export type TokenClaims = Readonly<Record<string, unknown>>;

/** The claims of a signed-in user's token, as Supabase makes it. */
export function userClaims(sub: string, more: TokenClaims = {}): TokenClaims {
  return { sub, role: 'authenticated', aud: 'authenticated', exp: inSeconds(3600), ...more };
}

export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** A token of HS256. */
export function sign(claims: TokenClaims, secret: string = JWT_SECRET, header: TokenClaims = {}): Promise<string> {
  const key = new TextEncoder().encode(secret);
  return new SignJWT(json(claims)).setProtectedHeader(json({ alg: 'HS256', typ: 'JWT', ...header })).sign(key);
}

/** Through JSON, which takes the types off and leaves out what is undefined. */
function json(value: TokenClaims) {
  return JSON.parse(JSON.stringify(value));
}

/** A token whose parts are written as they are, with any signature. */
export function forge(header: object, claims: object, signature = ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}

export interface SigningKey {
  /** The public key as a set holds it, without `alg`. */
  readonly jwk: JWK & { readonly kid: string };
  sign(claims: TokenClaims, header?: TokenClaims): Promise<string>;
}

/** A key pair. `alg` is what it signs with unless a header says otherwise. */
export async function signingKey(alg: string, kid: string): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid },
    sign: (claims, header = {}) =>
      new SignJWT(json(claims)).setProtectedHeader(json({ alg, kid, ...header })).sign(privateKey),
  };
}

export interface KeyServer {
  readonly url: string;
  /** The keys that it answers with. */
  keys: JWK[];
  /** Answers in place of the keys. */
  answer: RequestListener | undefined;
  /** How often it was asked. */
  asked: number;
  close(): void;
}

/** A JSON Web Key Set on loopback. */
export async function serveKeys(keys: JWK[]): Promise<KeyServer> {
  const server = createServer((request, response) => {
    served.asked += 1;
    if (served.answer !== undefined) served.answer(request, response);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: served.keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const served: KeyServer = {
    url: `http://127.0.0.1:${port}/jwks.json`,
    keys,
    answer: undefined,
    asked: 0,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return served;
}
