import { execFile } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const VITE = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');

/** Builds the dashboard into a new folder as `npm run build` does: in a process of its own, since Vite builds React for development where NODE_ENV is `test`. */
export async function buildDashboard(folder: string): Promise<void> {
  const half = `${folder}.half`;
  await rm(half, { recursive: true, force: true });
  const { NODE_ENV: _, ...env } = process.env;
  await run(process.execPath, [VITE, 'build', 'dashboard', '--outDir', half, '--logLevel', 'warn'], { cwd: ROOT, env });
  // Only a build that is whole gets the name.
  await rename(half, folder);
}
