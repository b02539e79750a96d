import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { ROOT } from '../harness/program.js';
import { type Block, placeOf } from './blocks.js';
import { HOSTS, type RunningServer } from './running-server.js';

/** Runs a module against the server; gives what went wrong. It need not end by itself, but has to come to its last line. */
export async function moduleError(block: Block, { env, url }: RunningServer): Promise<string | undefined> {
  // In this folder, which the run removes, packages are found as an application finds them.
  const file = join(
    dirname(dirname(inject('program'))),
    `docs-${block.file.replaceAll('/', '-')}-${block.line}.${block.language}`,
  );
  writeFileSync(file, `${block.before}\n${block.code.replaceAll(HOSTS, url)}\nprocess.exit(0);\n`);
  const args = ['--import', 'tsx', '--conditions=hookline-source', file];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT, env: { ...env }, timeout: 60_000 }, (error, out, err) =>
      resolve(error === null ? undefined : `${placeOf(block)} failed:\n${out}\n${err}`),
    );
  });
}
