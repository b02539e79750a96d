import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import type { Database } from './db/database.js';
import { openDatabase } from './db/open.js';
import { startWorker } from './deliver/worker.js';
import { createGuardedAgent } from './egress/guarded-agent.js';
import { HooklineError } from './errors.js';
import { startExpiryLoop } from './maintain/expire.js';
import { startFollowUpLoop } from './maintain/follow-ups.js';
import { startReplayLoop } from './maintain/replay/replay.js';
import { startRetentionLoop } from './maintain/retention.js';
import { startSealingLoop } from './maintain/seal-secrets.js';
import { startVerificationLoop } from './maintain/verification/verification.js';
import { readElsewhere } from './manage/content/elsewhere.js';
import { Readiness } from './manage/readiness/readiness.js';
import { createMetrics } from './observe/metrics/metrics.js';
import { flushSpans } from './observe/trace/tracer.js';
import { VERSION } from './observe/version.js';
import { openReceiverStore } from './receive/receiver-store.js';
import { registerReceiver } from './receive/routes.js';
import { unfinishedOf } from './receive/unfinished.js';
import { Keyring } from './secrets/keyring.js';
import { checkSecretKeys } from './secrets/registry.js';
import { Sealer } from './secrets/sealer.js';
import { createBackground } from './start/background.js';
import { checkReceiverStore } from './start/check-receiver-store.js';
import { withEmbeddedKeys } from './start/keys.js';
import { listen } from './start/listen.js';
import { prepareDatabase } from './start/prepare-database.js';
import { createShutdown, type Phase } from './start/shutdown.js';
import { warnOfIdleCallbacks, warnOfMissingKeys } from './start/warn-of-missing-keys.js';

export interface StartOptions {
  /** Serve HTTP: the API and the receiver. */
  readonly api: boolean;
  /** Deliver, make replays, verify URLs, retry callbacks, encrypt secrets, expire what waited too long, remove what is old. */
  readonly worker: boolean;
  readonly log: Logger;
  /** Takes the place of a process that ends when this one runs: the port of its metrics may be that one's till then. */
  readonly takesOver?: boolean;
  /** See `SessionRoutes` of the API. The demo alone sets it. */
  readonly automaticCredential?: (() => Promise<string | undefined>) | undefined;
}

