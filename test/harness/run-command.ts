import { vi } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { runProgram } from '../../src/cli/run-program.js';

export interface Ran {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
  /** Both, in the order in which they were written. */
  readonly output: string;
  /** Standard output as the one JSON document that it is. */
  json<T = Record<string, unknown>>(): T;
}

export interface RunOptions {
  /** As if standard output were a terminal, so wide. */
  readonly columns?: number;
}

// What else is set where tests run is none of theirs. Under npm a command would look for its parent for as long as this process lives.
const OF_HOOKLINE =
  /^((HOOKLINE|PLANETSCALE)_(?!TEST_)|MODELRIVER_|(DATABASE_URL|REDIS_URL|HOST|PORT|LOG_LEVEL|NO_COLOR|FORCE_COLOR|npm_command)$)/;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs `hookline <args>` in this process, with `env` as all that it finds of its settings, without the cost of a process. One at a time. Not for commands that
 * serve, nor where signals are sent: those are processes (hookline-process.ts).
 */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { columns }: RunOptions = {},
): Promise<Ran> {
  const written = { out: '', err: '', output: '' };
  const take = (stream: 'out' | 'err', text: unknown) => {
    written[stream] += String(text);
    written.output += String(text);
  };
  const writer =
    (stream: 'out' | 'err') =>
    (text: unknown, ...more: unknown[]): boolean => {
      take(stream, text);
      const done = more.at(-1);
      if (typeof done === 'function') done();
      return true;
    };
  let exit: (code: number) => void = () => undefined;
  const exited = new Promise<number>((resolve) => {
    exit = resolve;
  });
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(writer('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(writer('err')),
    vi.spyOn(console, 'log').mockImplementation((text) => take('out', `${text}\n`)),
    vi.spyOn(console, 'error').mockImplementation((text) => take('err', `${text}\n`)),
    // Whoever calls it waits for nothing more.
    vi.spyOn(process, 'exit').mockImplementation((code) => exit(Number(code ?? 0)) as never),
  ];
  for (const name of Object.keys(process.env).filter((each) => OF_HOOKLINE.test(each))) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const before = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
  const listeners = SIGNALS.map((signal) => new Set(process.listeners(signal)));
  Object.assign(process.stdout, { isTTY: columns !== undefined, columns });
  try {
    const code = await Promise.race([exited, runProgram(createProgram(), args)]);
    return { code, ...written, json: () => JSON.parse(written.out) };
  } finally {
    Object.assign(process.stdout, before);
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
    for (const [index, signal] of SIGNALS.entries()) {
      for (const listener of process.listeners(signal)) {
        if (!listeners[index]?.has(listener)) process.off(signal, listener);
      }
    }
  }
}
