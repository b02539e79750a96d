import { request as httpRequest } from 'node:http';

/** A cookie of Set-Cookie: its text for Cookie, and its attributes in lower case. */
export interface SetCookie {
  readonly cookie: string;
  readonly value: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** All of the header. */
  readonly text: string;
}

/** The session cookie that an answer sets; throws without one. */
export function setCookieOf(headers: Headers): SetCookie {
  const [text = ''] = headers.getSetCookie();
  const [cookie = '', ...rest] = text.split('; ');
  if (!cookie.startsWith('hookline_session=')) throw new Error(`No session was set: ${text}`);
  const attributes = Object.fromEntries(
    rest.map((part) => [part.split('=')[0]?.toLowerCase(), part.split('=')[1] ?? '']),
  );
  return { cookie, value: cookie.slice('hookline_session='.length), attributes, text };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly bytes: Buffer;
}

/** A request whose path and headers go as they are, Host included, which fetch does not let one choose. */
export function rawRequest(
  url: string,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const flat = new Headers();
        for (const [name, value] of Object.entries(response.headers)) {
          for (const one of [value].flat()) if (one !== undefined) flat.append(name, one);
        }
        resolve({ status: response.statusCode ?? 0, headers: flat, text: bytes.toString(), bytes });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A server with a session in hand. */
export interface SignedIn {
  readonly cookie: string;
  readonly csrf: string;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

/** POST /v1/session as the page does; throws when it is refused. */
export async function signIn(url: string, token: string, headers: Record<string, string> = {}): Promise<SignedIn> {
  const answer = await postSession(url, token, headers);
  if (answer.status !== 200) throw new Error(`refused: ${answer.text}`);
  const body: Record<string, unknown> = JSON.parse(answer.text);
  return {
    cookie: setCookieOf(answer.headers).cookie,
    csrf: String(body['csrf_token']),
    body,
    headers: answer.headers,
  };
}

/** POST /v1/session. */
export function postSession(url: string, token: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const body = JSON.stringify({ token });
  return rawRequest(url, '/v1/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}
