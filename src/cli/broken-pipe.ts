import { HooklineError } from '../errors.js';
import { printError } from './print-error.js';

/**
 * Lets a command whose reader has gone (`hookline --help | head -1`) end quietly: what it still prints is lost, and it goes on to its end,
 * so that a migration is not cut in two. Any other error of standard output or error, a full disk say, ends it with 1.
 */
export function tolerateBrokenPipes(): void {
  for (const [name, stream] of [['output', process.stdout] as const, ['error', process.stderr] as const]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') return;
      printError(new HooklineError('internal_error', `Standard ${name} cannot be written.`, { cause: error }));
      process.exit(1);
    });
  }
}
