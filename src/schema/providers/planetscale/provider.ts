import type { Provider } from '../../provider.js';
import { createApply } from './apply.js';
import { createBranches } from './branches.js';
import { createConnections } from './connection.js';
import { createDeployRequests } from './deploy-requests.js';
import { createApi } from './http/client.js';
import type { DriverFetch } from './sql.js';

export interface PlanetscaleProviderOptions {
  /** `https://api.planetscale.com`, or where a stand-in listens. */
  readonly api: string;
  readonly organization: string;
  readonly database: string;
  /** Of a service token. */
  readonly tokenId: string;
  readonly token: string;
  /** How soon it looks again while it waits; it looks less often as time goes on. 1,000 by default. */
  readonly pollMs?: number;
  /** Time limit of one request. 15,000 by default. */
  readonly requestTimeoutMs?: number;
  /** Sends all requests, those of SQL too, in place of the global one. */
  readonly fetch?: typeof fetch;
}

const PRODUCTION = 'main';

/** Branches and deploy requests of a database at PlanetScale, over its REST API. Nothing is asked for until a method is called. */
export function createPlanetscaleProvider(options: PlanetscaleProviderOptions): Provider {
  const { pollMs = 1_000, requestTimeoutMs = 15_000, fetch = globalThis.fetch } = options;
  const api = createApi({ ...options, requestTimeoutMs, fetch, retryMs: pollMs / 2 });
  const driverFetch: DriverFetch = (input, init) => fetch(input, init);
  const passwords = { api, overHttp: new URL(options.api).protocol === 'http:', fetch: driverFetch, pollMs };
  const { connect, closeAll } = createConnections(passwords);
  return {
    name: 'planetscale',
    production: PRODUCTION,
    ...createBranches(api, pollMs),
    apply: createApply(passwords),
    connect,
    deployRequests: createDeployRequests(api, pollMs),
    close: closeAll,
  };
}
