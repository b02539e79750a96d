import { type Command, Option } from 'commander';
import { environmentHelp, SCHEMA_VARIABLES } from '../environment-help.js';
import { DAY_S, wholeNumber } from '../numbers.js';

/** What every command that asks a provider takes, and the end of its help. */
export function withCommonOptions(command: Command, examples: readonly string[]): Command {
  return command
    .option('--json', 'print the result as JSON, errors as JSON on standard error, and no progress')
    .addOption(
      new Option(
        '--provider <name>',
        "whose branches: PlanetScale's where its service token is set, else those of a plain MySQL or MariaDB",
      ).choices(['planetscale', 'mysql']),
    )
    .addHelpText('after', environmentHelp(SCHEMA_VARIABLES, examples));
}

export function withTimeout(command: Command, seconds: number): Command {
  return command.option('--timeout <seconds>', 'how long to wait', wholeNumber(1, 7 * DAY_S), seconds);
}

/** `--wait` and its time, for what a deploy request goes through. */
export function withWait(command: Command): Command {
  return withTimeout(command.option('--wait', 'wait for its end, and show how far it is'), DAY_S);
}

export const deployRequestNumber = wholeNumber(1, 999_999_999);

/** A branch that is named as an argument, as `pscale` has it, or by `--branch`. Ends as wrong usage without any, or with two. */
export function branchOf(argument: string | undefined, option: string | undefined, command: Command): string {
  const branch = argument ?? option;
  if (branch === undefined) command.error('error: name the branch, as --branch <name>');
  if (argument !== undefined && option !== undefined && argument !== option) {
    command.error(`error: two branches are named, '${argument}' and '${option}'`);
  }
  return branch;
}
