import { type Ran, type RunOptions, runCommand } from '../harness/run-command.js';
import { SERVICE_KEY } from './api-client.js';
import { sign, userClaims } from './api-tokens.js';

export type Run = (args: readonly string[], options?: RunOptions) => Promise<Ran>;

/** With a user's token, or with the service key. */
export async function runnerOf(url: string, userId?: string): Promise<Run> {
  const env: Record<string, string> =
    userId === undefined ? { HOOKLINE_SERVICE_KEY: SERVICE_KEY } : { HOOKLINE_TOKEN: await sign(userClaims(userId)) };
  return (args, options) => runCommand(args, { HOOKLINE_URL: url, ...env }, options);
}
