import { Client } from '@planetscale/database';
import {
  type PlanetscaleApi,
  type PlanetscaleApiOptions,
  startPlanetscaleApi,
} from '../../src/dev/planetscale-api/api.js';
import { type MariadbDatabase, newMariadbDatabase } from './mariadb-databases.js';

export const ORGANIZATION = 'acme';
export const DATABASE = 'app';
export const TOKEN_ID = 'token-id-1';
export const TOKEN = 'pscale_tkn_test';

export interface TestPlanetscaleApi extends PlanetscaleApi {
  /** What a provider is given to reach it. */
  readonly settings: {
    readonly api: string;
    readonly organization: string;
    readonly database: string;
    readonly tokenId: string;
    readonly token: string;
  };
  /** Production, the branch `main`. */
  readonly database: MariadbDatabase;
  /** Asks the API, with the token; the path is that below the database: `/branches`. */
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<Body>>;
  /** Runs SQL on a branch, past the API, as somebody with a password would. */
  run(branch: string, ...statements: readonly string[]): Promise<void>;
  /** Ends the stand-in and leaves state, branches and database: another can go on with them. */
  stop(): Promise<void>;
  /** Another stand-in on the same database, after `stop`. */
  restart(): Promise<TestPlanetscaleApi>;
  /** Ends the stand-in and drops its branches and its state; production stays. */
  closeApi(): Promise<void>;
  /** Ends the stand-in and drops everything. */
  close(): Promise<void>;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined where there is none. */
  readonly body: Body;
}

type Options = Partial<PlanetscaleApiOptions> & { readonly migrated?: boolean };

/** PlanetScale's API before a fresh database of the run's MariaDB, empty or with the migrations; a branch is ready at once, a step of a deployment takes 20 ms. */
export async function startTestPlanetscaleApi({
  migrated = false,
  ...options
}: Options = {}): Promise<TestPlanetscaleApi> {
  const database = await newMariadbDatabase({ migrated });
  try {
    return await startOn(database, options);
  } catch (error) {
    await database.drop();
    throw error;
  }
}

async function startOn(
  database: MariadbDatabase,
  options: Partial<PlanetscaleApiOptions>,
): Promise<TestPlanetscaleApi> {
  const all = {
    mysql: database.url,
    organization: ORGANIZATION,
    database: DATABASE,
    tokenId: TOKEN_ID,
    token: TOKEN,
    ...options,
    delays: { branchMs: 0, stepMs: 20, ...options.delays },
  };
  const api = await startPlanetscaleApi(all);
  const { organization, database: name, tokenId, token } = all;
  const base = `${api.url}/v1/organizations/${organization}/databases/${name}`;

  async function call<Body>(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(path.startsWith('/faults') ? api.url + path : base + path, {
      method,
      headers: {
        authorization: `${tokenId}:${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  return {
    ...api,
    call,
    async run(branch, ...statements) {
      const { url } = await api.gateway(branch);
      const client = new Client({ url });
      for (const statement of statements) await client.execute(statement);
    },
    settings: { api: api.url, organization, database: name, tokenId, token },
    database,
    stop: () => api.close({ keep: true }),
    restart: () => startOn(database, options),
    closeApi: () => api.close(),
    async close() {
      await api.close();
      await database.drop();
    },
  };
}
