import { ok, type paths } from '@hookline/client';
import createFetchClient, { type Middleware } from 'openapi-fetch';

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

/** The API of the server that this page is from. The session's cookie goes along by itself. */
export const api = createFetchClient<paths>({ baseUrl: location.origin });
api.use(csrf);

export { ok };
