import { Client } from '@planetscale/database';
import type { RowDataPacket } from 'mysql2/promise';
import {
  type PlanetscaleGateway,
  type PlanetscaleGatewayOptions,
  startPlanetscaleGateway,
} from '../../src/dev/planetscale-gateway/gateway.js';
import { type MariadbDatabase, newMariadbDatabase } from './mariadb-databases.js';
import { waitUntil } from './wait-until.js';

export interface TestGateway extends PlanetscaleGateway {
  /** The real driver on it: a session of its own for each call. */
  readonly client: Client;
  /** The database behind it, without the gateway. */
  readonly database: MariadbDatabase;
  /** Ends the gateway, and leaves the database. */
  closeGateway(): Promise<void>;
  /** Ends gateway and database. */
  close(): Promise<void>;
}

export const GATEWAY_USER = 'gateway-user';
export const GATEWAY_PASSWORD = 'gateway.password-1';

/** A PlanetScale-protocol gateway before a fresh database on the MariaDB of this run: empty, or with the migrations. */
export async function startTestGateway({
  migrated = false,
  ...options
}: Partial<PlanetscaleGatewayOptions> & { readonly migrated?: boolean } = {}): Promise<TestGateway> {
  const database = await newMariadbDatabase({ migrated });
  const gateway = await startPlanetscaleGateway({
    mysql: database.url,
    user: GATEWAY_USER,
    password: GATEWAY_PASSWORD,
    ...options,
  }).catch(async (error: unknown) => {
    await database.drop();
    throw error;
  });
  return {
    ...gateway,
    client: new Client({ url: gateway.url }),
    database,
    closeGateway: () => gateway.close(),
    async close() {
      await gateway.close();
      await database.drop();
    },
  };
}

/** An answer of the gateway to a request that the driver would not make. */
export interface RawAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Asks the gateway without the driver. `init` replaces parts of a POST with the right login. */
export async function ask(
  gateway: PlanetscaleGateway,
  path: string,
  body: unknown,
  init: RequestInit = {},
): Promise<RawAnswer> {
  const url = new URL(path, gateway.url);
  url.username = '';
  url.password = '';
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: basic(GATEWAY_USER, GATEWAY_PASSWORD), 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...init,
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

export const EXECUTE = '/psdb.v1alpha1.Database/Execute';
export const CREATE_SESSION = '/psdb.v1alpha1.Database/CreateSession';

/** Waits until so many statements that hold the text run in the database. */
export async function untilRunning({ pool }: MariadbDatabase, text: string, count = 1): Promise<void> {
  const running = async (): Promise<boolean> => {
    const [rows] = await pool.query<RowDataPacket[]>(
      'SELECT id FROM information_schema.PROCESSLIST WHERE db = DATABASE() AND LOCATE(?, info) > 0 AND id <> CONNECTION_ID()',
      [text],
    );
    return rows.length === count;
  };
  await waitUntil(running, { message: `${count} of "${text}" to run in the database` });
}
