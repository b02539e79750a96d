import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';
import { ROOT } from './program.js';
import { waitUntil } from './wait-until.js';

export interface HooklineProcess {
  readonly pid: number;
  /** What it has printed so far, standard output and error together. */
  output(): string;
  /** Waits until it has printed the text. Throws with the output at the time-out, or when the process has ended. */
  waitForOutput(text: string, timeoutMs?: number): Promise<void>;
  /** Sends a signal and waits for nothing: SIGSTOP holds the process still, SIGCONT lets it go on. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal and waits for the end; gives exit code or signal. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  /** Waits for the end; gives exit code or signal. */
  ended(): Promise<number | NodeJS.Signals>;
}

/**
 * Runs `hookline <args>` as a process of its own; its environment is `env` and PATH, nothing else. `imports` are modules
 * (paths from the root of the repository) that it loads before anything else. `program` is what node runs, where it is not this version.
 */
export function startHooklineProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  imports: readonly string[] = [],
  program: string = inject('program'),
): HooklineProcess {
  const child: ChildProcess = spawn(
    process.execPath,
    [...imports.flatMap((module) => ['--import', module]), program, ...args],
    { cwd: ROOT, env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  let hasEnded = false;
  // Not its exit: what it printed last may be read after that.
  const end = once(child, 'close').then(([code, signal]) => {
    hasEnded = true;
    return (signal ?? code) as number | NodeJS.Signals;
  });

  return {
    pid: child.pid ?? -1,
    output: () => output,
    ended: () => end,
    async waitForOutput(text, timeoutMs = 30_000) {
      await waitUntil(
        () => {
          if (output.includes(text)) return true;
          if (hasEnded) throw new Error(`hookline ended:\n${output}`);
          return false;
        },
        { message: () => `"${text}" in the output:\n${output}`, timeoutMs },
      );
    },
    signal: (signal) => void child.kill(signal),
    end(signal) {
      child.kill(signal);
      return end;
    },
  };
}
