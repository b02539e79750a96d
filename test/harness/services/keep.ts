import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KEEPER = fileURLToPath(new URL('./keeper.mjs', import.meta.url));
const LOG_TAIL = 2_000;

export interface KeptCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Its working folder, for its data and output.log. Removed with everything in it when the server has ended. */
  readonly folder: string;
  /** The signal on which it ends in good order; SIGKILL follows after `graceMs`. */
  readonly stopSignal: NodeJS.Signals;
  readonly graceMs?: number;
  /** Runs as this user; only root may. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

export interface Kept {
  /** How the server ended, in words, when it has ended by itself or could not start; else undefined. */
  ended(): string | undefined;
  /** The end of what it wrote. */
  log(): Promise<string>;
  /** Ends the server, removes its folder, and waits for both. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a server under a keeper (keeper.mjs), which ends it when this process ends, also by SIGKILL. */
export function keep({ command, args, folder, stopSignal, graceMs = 10_000, user }: KeptCommand): Kept {
  const plan = JSON.stringify({ command, args, folder, stopSignal, graceMs, ...user });
  // A session of its own: Ctrl-C goes to the whole foreground group, and the keeper must outlive it to clean up.
  const keeper = spawn(process.execPath, [KEEPER, plan], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const gone = once(keeper, 'exit');
  let words = '';
  keeper.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    words += chunk;
  });
  return {
    ended: () => words.trim() || undefined,
    log: async () => (await readFile(join(folder, 'output.log'), 'utf8').catch(() => '')).slice(-LOG_TAIL),
    async stop() {
      keeper.stdin.end();
      await gone;
    },
  };
}
