import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { ROOT } from '../harness/program.js';

const MIGRATIONS = 'migrations/postgres';

/** An earlier release, laid out in a folder as it was installed. Its libraries are those of today. */
interface OldRelease {
  /** Its migrations: files never change, so they are the first of today's. */
  readonly migrations: URL;
  /** What node runs as its `hookline worker`. */
  readonly program: string;
}

/** Lays out the release in a folder of its own in `parent`. */
export async function installRelease(name: string, parent: string): Promise<OldRelease> {
  const folder = await mkdtemp(join(parent, `release-${name}-`));
  // As deep as dist/db, from where a release finds its migrations and its package.json.
  const program = join(folder, 'dist/worker/worker.mjs');
  await mkdir(join(program, '..'), { recursive: true });
  await mkdir(join(folder, MIGRATIONS), { recursive: true });
  const bundle = await readFile(fileURLToPath(new URL(`workers/${name}.mjs.br`, import.meta.url)));
  await writeFile(program, await promisify(brotliDecompress)(bundle));
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const file of await readdir(join(ROOT, MIGRATIONS))) {
    if (file.slice(0, 4) <= name) await cp(join(ROOT, MIGRATIONS, file), join(folder, MIGRATIONS, file));
  }
  return { migrations: pathToFileURL(join(folder, MIGRATIONS, '/')), program };
}
