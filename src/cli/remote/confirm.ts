import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { HooklineError } from '../../errors.js';
import { exitWith } from '../exit.js';
import { printableLine } from '../printable.js';

const INTERRUPTED = 130;

export interface ConfirmOptions {
  readonly yes?: boolean;
}

/** Adds `--yes`. */
export function addYesOption(command: Command): Command {
  return command.option('--yes', 'do not ask before');
}

/**
 * Asks before what cannot be taken back, on standard error, so that the result may go into a file. Without a terminal, and without `--yes`, it is wrong usage.
 *
 * @param question Without question mark: `Delete the webhook`.
 * @throws `not_confirmed` for any answer but yes.
 */
export async function confirm(question: string, { yes = false }: ConfirmOptions, command: Command): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    command.error(`error: ${printableLine(question)}? Nobody can be asked without a terminal: add --yes`);
  }
  const answer = await ask(`${printableLine(question)}? [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new HooklineError('not_confirmed', 'Nothing was changed.', { hint: 'Answer y, or add --yes.' });
}

/** The end of the input counts as no; Ctrl-C ends the process as everywhere. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise<string>((resolve, reject) => {
      terminal.once('SIGINT', () => void exitWith(INTERRUPTED));
      terminal.once('close', () => resolve(''));
      terminal.question(question).then(resolve, reject);
    });
  } finally {
    terminal.close();
  }
}
