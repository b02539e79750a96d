import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const SOURCE = join(ROOT, 'src');

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
  for (const name of ['receiver', 'client']) await translatePackage(name, join(folder, 'node_modules/@hookline', name));
  await bundleMain(folder);
  return { main: join(folder, 'cli/main.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * Puts the command line with its libraries into few files: a test run starts some hundreds of processes, and to open 1,000 modules takes each half a second of a processor
 * (`hookline stats` 0.7 s, bundled 0.2).
 */
async function bundleMain(folder: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['src/cli/main.ts'],
    outdir: folder,
    outbase: 'src',
    chunkNames: 'bundled/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['hookline-source'],
    // They read files of their own, or (OpenTelemetry) are to be the ones that a program before hookline has loaded.
    external: ['@electric-sql/pglite', '@fastify/swagger-ui', '@opentelemetry/api'],
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    plugins: [filesBeside(folder)],
    logLevel: 'error',
  });
}

/** Modules of `src` find their SQL and the manifest beside what they were translated to, also from a bundle. */
function filesBeside(folder: string): Plugin {
  return {
    name: 'files-beside',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const url = pathToFileURL(join(folder, relative(SOURCE, path)));
        return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', `'${url}'`), loader: 'ts' };
      }),
  };
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
