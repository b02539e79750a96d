import type { Command } from 'commander';
import { environmentHelp, REMOTE_VARIABLES } from '../environment-help.js';
import { wholeNumber } from '../numbers.js';
import { addConnectionOptions, type ConnectionOptions } from '../remote/connection.js';
import { addFilterOptions, type LiveFilter, queryOf } from '../remote/live/filter.js';
import { addedHeader, forwardUrl } from '../remote/live/listen/options.js';
import { untilSignal } from '../remote/live/until-signal.js';
import { withServer } from '../remote/run.js';

interface ListenOptions extends ConnectionOptions, Omit<LiveFilter, 'status'> {
  readonly forward: string;
  readonly allowRemote?: boolean;
  readonly answerTimeout: number;
  readonly concurrency: number;
  readonly everyAttempt?: boolean;
  readonly header?: Readonly<Record<string, string>>;
}

/** `hookline listen`: live deliveries, sent on to a server on this machine. */
export function addListenCommand(program: Command): void {
  const command = program
    .command('listen')
    .description(
      'Send live deliveries on to a server on this machine as the subscriber gets them, and show its answers. Ends with Ctrl-C and a summary (exit code 0).',
    )
    .requiredOption('--forward <url>', 'where they go, http://localhost:3000/hook say', forwardUrl);
  addConnectionOptions(addFilterOptions(command))
    .option('--every-attempt', 'also later attempts of a delivery that was answered 2xx here')
    .option('--header <name: value>', 'a header to add, as a custom header of the webhook; again for more', addedHeader)
    .option('--concurrency <n>', 'requests at a time; 1 keeps the order of the attempts', wholeNumber(1, 64), 1)
    .option('--answer-timeout <seconds>', 'how long an answer may take', wholeNumber(1, 300), 30)
    .option('--allow-remote', 'forward to another machine than this one')
    .addHelpText('after', help())
    .action(listen);
}

async function listen(options: ListenOptions, command: Command): Promise<void> {
  const { forward, allowRemote = false, everyAttempt = false, concurrency, header = {}, json = false } = options;
  const { foreignHostOf } = await import('../remote/live/listen/target.js');
  const foreign = allowRemote ? undefined : await foreignHostOf(forward);
  if (foreign !== undefined)
    command.error(`error: option '--forward <url>': ${foreign}; --allow-remote takes any host`);
  await withServer(options, async ({ client }) => {
    const { runListen } = await import('../remote/live/listen/run.js');
    const run = {
      ...{ client, query: queryOf(options), forward, allowRemote, everyAttempt, concurrency, headers: header, json },
      timeoutMs: options.answerTimeout * 1_000,
    };
    await untilSignal(async (stop) => void (await runListen(run, stop)));
  });
}

function help(): string {
  return `${environmentHelp(REMOTE_VARIABLES, [
    'hookline listen --forward http://localhost:3000/hook',
    'hookline listen --forward http://localhost:3000/hook --event video.generated --user user_456',
  ])}

Each attempt of a delivery goes to the local server too: the same body, and the headers and signature with which it went out, so that the webhook's
own secret verifies it. What went out more than four minutes ago is signed anew, where the token may read the secret.`;
}
