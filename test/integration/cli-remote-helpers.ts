import { Command } from 'commander';
import { vi } from 'vitest';
import { addDeliveriesCommand } from '../../src/cli/commands/deliveries.js';
import { addEventsCommand } from '../../src/cli/commands/events.js';
import { addKeysCommand } from '../../src/cli/commands/keys.js';
import { addReplayCommand } from '../../src/cli/commands/replay.js';
import { addStatsCommand } from '../../src/cli/commands/stats.js';
import { addTokenCommand } from '../../src/cli/commands/token.js';
import { addWebhooksCommand } from '../../src/cli/commands/webhooks.js';
import { argumentError } from '../../src/cli/error-output.js';
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

/** Runs `hookline <args>` in this process; its environment of the command line is `env` alone. One at a time. */
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
  for (const name of ['HOOKLINE_URL', 'HOOKLINE_TOKEN', 'HOOKLINE_SERVICE_KEY']) vi.stubEnv(name, env[name] ?? '');
  const before = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
  Object.assign(process.stdout, { isTTY: columns !== undefined, columns });
  try {
    const code = await runProgram(program(), args);
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

/** The settings of the whole program, with the commands that speak to a server. */
function program(): Command {
  const hookline = new Command('hookline')
    .configureOutput({ outputError: (text, write) => write(argumentError(text)) })
    .exitOverride();
  for (const add of [
    addWebhooksCommand,
    addEventsCommand,
    addDeliveriesCommand,
    addReplayCommand,
    addStatsCommand,
    addTokenCommand,
    addKeysCommand,
  ]) {
    add(hookline);
  }
  return hookline;
}
