import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Packed {
  readonly name: string;
  readonly version: string;
  /** Where the package's source stands, relative to the root of the repository. */
  readonly folder: string;
  readonly tarball: string;
  readonly files: readonly string[];
  readonly packedBytes: number;
  readonly unpackedBytes: number;
}

/** In the order of publishing: hookline depends on the two others. */
const FOLDERS = ['packages/receiver', 'packages/client', '.'];

interface NpmPackEntry {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** `npm pack` of the three packages, as they are built, into `destination`. Throws when their versions differ. */
export function packAll(destination: string): Packed[] {
  const packed = FOLDERS.map((folder) => pack(folder, destination));
  const versions = new Set(packed.map(({ version }) => version));
  if (versions.size > 1) throw new Error(`The packages have several versions: ${[...versions].join(', ')}.`);
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  for (const { name, version } of packed) {
    const wanted = manifest.dependencies[name];
    if (wanted !== undefined && wanted !== version)
      throw new Error(`hookline wants ${name} ${wanted}, not ${version}.`);
  }
  return packed;
}

function pack(folder: string, destination: string): Packed {
  // The scripts would build anew; what is packed is what stands in dist.
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], {
    cwd: join(ROOT, folder),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const [entry]: NpmPackEntry[] = JSON.parse(output);
  if (entry === undefined) throw new Error(`npm pack told nothing of ${folder}.`);
  return {
    name: entry.name,
    version: entry.version,
    folder,
    tarball: join(destination, entry.filename),
    files: entry.files.map(({ path }) => path),
    packedBytes: entry.size,
    unpackedBytes: entry.unpackedSize,
  };
}
