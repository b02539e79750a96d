import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import type { Shape } from '../../dev/gateway-sim/events/event-source.js';
import { exitCodeOf } from '../../start/signals.js';
import { environmentHelp } from '../environment-help.js';
import { exitWith } from '../exit.js';
import { nonEmpty, origin, secretOf, uuid, webhookUrl } from '../gateway-sim/options.js';
import { decimal, wholeNumber } from '../numbers.js';
import { watchSignalsAndReader } from '../signals.js';

interface GatewaySimCommandOptions {
  readonly to: string;
  readonly secret?: string;
  readonly apiKey?: string;
  readonly host: string;
  readonly port: number;
  readonly callbackOrigin?: string;
  readonly count: number;
  readonly rate?: number;
  readonly event?: string;
  readonly user?: string;
  readonly shape: Shape;
  readonly seed?: string;
  readonly file?: readonly string[];
  readonly timeScale: number;
  readonly legacy?: boolean;
  readonly linger: number;
  readonly json?: boolean;
}

const MADE = ['count', 'event', 'user', 'shape', 'seed'];

/** `hookline gateway-sim`: a stand-in of ModelRiver, for development. */
export function addGatewaySimCommand(program: Command): void {
  program
    .command('gateway-sim')
    .description(
      'Stand in for the AI gateway (ModelRiver), for development: sign and send webhooks, send them again on its documented schedule, take the ' +
        'callbacks. Ends with 0 when all were delivered and called back, else 1.',
    )
    .requiredOption('--to <url>', 'where webhooks go', webhookUrl)
    .option(
      '--secret <secret>',
      'what they are signed with (better from the environment: others see the command line)',
      nonEmpty,
    )
    .option('--api-key <key>', 'what callbacks have to carry (better from the environment)', nonEmpty)
    .option('--port <n>', 'port that callbacks are taken at, 0 for any free one', wholeNumber(0, 65_535), 3901)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--callback-origin <url>',
      'origin of callback URLs, where the receiver reaches this by another name',
      origin,
    )
    .option('--count <n>', 'how many webhooks to make and send', wholeNumber(1, 100_000), 1)
    .option(
      '--rate <n>',
      'webhooks a second (default: as fast as they are answered, 16 at a time)',
      decimal(0.001, 10_000),
    )
    .option('--event <name>', 'event of each webhook (default: one that fits its content)', nonEmpty)
    .option('--user <uuid>', 'customer_data.user_id of each webhook (default: made up)', uuid)
    .addOption(
      new Option('--shape <shape>', 'event: task.ai_generated, with a callback; standard: task.completed; or mixed')
        .choices(['event', 'standard', 'mixed'])
        .default('event'),
    )
    .option('--seed <text>', 'make the same content again, under new channel ids (default: a new one)', nonEmpty)
    .addOption(
      new Option(
        '--file <path...>',
        'send these instead, byte for byte: a file is one webhook, or one on each line that is not blank (.jsonl, .ndjson, and what is JSON line by line); a folder its .json, .jsonl and .ndjson files by name',
      ).conflicts(MADE),
    )
    .option(
      '--time-scale <x>',
      'factor on the retry schedule and the five minutes of callbacks',
      decimal(0.0001, 100),
      1,
    )
    .option('--legacy', 'sign in the older scheme (X-ModelRiver-Signature, over timestamp and body)')
    .option(
      '--linger <seconds>',
      'take callbacks for so long after all is settled, to see late ones',
      decimal(0, 86_400),
      0,
    )
    .option('--json', 'print each change, and the summary, as a line of JSON')
    .addHelpText('after', help())
    .action(gatewaySim);
}

/** On a signal it prints the summary, and ends as that signal ends a process (130 for Ctrl-C). */
async function gatewaySim(options: GatewaySimCommandOptions): Promise<void> {
  const { user, file, legacy = false, linger, json = false, ...same } = options;
  const run = {
    ...same,
    secret: secretOf(
      options.secret,
      '--secret',
      'MODELRIVER_WEBHOOK_SECRET',
      'The secret that webhooks are signed with',
    ),
    apiKey: secretOf(options.apiKey, '--api-key', 'MODELRIVER_API_KEY', 'The key that callbacks have to carry'),
    seed: options.seed ?? randomBytes(4).toString('hex'),
    files: file ?? [],
    lingerS: linger,
    legacy,
    json,
    ...(user !== undefined && { userId: user }),
  };
  const stopping = watchSignalsAndReader(() => console.error('Stopped at once.'));
  const { runGatewaySim } = await import('../gateway-sim/run.js');
  const { inWords, notAllDone } = await import('../gateway-sim/summary.js');
  const summary = await runGatewaySim(run, stopping.signal);
  console.log(
    json ? JSON.stringify({ at: new Date().toISOString(), change: 'summary', ...summary }) : `\n${inWords(summary)}`,
  );
  if (stopping.signal.aborted) await exitWith(exitCodeOf(stopping.signal.reason));
  if (!summary.ok) throw notAllDone(summary);
}

function help(): string {
  const to = 'http://127.0.0.1:8080/webhooks/modelriver';
  const environment = environmentHelp(
    ['MODELRIVER_WEBHOOK_SECRET', 'MODELRIVER_API_KEY'],
    [
      `hookline gateway-sim --to ${to}`,
      `hookline gateway-sim --to ${to} --count 100 --rate 10 --event video.generated --user 8c3e…`,
      `hookline gateway-sim --to ${to} --file recorded.jsonl more/ --time-scale 0.01`,
    ],
    {
      MODELRIVER_WEBHOOK_SECRET: 'what webhooks are signed with, unless --secret is given',
      MODELRIVER_API_KEY: 'what callbacks have to carry, unless --api-key is given',
    },
  );
  return `${environment}

The receiver has to allow callbacks to this machine. Hookline's own, with the same two variables:
  $ HOOKLINE_CALLBACK_ORIGINS=http://127.0.0.1:3901 HOOKLINE_ALLOW_NETWORKS=127.0.0.0/8 hookline start

Callbacks are answered 200, and again when the same one is repeated; 409 when it differs from the accepted one; 410 after the time;
401 for a wrong Authorization, 404 for an unknown channel, 400, 413 or 415 when malformed.`;
}
