import { execFile } from 'node:child_process';
import { type Block, placeOf } from './blocks.js';
import { HOSTS, type RunningServer } from './running-server.js';

/** Runs the shell of a page as one script, in its order; gives where it stopped, with what it had printed. Undefined: it came to its end. */
export async function shellError(blocks: readonly Block[], server: RunningServer): Promise<string | undefined> {
  const script = blocks
    .map((block) => `echo "at ${placeOf(block)}" >&2\n${block.before}\n${block.code}`)
    .join('\n')
    .replaceAll(HOSTS, server.url);
  const { output, failed } = await bash(script, server);
  if (!failed) return undefined;
  const places = [...output.matchAll(/^at (.+)$/gm)].map(([, place]) => place);
  return `${places.at(-1)} failed:\n${output}`;
}

function bash(script: string, { env, folder }: RunningServer): Promise<{ output: string; failed: boolean }> {
  return new Promise((resolve) => {
    execFile('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, timeout: 60_000 }, (error, out, err) =>
      resolve({ output: `${out}\n${err}`, failed: error !== null }),
    );
  });
}
