import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from '../../src/api/server.js';
import type { Database } from '../../src/db/database.js';
import { createUser } from '../harness/databases.js';
import { SERVICE_KEY, serveApi } from './api-client.js';
import { type ContractCall, contract } from './api-contract.js';
import { JWT_SECRET, sign, userClaims } from './api-tokens.js';

/** A signed-in user. */
export interface ApiUser {
  readonly id: string;
  readonly bearer: string;
}

/** A served API: `call` holds every answer to the OpenAPI document, `service` is such a call with the service key. */
export interface ContractedApi {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly call: ContractCall;
  readonly service: ContractCall;
  /** A new user. */
  user(): Promise<ApiUser>;
}

/** A server on a free loopback port that takes tokens of users and the service key. */
export async function serveContract(
  db: Database,
  options: Partial<Omit<ServerOptions, 'db'>> = {},
): Promise<ContractedApi> {
  const { app, url } = await serveApi(db, { jwtSecret: JWT_SECRET, ...options });
  const call = await contract(url);
  return {
    app,
    url,
    call,
    service: (method, path, more) => call(method, path, { bearer: SERVICE_KEY, ...more }),
    async user() {
      const id = await createUser(db);
      return { id, bearer: await sign(userClaims(id)) };
    },
  };
}
