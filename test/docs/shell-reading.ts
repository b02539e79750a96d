import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, placeOf } from './blocks.js';

/** A command as bash would have run it. */
export interface Call {
  readonly argv: readonly string[];
}

/** What a reader has in the environment, for commands that are read and not run. */
const ENV = {
  HOOKLINE: 'http://127.0.0.1:8080',
  HOOKLINE_URL: 'http://127.0.0.1:8080',
  HOOKLINE_SERVICE_KEY: 'the-service-key',
  SERVICE_KEY: 'the-service-key',
  TOKEN: 'a-token',
  USER_JWT: 'a-token',
  WEBHOOK_ID: '5b1f7e1e-33a4-4c6e-9d0a-0c6f8f0d2a11',
  WEBHOOK: '5b1f7e1e-33a4-4c6e-9d0a-0c6f8f0d2a11',
  ID: '5b1f7e1e-33a4-4c6e-9d0a-0c6f8f0d2a11',
  USER_ID: '8c5f0a52-7a5c-4d0c-9a53-0f0c5d9d1b7e',
};

/** Bash finds no program, and gives each to this function, which writes down what it was called with: at once, since the commands of a pipe come together. */
const RECORDER = `
PATH=/nowhere
set +e
command_not_found_handle() { printf '%s\\0' "$@" '' '' >>"$RECORD"; return 0; }
cd() { :; }
kill() { :; }
source() { :; }
exec() { "$@"; }
`;

/** Reads a block as bash does, and runs nothing of it: the commands that it would run. Throws what is no shell. */
export function readShell(block: Block, runFolder: string): Call[] {
  const folder = mkdtempSync(join(runFolder, 'shell-'));
  const [script, record] = [join(folder, 'block.sh'), join(folder, 'record')];
  const code = block.code.replaceAll(/\b([0-9a-f]{4})…/g, '$10000-0000-4000-8000-000000000000');
  writeFileSync(script, `${block.before}\n${code}\n`);
  writeFileSync(record, '');
  const run = (args: readonly string[]) =>
    execFileSync('bash', args, {
      cwd: folder,
      env: { ...ENV, RECORD: record, HOME: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 20_000,
      encoding: 'utf8',
    });
  try {
    run(['-n', script]);
  } catch (error) {
    throw new Error(`${placeOf(block)} is no shell: ${String(error)}`);
  }
  try {
    run(['-c', `${RECORDER}\n. ${script}`]);
  } catch {
    // A redirection from a file that is not here: the other commands were read.
  }
  const calls = readFileSync(record, 'utf8').split('\0\0\0');
  return calls.map((call) => ({ argv: call.replace(/^\0/, '').split('\0') })).filter(({ argv }) => argv[0] !== '');
}
