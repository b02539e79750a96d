import { HooklineApiError, ok, type paths } from '@hookline/client';
import createFetchClient, { type Middleware } from 'openapi-fetch';
import { jsonOf } from './exact-json.js';

let csrfToken: string | null = null;

/** The session's token, which every write has to carry; null: there is no session. */
export function carryCsrfToken(token: string | null): void {
  csrfToken = token;
}

const csrf: Middleware = {
  onRequest({ request }) {
    if (csrfToken !== null && request.method !== 'GET') request.headers.set('x-csrf-token', csrfToken);
    return request;
  },
};

const SESSION = '/v1/session';
const listeners = new Set<(refusal: unknown) => void>();

/** Has `told` called with each refusal that says that nobody is signed in (any more), until the function that it gives back is called. Whoever signs in is told by the answer alone. */
export function onSignedOut(told: (refusal: unknown) => void): () => void {
  listeners.add(told);
  return () => listeners.delete(told);
}

const signedOut: Middleware = {
  async onResponse({ response, schemaPath }) {
    if (response.status !== 401 || schemaPath === SESSION) return;
    let problem: unknown;
    try {
      problem = await response.clone().json();
    } catch (error) {
      // A page that is left ends its requests before they have said why; the next is refused, too.
      if (!(error instanceof SyntaxError)) return;
    }
    const refusal = new HooklineApiError({ error: problem, response });
    for (const told of listeners) told(refusal);
  },
};

/** The API of the server that this page is from. The session's cookie goes along by itself. */
export const api = createFetchClient<paths>({ baseUrl: location.origin, bodySerializer: jsonOf });
api.use(csrf, signedOut);

export { ok };
