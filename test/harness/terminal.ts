import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inject } from 'vitest';
import { ROOT } from './program.js';
import { waitUntil } from './wait-until.js';

const CTRL_C = '\x03';

export interface TerminalSession {
  /** What has come onto the screen so far, with its escape sequences. */
  output(): string;
  /** Waits until it shows the text. Throws with the output at the time-out, or when the session has ended. */
  waitForOutput(text: string, timeoutMs?: number): Promise<void>;
  /** As if it were typed. */
  type(text: string): void;
  ctrlC(): void;
  /** Waits for the end; gives the exit code. */
  ended(): Promise<number>;
  /** Closes the terminal. Safe to call after the end. */
  close(): void;
}

/**
 * Runs `hookline <args>` in a terminal of its own (a pty of util-linux's `script`), 80 columns wide. Its environment is `env`, PATH and TERM.
 */
export function startTerminal(args: readonly string[], env: Readonly<Record<string, string>>): TerminalSession {
  const hookline = [process.execPath, inject('program'), ...args];
  return runInTerminal(`exec ${hookline.map(quoted).join(' ')}`, env);
}

/** Runs a line of sh so. */
export function runInTerminal(line: string, env: Readonly<Record<string, string>> = {}): TerminalSession {
  const child = spawn('script', ['-qefc', `stty cols 80 rows 24; ${line}`, '/dev/null'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  // The session may have ended when somebody types.
  child.stdin.on('error', () => undefined);
  let hasEnded = false;
  const end = once(child, 'close').then(([code, signal]) => {
    hasEnded = true;
    return signal === null ? Number(code) : -1;
  });
  return {
    output: () => output,
    ended: () => end,
    async waitForOutput(text, timeoutMs = 30_000) {
      await waitUntil(
        () => {
          if (output.includes(text)) return true;
          if (hasEnded) throw new Error(`the session ended:\n${output}`);
          return false;
        },
        { message: () => `"${text}" on the terminal:\n${output}`, timeoutMs },
      );
    },
    type: (text) => void child.stdin.write(text),
    ctrlC: () => void child.stdin.write(CTRL_C),
    close: () => void child.kill('SIGKILL'),
  };
}

/** A word of sh. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
