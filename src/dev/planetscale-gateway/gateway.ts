import { createHash } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { HooklineError } from '../../errors.js';
import { listen } from '../../start/listen.js';
import { createAuthorize } from './authorize.js';
import { createConnections } from './connections.js';
import { createExecute, type Execute } from './execute.js';
import { createExecutor } from './executor.js';
import { createFaults, type Faults } from './faults.js';
import { type Limits, PLANETSCALE_LIMITS } from './limits.js';
import { createServer } from './server.js';
import { createSessions } from './session.js';
import { createTransactions } from './transactions.js';

export interface PlanetscaleGatewayOptions {
  /** mysql://user:password@host:port/database of the MySQL or MariaDB behind it. */
  readonly mysql: string;
  /** What clients log in with: letters, digits and `-._~`, since the driver does not decode the credentials of a URL. */
  readonly user: string;
  readonly password: string;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Refuses DDL, as a branch with safe migrations does. */
  readonly safeMigrations?: boolean;
  /** Other limits than PlanetScale's. */
  readonly limits?: Partial<Limits>;
  readonly log?: Logger;
}

export interface PlanetscaleGateway {
  /** `http://user:password@host:port`, for `connect({ url })` and DATABASE_URL. */
  readonly url: string;
  readonly faults: Faults;
  /** Breaks off what runs, rolls back what is open, and ends every connection. Safe to call twice. */
  close(): Promise<void>;
}

const PLAIN = /^[\w.~-]+$/;

/**
 * Starts a development gateway: PlanetScale's HTTP protocol in front of a MySQL or MariaDB, for `@planetscale/database` as it is. Throws
 * `invalid_config` when an option cannot be used, `database_unavailable` or `database_refused` when the database cannot, `address_in_use`.
 */
export async function startPlanetscaleGateway(options: PlanetscaleGatewayOptions): Promise<PlanetscaleGateway> {
  const { mysql, user, password, host = '127.0.0.1', port = 0, safeMigrations = false } = options;
  const log = options.log ?? pino({ level: 'silent' });
  checkCredentials(user, password);
  const keyspace = databaseOf(mysql);
  const limits = { ...PLANETSCALE_LIMITS, ...options.limits };
  const connections = createConnections(mysql, limits, log);
  const transactions = createTransactions(connections, limits);
  const { faults, takeFor } = createFaults();
  const sessions = createSessions(createHash('sha256').update(`hookline sessions ${user}:${password}`).digest('hex'));
  const executor = createExecutor({ keyspace, safeMigrations, limits, connections, transactions });
  const inFlight = trackInFlight(createExecute({ keyspace, caller: user, sessions, executor, log }));
  const server = createServer({
    keyspace,
    caller: user,
    authorize: createAuthorize(user, password),
    sessions,
    execute: inFlight.execute,
    faults,
    takeFaultFor: takeFor,
    log,
  });

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= (async () => {
      // Closes the connections of clients, too, which aborts their statements.
      await server.close();
      await inFlight.settled();
      await transactions.closeAll();
      await connections.end();
    })();
    return closing;
  };

  try {
    await connections.check();
    const url = new URL(await listenOn(server, host, port));
    url.username = user;
    url.password = password;
    return { url: url.href.replace(/\/$/, ''), faults, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function checkCredentials(user: string, password: string): void {
  for (const [name, value] of [
    ['user', user],
    ['password', password],
  ] as const) {
    if (PLAIN.test(value)) continue;
    throw new HooklineError(
      'invalid_config',
      `The ${name} of the gateway is empty or holds characters that it cannot.`,
      {
        hint: 'It takes letters, digits and -._~: the driver does not decode the credentials of a URL.',
      },
    );
  }
}

/** The name of the database, which a URL for the gateway has to have: a session on PlanetScale is always in one. */
function databaseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'mysql:' || url.hostname === '') {
    throw new HooklineError('invalid_config', 'The URL of the MySQL behind the gateway cannot be used.', {
      hint: 'It takes a URL such as mysql://user:password@127.0.0.1:3306/database, with special characters in the password percent-encoded.',
    });
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === '') {
    throw new HooklineError('invalid_config', 'The URL of the MySQL behind the gateway names no database.', {
      hint: 'Put the name of one behind the port: mysql://user:password@127.0.0.1:3306/database.',
    });
  }
  return database;
}

async function listenOn(server: Parameters<typeof listen>[0], host: string, port: number): Promise<string> {
  try {
    return await listen(server, { host, port });
  } catch (error) {
    if (!(error instanceof HooklineError)) throw error;
    const hint =
      error.code === 'address_in_use'
        ? 'Stop that process, or choose another port with --port.'
        : '--host takes an address of this machine, --port a port that this user may open.';
    throw new HooklineError(error.code, error.message, { hint, cause: error.cause });
  }
}

/** Knows when all statements have ended, also those whose client has gone. */
function trackInFlight(execute: Execute): { execute: Execute; settled(): Promise<unknown> } {
  const running = new Set<Promise<unknown>>();
  return {
    execute(request, signal) {
      const promise = execute(request, signal);
      const tracked: Promise<unknown> = promise.catch(() => undefined).finally(() => running.delete(tracked));
      running.add(tracked);
      return promise;
    },
    settled: () => Promise.all(running),
  };
}
