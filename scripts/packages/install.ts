import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Packed } from './pack.js';

export interface Installed {
  readonly folder: string;
  /** As npm keeps them: by path, with what the registry says of each. */
  readonly packages: Readonly<Record<string, { readonly version: string; readonly license?: string }>>;
  readonly bytes: number;
}

/**
 * Installs the tarballs into an empty folder, as somebody would who has nothing else. With `--engine-strict` npm refuses a package that does not take the Node that
 * runs: `overrides` of this repository do not reach who installs from it. npm's cache is asked first.
 */
export function installInto(folder: string, packed: readonly Packed[]): Installed {
  mkdirSync(folder, { recursive: true });
  const version = packed[0]?.version ?? '0.0.0';
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'hookline-installed', version, private: true }));
  const tarballs = packed.map(({ tarball }) => tarball);
  npm(folder, ['install', '--engine-strict', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs]);
  const { packages }: Installed = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
  return { folder, packages, bytes: bytesOf(join(folder, 'node_modules')) };
}

/** Gives what npm prints. It comes from a shell that npm started, perhaps, whose settings must not reach this one. */
export function npm(cwd: string, args: readonly string[]): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_)/.test(name)));
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  return execFileSync('npm', ['--loglevel', 'error', ...args], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: [...stdio],
    maxBuffer: 64 * 1024 * 1024,
  });
}

function bytesOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => lstatSync(join(folder, path)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0);
}
