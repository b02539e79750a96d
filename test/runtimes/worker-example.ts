import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { buildReceiver } from './built-receiver.js';
import { ROOT } from './program.js';

export const WORKER_EXAMPLE = join(ROOT, 'examples/cloudflare-worker');

/** Builds it as its README says, without a network, and gives the module that would be deployed. */
export async function buildWorkerExample(): Promise<string> {
  await buildReceiver();
  const outdir = join(inject('runFolder'), 'cloudflare-worker');
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js');
  await promisify(execFile)(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', outdir], {
    cwd: WORKER_EXAMPLE,
    env: {
      PATH: process.env['PATH'],
      // The banner asks the registry for a newer version; settings and logs go to the home folder else.
      ...{ CI: '1', WRANGLER_HIDE_BANNER: 'true', WRANGLER_SEND_METRICS: 'false' },
      ...{ XDG_CONFIG_HOME: outdir, WRANGLER_LOG_PATH: outdir },
    },
  });
  return readFile(join(outdir, 'index.js'), 'utf8');
}
