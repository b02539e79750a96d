import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { type Config, loadConfig } from '../config.js';
import { HooklineError } from '../errors.js';
import { startHookline } from '../main.js';
import { createLogger } from '../observe/log.js';
import { keysFile } from '../start/keys.js';
import { Supervisor } from '../start/processes/supervisor.js';
import { forkWorker, isForked, tellReady } from '../start/processes/worker-process.js';
import { runUntilSignal } from '../start/signals.js';

export interface ServeOptions {
  readonly api: boolean;
  readonly worker: boolean;
  /** Processes of their own for the workers; absent: this process delivers. */
  readonly workers?: number;
}

interface Running {
  stop(): Promise<void>;
}

/** What `start`, `api` and `worker` share: settings from the environment, logs on standard output, until a signal. */
export async function serve({ api, worker, workers }: ServeOptions): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLogger(config.logLevel);
  await runUntilSignal(async () => {
    const running =
      workers === undefined
        ? await serveHere(config, { api, worker }, log)
        : await serveApart(config, { api, workers }, log);
    tellReady();
    return running;
  }, log);
}

async function serveHere(
  config: Config,
  parts: { readonly api: boolean; readonly worker: boolean },
  log: Logger,
): Promise<Running> {
  const running = await startHookline(config, { ...parts, log, takesOver: isForked() });
  const embedded = config.databaseUrl === undefined;
  log.info(
    {
      ...(running.url !== undefined && { url: running.url }),
      ...parts,
      database: embedded ? 'embedded' : 'postgres',
      ...(embedded && { data_dir: resolve(config.dataDir), keys_file: resolve(keysFile(config.dataDir)) }),
    },
    'hookline.started',
  );
  return running;
}

/** The API here, where it is wanted, and workers in processes of their own, which SIGHUP exchanges one by one. */
async function serveApart(
  config: Config,
  { api, workers }: { readonly api: boolean; readonly workers: number },
  log: Logger,
): Promise<Running> {
  if (config.databaseUrl === undefined) {
    throw new HooklineError(
      'needs_postgres',
      'Workers in processes of their own need PostgreSQL: the embedded database is of one process.',
      {
        hint: 'Set DATABASE_URL, or leave --workers out.',
      },
    );
  }
  let starting: Promise<Supervisor> | undefined;
  // From the beginning: without a listener the signal would end this process. Before there are workers, those that are started are as new as can be.
  process.on('SIGHUP', () => void starting?.then((started) => started.exchange()).catch(() => undefined));
  const here = api ? await serveHere(config, { api, worker: false }, log) : undefined;
  try {
    starting = Supervisor.start({
      count: workers,
      log,
      fork: (place) => forkWorker(['worker'], envOf(config, api, place)),
    });
    const supervisor = await starting;
    log.info({ workers, pids: supervisor.pids }, 'workers.started');
    return { stop: async () => void (await Promise.all([supervisor.stop(), here?.stop()])) };
  } catch (error) {
    await here?.stop();
    throw error;
  }
}

/** The environment of a worker: each needs a port of its own for its metrics, those after this process's where it has one, too. */
function envOf({ metricsPort }: Config, api: boolean, place: number): NodeJS.ProcessEnv {
  if (metricsPort === undefined || metricsPort === 0) return process.env;
  return { ...process.env, HOOKLINE_METRICS_PORT: String(metricsPort + place + (api ? 1 : 0)) };
}
