import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result, Survivor } from '../report.js';

const FOLDER = 'mutation';
const STRYKER = join(FOLDER, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const CONFIG = join(FOLDER, 'typescript/stryker.config.json');
const REPORT = 'coverage/mutation.json';

/** What is read of Stryker's report (mutation-testing-report-schema 2). */
interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Mutates files (globs) with Stryker, whose reports go to standard error. It has packages and a lock file of its own, which are installed when they are
 * not there: it brings 113 packages that nothing else needs. Throws when Stryker cannot run.
 */
export function mutateTypescript(root: string, files: readonly string[]): Result {
  if (!existsSync(join(root, STRYKER))) run(root, 'npm', ['ci', '--prefix', FOLDER]);
  run(root, process.execPath, [STRYKER, 'run', CONFIG, '--mutate', files.join(',')]);
  return resultOf(JSON.parse(readFileSync(join(root, REPORT), 'utf8')) as Report);
}

function run(cwd: string, command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}.`);
}

function resultOf({ files }: Report): Result {
  const all = Object.entries(files).flatMap(([path, { source, mutants }]) =>
    mutants.map((mutant) => ({ path, source, ...mutant })),
  );
  const having = (...statuses: readonly string[]) => all.filter(({ status }) => statuses.includes(status));
  return {
    language: 'TypeScript',
    // One that makes a test go on without end is noticed, too.
    killed: having('Killed', 'Timeout').length,
    invalid: having('CompileError', 'RuntimeError', 'Ignored').length,
    survivors: having('Survived', 'NoCoverage').map(survivorOf),
  };
}

function survivorOf({ path, source, location, replacement = '' }: Mutant & { path: string; source: string }): Survivor {
  const { start, end } = location;
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const before = lines.join('\n').slice(start.column - 1, lines.slice(0, -1).join('\n').length + end.column);
  return { place: `${path}:${start.line}`, change: `${before.trim()} → ${replacement}`.replaceAll(/\s+/g, ' ') };
}
