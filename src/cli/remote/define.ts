import type { Command } from 'commander';
import { environmentHelp, REMOTE_VARIABLES } from '../environment-help.js';
import { addConnectionOptions } from './connection.js';

/** Adds what every command that speaks to a server takes, below its own options, and the end of its help. */
export function withServerOptions(
  command: Command,
  examples: readonly string[],
  urlOption: '--url' | '--server' = '--url',
): Command {
  return addConnectionOptions(command, urlOption).addHelpText('after', environmentHelp(REMOTE_VARIABLES, examples));
}

/** Commands of one thing: `hookline webhooks …`. Without one of them it prints its help. */
export function addGroup(program: Command, name: string, description: string, examples: readonly string[]): Command {
  return program
    .command(name)
    .description(description)
    .addHelpText('after', environmentHelp(REMOTE_VARIABLES, examples));
}
