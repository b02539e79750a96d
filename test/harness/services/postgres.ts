import { onFreePort } from './free-port.js';
import type { Kept } from './keep.js';
import { addressOf, ask, type Cluster, initialise, serve } from './postgres-cluster.js';
import { OLDEST_MAJOR, postgresServer } from './postgres-programs.js';
import type { RunningService, Service } from './service.js';

/** What survives a crash of the machine: nothing that tests write has to. A benchmark asks for `durable`, PostgreSQL's defaults. */
const DURABILITY = {
  none: { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' },
  durable: {},
} as const;

export const postgres: Service<{ readonly bin: string }> = {
  programs: postgresServer,
  variable: 'HOOKLINE_TEST_POSTGRES_URL',
  async check(address) {
    const [role] = await ask<{ can: boolean; version: number }>(
      address,
      `SELECT rolsuper OR (rolcreatedb AND rolcreaterole) AS can, current_setting('server_version_num')::int AS version
       FROM pg_roles WHERE rolname = current_user`,
    );
    if (!role?.can) throw new Error('its role must be a superuser, or have CREATEDB and CREATEROLE');
    if (role.version < OLDEST_MAJOR * 10_000) throw new Error(`it is older than PostgreSQL ${OLDEST_MAJOR}`);
  },
  start: ({ bin }) => startPostgres(bin),
};

/**
 * Starts a throw-away server from the programs in `bin`: on a free port of 127.0.0.1, with a data folder and a password of its own.
 * Throws with the end of the server's log when it does not start.
 */
export async function startPostgres(
  bin: string,
  options: { readonly durability?: keyof typeof DURABILITY } = {},
): Promise<RunningService> {
  const settings = DURABILITY[options.durability ?? 'none'];
  const { kept, address } = await serveNew(bin, settings);
  return { address, stop: () => kept.stop() };
}

/** A server on a cluster of its own. */
export interface Served {
  readonly cluster: Cluster;
  readonly port: number;
  /** An owner's URL. */
  readonly address: string;
  readonly kept: Kept;
}

/** Serves a new cluster on a free port. */
export function serveNew(bin: string, settings: Readonly<Record<string, string>>): Promise<Served> {
  const start = async (port: number): Promise<Served> => {
    const cluster = await initialise(bin);
    return { cluster, port, address: addressOf(cluster, port), kept: await serve(cluster, port, settings) };
  };
  return onFreePort(start);
}
