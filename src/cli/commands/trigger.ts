import { type Command, InvalidArgumentError, Option } from 'commander';
import { environmentHelp, REMOTE_VARIABLES } from '../environment-help.js';
import { DAY_S, wholeNumber } from '../numbers.js';
import { addConnectionOptions, type ConnectionOptions } from '../remote/connection.js';
import type { EventOptions } from '../remote/live/trigger/request.js';
import { unlessSignal } from '../remote/live/until-signal.js';
import { addUserOption, eventType } from '../remote/options.js';
import { note } from '../remote/output.js';
import { withServer } from '../remote/run.js';

interface TriggerOptions extends ConnectionOptions, EventOptions {
  readonly idempotencyKey?: string;
  readonly wait?: boolean;
  readonly waitAtMost: number;
}

/** A timer takes 24.8 days at most. */
const LONGEST_WAIT_S = 24 * DAY_S;
/** Long enough for each first attempt, whose timeout is 30 s as a rule; the retries of an endpoint that is broken go on for minutes. */
const USUAL_WAIT_S = 60;

/** `hookline trigger`: an event, as the application triggers it. */
export function addTriggerCommand(program: Command): void {
  const command = program
    .command('trigger')
    .description(
      'Trigger an event for a user, or for everyone, with the service key. With --wait it ends when all its deliveries have: with 1 when one has failed.',
    )
    .argument('<event>', 'a registered event type, video.generated say', eventType);
  addConnectionOptions(addUserOption(command, 'whose webhooks are told'))
    .addOption(new Option('--broadcast', 'everyone’s webhooks are told').conflicts('user'))
    .requiredOption('--data <json>', 'the payload: @file, - for standard input, or JSON; it is sent as it is written')
    .option(
      '--idempotency-key <key>',
      'the same event under the same key is triggered once in 24 hours',
      idempotencyKey,
    )
    .option('--wait', 'wait until its deliveries have ended, and show how far they are')
    .option('--wait-at-most <seconds>', 'how long --wait waits', wholeNumber(1, LONGEST_WAIT_S), USUAL_WAIT_S)
    .addHelpText(
      'after',
      environmentHelp(REMOTE_VARIABLES, [
        'hookline trigger video.generated --user user_456 --data \'{"video_id": "v1"}\'',
        'hookline trigger video.generated --user user_456 --data @payload.json --wait',
        'jq .payload event.json | hookline trigger video.generated --broadcast --data -',
      ]),
    )
    .action(trigger);
}

async function trigger(type: string, options: TriggerOptions, command: Command): Promise<void> {
  const { user, broadcast, idempotencyKey, wait = false, waitAtMost, json = false } = options;
  if (user === undefined && broadcast !== true) {
    command.error('error: say whose webhooks are told: --user <id>, or --broadcast for everyone’s');
  }
  await withServer(options, async ({ client }) => {
    const [{ eventRequest }, { runTrigger }] = await Promise.all([
      import('../remote/live/trigger/request.js'),
      import('../remote/live/trigger/run.js'),
    ]);
    const request = await eventRequest(type, options);
    const run = { client, request, idempotencyKey, json, waitMs: wait ? waitAtMost * 1_000 : undefined };
    await unlessSignal(
      (stop) => runTrigger(run, stop),
      () => note('Stopped. What was triggered goes on.', { json }),
    );
  });
}

function idempotencyKey(text: string): string {
  if (/^[\x20-\x7e]{1,255}$/.test(text)) return text;
  throw new InvalidArgumentError('It takes 1 to 255 printable ASCII characters.');
}
