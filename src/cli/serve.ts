import { resolve } from 'node:path';
import { loadConfig } from '../config.js';
import { startHookline } from '../main.js';
import { createLogger } from '../observe/log.js';
import { keysFile } from '../start/keys.js';
import { runUntilSignal } from '../start/signals.js';

/** What `start`, `api` and `worker` share: settings from the environment, logs on standard output, until a signal. */
export async function serve(parts: { readonly api: boolean; readonly worker: boolean }): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLogger(config.logLevel);
  await runUntilSignal(async () => {
    const running = await startHookline(config, { ...parts, log });
    const embedded = config.databaseUrl === undefined;
    log.info(
      {
        ...(running.url !== undefined && { url: running.url }),
        ...parts,
        database: embedded ? 'embedded' : 'postgres',
        ...(embedded && { dataDir: resolve(config.dataDir), keysFile: resolve(keysFile(config.dataDir)) }),
      },
      'hookline.started',
    );
    return running;
  }, log);
}
