import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Build {
  /** The built file of a source: `bench/stand/receiver-process.ts` → a path ending in `.js`. */
  path(source: string): string;
  remove(): void;
}

/**
 * Builds src and bench into a folder of the system's temporary one: what is measured runs as it is published, not through a loader (tsx keeps
 * the names of closures, which costs time in each call). Types are not checked.
 */
export async function build(): Promise<Build> {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-bench-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  for (const name of ['node_modules', 'package.json', 'migrations']) symlinkSync(join(ROOT, name), join(folder, name));
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['-p', 'bench/tsconfig.json', '--noCheck', '--outDir', folder];
  // The receiver is resolved as its users resolve it: to what is built of it.
  await run(process.execPath, [tsc, '-b', 'packages/receiver'], { cwd: ROOT });
  await run(process.execPath, [tsc, ...options], { cwd: ROOT }).catch((error: Error & { stdout?: string }) => {
    throw new Error(`the bench was not built: ${error.stdout ?? error.message}`, { cause: error });
  });
  await run(process.execPath, ['scripts/copy-sql.mjs', join(folder, 'src')], { cwd: ROOT });
  return { path: (source) => join(folder, source.replace(/\.ts$/, '.js')), remove };
}
