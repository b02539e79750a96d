import { type Command, CommanderError } from 'commander';
import { printError } from './print-error.js';

const FAILED = 1;
const WRONG_USAGE = 2;

/**
 * Runs a command line; gives the exit code: 0, 1 when the command failed, 2 when it was called wrongly. What went wrong is on standard error then.
 *
 * @param args Without `node` and the script; default: those of the process.
 */
export async function runProgram(program: Command, args?: readonly string[]): Promise<number> {
  try {
    await (args === undefined ? program.parseAsync() : program.parseAsync(args, { from: 'user' }));
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
    printError(error);
    return FAILED;
  }
}
