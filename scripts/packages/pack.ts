import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
  readonly unpackedBytes: number;
}

/** In the order of publishing: hookline depends on the two others. */
const FOLDERS = ['packages/receiver', 'packages/client', '.'];

interface NpmPackEntry {
  readonly name: string;
  readonly version: string;
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs the three packages, as they are built, with what of their manifests is for users, into `destination`. Throws when their versions differ. */
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

/** What of a manifest is for who works on the package. npm warns whoever installs one with `prepare`, and heeds overrides of nobody else. */
const OURS = ['scripts', 'devDependencies', 'workspaces', 'overrides', 'allowScripts'];

function pack(folder: string, destination: string): Packed {
  const scratch = mkdtempSync(join(tmpdir(), 'hookline-pack-'));
  try {
    const whole = npmPack(join(ROOT, folder), scratch);
    execFileSync('tar', ['-xzf', whole.filename], { cwd: scratch });
    const bare = join(scratch, 'package');
    const manifest: Record<string, unknown> = JSON.parse(readFileSync(join(bare, 'package.json'), 'utf8'));
    for (const name of OURS) delete manifest[name];
    writeFileSync(join(bare, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    const { name, version, filename, files, unpackedSize } = npmPack(bare, destination);
    return {
      name,
      version,
      folder,
      tarball: join(destination, filename),
      files: files.map(({ path }) => path),
      unpackedBytes: unpackedSize,
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function npmPack(folder: string, destination: string): NpmPackEntry {
  // The scripts would build anew; what is packed is what stands in dist.
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', destination], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const [entry]: NpmPackEntry[] = JSON.parse(output);
  if (entry === undefined) throw new Error(`npm pack told nothing of ${folder}.`);
  return entry;
}
