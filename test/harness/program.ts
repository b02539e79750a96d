import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Begins the names of folders that hold a translated hookline. */
export const PROGRAM_PREFIX = '.hookline-test-program-';

export interface Program {
  /** What `node` runs: the command line of hookline. */
  readonly main: string;
  remove(): Promise<void>;
}

/**
 * Translates hookline to JavaScript, once a run, for the processes of its own that tests start: each takes 2 s of a processor longer when it translates itself. Takes half a
 * second. The folder stands in the root of the repository, as deep as `src`: libraries, migrations and package.json are found from there.
 */
export async function buildProgram(runId: string): Promise<Program> {
  const folder = join(ROOT, `${PROGRAM_PREFIX}${runId}`);
  await translate('src', folder);
  await cp(join(ROOT, 'src'), folder, { recursive: true, filter: (path) => !/\.tsx?$/.test(path) });
  await translatePackage('receiver', join(folder, 'node_modules/@hookline/receiver'));
  return { main: join(folder, 'cli/main.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A package of this repository, as its manifest offers it, from its source. */
async function translatePackage(name: string, folder: string): Promise<void> {
  await translate(`packages/${name}/src`, join(folder, 'src'));
  const manifest: { exports: Record<string, { 'hookline-source': string }> } = JSON.parse(
    await readFile(join(ROOT, 'packages', name, 'package.json'), 'utf8'),
  );
  const exports = Object.fromEntries(
    Object.entries(manifest.exports).map(([path, { 'hookline-source': source }]) => [
      path,
      source.replace(/\.ts$/, '.js'),
    ]),
  );
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', exports }));
}

async function translate(source: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: [`${source}/**/*.ts`],
    outdir: folder,
    outbase: source,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
}