export interface RunningHookline {
  /** Where the API answers; undefined without it. */
  readonly url: string | undefined;
  /** Where metrics and probes are without credentials; undefined: nowhere. */
  readonly metricsUrl: string | undefined;
  /** The settings in force, with the keys that the embedded shape made for itself. */
  readonly config: Config;
  readonly db: Database;
  /** Stops accepting and claiming, finishes what is in flight within a bound, closes the database. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * The composition root: starts API, worker or both over one database. When a part fails to start, those before it are stopped again. The API's server is loaded where it is
 * started: a worker without it takes half the time to start, and a third less memory.
 * Throws `needs_postgres`, `invalid_config`, `data_dir_locked`, `not_migrated`, `address_in_use`, `database_unavailable` and what
 * `migrate` throws.
 */
export async function startHookline(given: Config, options: StartOptions): Promise<RunningHookline> {
  const { api, worker, log, automaticCredential, takesOver = false } = options;
  checkShape(given, api && worker);
  const db = await openDatabase({ ...given, onLockLost: (error) => endAtOnce(error, log) });
  const dispatcher = createGuardedAgent(given);
  const receiver = openReceiverStore(db, log, given);
  const background = createBackground(log);
  const readiness = new Readiness(db);
  let operation: FastifyInstance | undefined;
  const inFlight: Array<(boundMs: number) => Promise<unknown>> = [];
  const phases: Phase[] = [
    { name: 'in-flight', run: (boundMs) => Promise.all(inFlight.map((stop) => stop(boundMs))) },
    { name: 'background', run: () => background.settled() },
    { name: 'connections', run: () => Promise.all([dispatcher.destroy(), operation?.close()]) },
    { name: 'database', run: () => Promise.all([receiver.close(), db.close()]) },
    { name: 'spans', run: flushSpans },
  ];
  const shutDown = createShutdown(phases, log);
  const stop = (): Promise<void> => {
    readiness.stopping();
    return shutDown();
  };

  try {
    const config = db.kind === 'pglite' ? withEmbeddedKeys(given) : given;
    const { metricsPort } = config;
    // Where nobody can ask for them nothing is counted.
    const metrics =
      api || metricsPort !== undefined
        ? createMetrics({
            db,
            log,
            version: VERSION,
            database: db.kind,
            api,
            worker,
            unfinished: unfinishedOf(db, receiver.elsewhere),
            storedIn: receiver.elsewhere,
          })
        : undefined;
    let metricsUrl: string | undefined;
    if (metrics !== undefined && metricsPort !== undefined) {
      const { createOperationServer, listenForOperation } = await import('./start/operation-server.js');
      operation = createOperationServer({ metrics, readiness });
      const { host } = config;
      metricsUrl = await listenForOperation(operation, { host, port: metricsPort, takesOver, log });
    }
    await prepareDatabase(db, config, log);
    const keyring = new Keyring(config.secretKeys);
    await checkSecretKeys(db, keyring);
    const sealer = new Sealer({ db, keyring, log });
    await checkReceiverStore(receiver.store, log);
    let workerId: string | undefined;
    if (worker) {
      const deliveries = await startWorker({ db, log, dispatcher, keyring, metrics: metrics?.deliveries, ...config });
      workerId = deliveries.id;
      const beside = { db, log, metrics: metrics?.loops };
      const verification = startVerificationLoop({ ...beside, dispatcher, keyring });
      const loops = [
        startFollowUpLoop({ ...beside, db: receiver.elsewhere ?? db, receiver, dispatcher, ...config }),
        startExpiryLoop(beside),
        startRetentionLoop(beside),
        startReplayLoop(beside),
        startSealingLoop({ ...beside, sealer }),
      ];
      inFlight.push(
        (boundMs) => deliveries.stop(boundMs),
        (boundMs) => verification.stop(boundMs),
        ...loops.map((loop) => () => loop.stop()),
      );
    }
    if (!api) {
      warnOfIdleCallbacks(config, log);
      readiness.started(workerId);
      return { url: undefined, metricsUrl, config, db, stop };
    }

    warnOfMissingKeys(given, db.kind, log);
    const { waitUntil } = background;
    const mount = (app: FastifyInstance): void =>
      registerReceiver(app, { receiver, log, dispatcher, waitUntil, ...config });
    const contentElsewhere = receiver.elsewhere && readElsewhere(receiver.elsewhere);
    const { createServer } = await import('./api/server.js');
    const server = createServer({
      db,
      keyring,
      sealer,
      log,
      mount,
      automaticCredential,
      contentElsewhere,
      readiness,
      metrics,
      servesMetrics: metricsPort === undefined,
      ...config,
    });
    inFlight.push(() => server.close().finally(() => server.server.closeAllConnections()));
    const url = await listen(server, config);
    readiness.started(workerId);
    return { url, metricsUrl, config, db, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function checkShape(config: Config, inOneProcess: boolean): void {
  if (config.databaseUrl !== undefined) return;
  if (!inOneProcess) {
    throw new HooklineError(
      'needs_postgres',
      'API and worker apart need PostgreSQL: the embedded database is of one process.',
      {
        hint: 'Set DATABASE_URL, or run both in one process with `hookline start`.',
      },
    );
  }
  if (config.redisUrl !== undefined) {
    throw new HooklineError('invalid_config', 'REDIS_URL is set, but DATABASE_URL is not.', {
      hint: 'Set DATABASE_URL too: many workers need PostgreSQL. Or leave REDIS_URL out.',
    });
  }
  if (config.migrateDatabaseUrl !== undefined) {
    throw new HooklineError('invalid_config', 'HOOKLINE_MIGRATE_DATABASE_URL is set, but DATABASE_URL is not.', {
      hint: 'Set DATABASE_URL too, or neither for the embedded database.',
    });
  }
}

/** Another process may write to the folder now, and two lose rows silently: nothing may be finished first. */
function endAtOnce(error: Error, log: Logger): never {
  log.fatal({ err: error }, 'data_dir.lock_lost');
  process.exit(1);
}
