// Keeps the worker of a release for test/upgrades, once, when it is released: `npm run release:fixture -- <git revision> <name>`.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';

const WORKERS = fileURLToPath(new URL('../test/upgrades/workers/', import.meta.url));
const ENTRY = "import { serve } from './src/cli/serve.js';\nawait serve({ api: false, worker: true });\n";

/** The worker's own code in one file: libraries stay outside, HTTP and SQL files do not come along. */
const workerAlone: Plugin = {
  name: 'worker-alone',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, ({ path }) => (path.startsWith('@hookline/') ? undefined : { external: true }));
    // A worker serves nobody: without Fastify and GraphQL it starts in half the time.
    onResolve({ filter: /\/(api\/server|receive\/routes|start\/operation-server)\.js$/ }, ({ path }) => ({
      path,
      namespace: 'left-out',
    }));
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: await withSqlInside(path, await readFile(path, 'utf8')),
      loader: 'ts',
    }));
  },
};

/** SQL files stand beside their caller; here they stand in its text. */
async function withSqlInside(path: string, text: string): Promise<string> {
  let inside = text;
  for (const [call, file = ''] of text.matchAll(/loadSql\(import\.meta\.url, '([^']+)'\)/g)) {
    inside = inside.replace(
      call,
      JSON.stringify(await readFile(join(dirname(path), file), 'utf8')).replaceAll('$', '$$$$'),
    );
  }
  return inside;
}

/** Writes test/upgrades/workers/<name>.mjs.br: the worker as git has it at this revision. */
async function keepWorker(revision: string, name: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hookline-release-'));
  try {
    const archive = execFileSync('git', ['archive', revision, 'src', 'packages'], { maxBuffer: 256 * 1_048_576 });
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
    await mkdir(join(folder, 'node_modules/@hookline'), { recursive: true });
    for (const name of ['receiver', 'client']) {
      await symlink(join(folder, 'packages', name), join(folder, 'node_modules/@hookline', name));
    }
    const { outputFiles } = await build({
      stdin: { contents: ENTRY, resolveDir: folder, loader: 'ts' },
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      conditions: ['hookline-source'],
      plugins: [workerAlone],
      logLevel: 'error',
    });
    const [bundle] = outputFiles;
    if (bundle === undefined) throw new Error('esbuild wrote nothing');
    await mkdir(WORKERS, { recursive: true });
    const compressed = brotliCompressSync(bundle.contents);
    await writeFile(join(WORKERS, `${name}.mjs.br`), compressed);
    console.log(`${name}: ${bundle.contents.length} bytes, ${compressed.length} compressed`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const [revision, name] = process.argv.slice(2);
if (revision === undefined || name === undefined)
  throw new Error('release:fixture <git revision> <name of the release>');
await keepWorker(revision, name);
