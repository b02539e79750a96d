import { vi } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { runProgram } from '../../src/cli/run-program.js';
import { SERVICE_KEY } from './api-client.js';
import { sign, userClaims } from './api-tokens.js';

export interface Ran {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
  /** Standard output as the one JSON document that it is. */
  json<T = Record<string, unknown>>(): T;
}

export interface RunOptions {
  /** As if standard output were a terminal, so wide. */
  readonly columns?: number;
}

export type Run = (args: readonly string[], options?: RunOptions) => Promise<Ran>;

/** Runs `hookline <args>` in this process, with `env` in its environment, and no other variable of those that name a server and a token. One at a time. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { columns }: RunOptions = {},
): Promise<Ran> {
  let out = '';
  let err = '';
  const toOut = (text: unknown) => {
    out += String(text);
    return true;
  };
  const toErr = (text: unknown) => {
    err += String(text);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(toOut),
    vi.spyOn(process.stderr, 'write').mockImplementation(toErr),
    vi.spyOn(console, 'log').mockImplementation((text) => void toOut(`${text}\n`)),
    vi.spyOn(console, 'error').mockImplementation((text) => void toErr(`${text}\n`)),
  ];
  const remote = { HOOKLINE_URL: '', HOOKLINE_TOKEN: '', HOOKLINE_SERVICE_KEY: '' };
  for (const [name, value] of Object.entries({ ...remote, ...env })) vi.stubEnv(name, value);
  const before = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
  Object.assign(process.stdout, { isTTY: columns !== undefined, columns });
  try {
    const code = await runProgram(createProgram(), args);
    return { code, out, err, json: () => JSON.parse(out) };
  } finally {
    Object.assign(process.stdout, before);
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}

/** With a user's token, or with the service key. */
export async function runnerOf(url: string, userId?: string): Promise<Run> {
  const env: Record<string, string> =
    userId === undefined ? { HOOKLINE_SERVICE_KEY: SERVICE_KEY } : { HOOKLINE_TOKEN: await sign(userClaims(userId)) };
  return (args, options) => runCommand(args, { HOOKLINE_URL: url, ...env }, options);
}
