import { CommanderError } from 'commander';
import { HooklineError } from '../../errors.js';
import { JsonError } from '../print-error.js';
import { type Connection, type ConnectionOptions, connect } from './connection.js';

/** Connects and does the work of a command. With `--json` what goes wrong is told as JSON. */
export async function withServer(
  options: ConnectionOptions,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  try {
    await work(await connect(options));
  } catch (error) {
    const told = unreadable(error) ?? error;
    if (options.json !== true || error instanceof CommanderError) throw told;
    throw new JsonError(told);
  }
}

/** What JavaScript throws when an answer lacks a member, has another in its place, or is no JSON: of another version, say. */
function unreadable(error: unknown): HooklineError | undefined {
  if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) return undefined;
  return new HooklineError('answer_unreadable', undefined, {
    cause: error,
    hint: 'Is it Hookline that answers at HOOKLINE_URL, and of this version or a later one? hookline --version tells this one.',
  });
}
