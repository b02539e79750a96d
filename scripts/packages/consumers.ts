import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './pack.js';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/**
 * An ES module and a CommonJS module, in TypeScript, that import all three packages from `folder`: their types are checked, those of the packages themselves included,
 * and what comes out of them runs. Throws with what the compiler, or Node, has said.
 */
export function tryConsumers(folder: string): void {
  for (const name of ['consumer.mts', 'consumer.cts']) {
    copyFileSync(join(ROOT, 'scripts/packages/consumers', name), join(folder, name));
  }
  const options = ['--strict', '--target', 'es2022', '--lib', 'es2023,dom', '--module', 'nodenext'];
  run(folder, [TSC, ...options, 'consumer.mts', 'consumer.cts']);
  for (const name of ['consumer.mjs', 'consumer.cjs']) run(folder, [name]);
}

function run(cwd: string, args: readonly string[]): void {
  execFileSync(process.execPath, args, { cwd, stdio: 'inherit' });
}
