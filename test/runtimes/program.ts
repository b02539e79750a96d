import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '../harness/wait-until.js';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const LISTENING = /https?:\/\/(?:127\.0\.0\.1|localhost):(\d+)/;

export interface Program {
  /** `http://127.0.0.1:<port>`, as the program said. */
  readonly origin: string;
  /** Ends it, and waits for the end. */
  end(): Promise<void>;
}

/**
 * Starts a server as a process of its own in `folder`, and waits until it prints its address. Its environment is `env` and PATH, nothing else.
 * Throws with its output when it ends before.
 */
export async function startProgram(
  [command, ...args]: readonly [string, ...string[]],
  { env, folder = ROOT }: { readonly env: Readonly<Record<string, string>>; readonly folder?: string },
): Promise<Program> {
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const port = await waitUntil(
    () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${command} ended:\n${output}`);
      return LISTENING.exec(output)?.[1];
    },
    { message: () => `an address in the output of ${command}:\n${output}`, timeoutMs: 60_000 },
  );
  return {
    origin: `http://127.0.0.1:${port}`,
    async end() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
