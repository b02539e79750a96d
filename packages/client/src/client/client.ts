import createFetchClient, { type Client, type Middleware } from 'openapi-fetch';
import type { paths } from '../api-types.js';
import { deliveryStreamOf, type StreamDeliveries } from '../stream/delivery-stream.js';
import { type Each, eachOf } from './each.js';
import { type RetryOptions, retryingFetch } from './retry.js';

export interface ClientOptions extends RetryOptions {
  /** Where the server is: `https://hookline.example.com`. */
  readonly url: string | URL;
  /** A user's token or API key, a portal token, or the service key; or what gives it, and is asked for every call. */
  readonly token: string | (() => string | Promise<string>);
}

/**
 * `GET`, `POST`, … of openapi-fetch for every path of the API, `each` for lists, and `streamDeliveries` for the live
 * stream.
 */
export type HooklineClient = Client<paths> & { readonly each: Each; readonly streamDeliveries: StreamDeliveries };

/**
 * A client of the REST API. A call resolves to `{ data, error, response }` whatever the server answers (`ok` makes an
 * error of a refusal), and throws what `fetch` throws once the retries are used up. `POST /v1/events` gets an
 * Idempotency-Key when it has none, so that a retry triggers nothing twice.
 */
export function createClient({ url, token, ...retry }: ClientOptions): HooklineClient {
  const credentials: Middleware = {
    async onRequest({ request, schemaPath }) {
      request.headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
      const triggers = request.method === 'POST' && schemaPath === '/v1/events';
      if (triggers && !request.headers.has('idempotency-key')) {
        request.headers.set('idempotency-key', crypto.randomUUID());
      }
      return request;
    },
  };
  const calling = (options: RetryOptions): Client<paths> => {
    const client = createFetchClient<paths>({
      baseUrl: String(url).replace(/\/+$/, ''),
      fetch: retryingFetch(options),
    });
    client.use(credentials);
    return client;
  };
  const client = calling(retry);
  const { GET: getOnce } = calling({ ...retry, retries: 0 });
  return {
    ...client,
    each: eachOf(client.GET as unknown as Parameters<typeof eachOf>[0]),
    streamDeliveries: deliveryStreamOf(
      (params, signal) => getOnce('/v1/deliveries/stream', { params, signal, parseAs: 'stream' }),
      { ...retry, isTokenRenewed: typeof token === 'function' },
    ),
  };
}
