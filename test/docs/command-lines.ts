import { parseArgs } from 'node:util';
import { type Command, CommanderError } from 'commander';
import { createProgram } from '../../src/cli/program.js';
import type { Call } from './shell-reading.js';

const RUNNERS = ['npx', 'sudo', 'env', 'exec', 'nohup', 'command'];

/** The arguments of hookline, where a call is one of it: `hookline …`, `npx hookline …`, `node bin/hookline.js …`. */
export function hooklineArguments({ argv }: Call): readonly string[] | undefined {
  const [first = '', second = ''] = argv;
  if (first === 'hookline') return argv.slice(1);
  if (first === 'node' && second.endsWith('bin/hookline.js')) return argv.slice(2);
  if (!RUNNERS.includes(first)) return undefined;
  const rest = argv.slice(1).filter((word, nth, all) => nth > all.indexOf('hookline') || !/^(-.*|\w+=.*)$/.test(word));
  return hooklineArguments({ argv: rest });
}

/** What the command line says against arguments; undefined: it takes them. Nothing is run. */
export async function refusalOf(args: readonly string[]): Promise<string | undefined> {
  let said = '';
  const note = (text: string): void => {
    said += text;
  };
  const program = createProgram();
  for (const command of [program, ...all(program)]) {
    command.configureOutput({
      writeOut: () => undefined,
      writeErr: note,
      outputError: note,
    });
    if (command.commands.length === 0) command.action(() => undefined);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    return said || String(error);
  }
}

/** What curl would ask for. */
export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly body: string | undefined;
}

/** The request of a call of curl; undefined where it is none, or has no URL. */
export function requestOf({ argv }: Call): Request | undefined {
  if (argv[0] !== 'curl') return undefined;
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: argv.slice(1),
    strict: false,
    allowPositionals: true,
    options: {
      request: { ...text, short: 'X' },
      header: { ...text, short: 'H', multiple: true },
      data: { ...text, short: 'd' },
      'data-binary': text,
      json: text,
      output: { ...text, short: 'o' },
      user: { ...text, short: 'u' },
      'max-time': { ...text, short: 'm' },
    },
  });
  const url = positionals.find((one) => URL.canParse(one));
  if (url === undefined) return undefined;
  const body = [values['data'], values['data-binary'], values['json']].find((one) => typeof one === 'string');
  const given = values['request'];
  return {
    method: typeof given === 'string' ? given : body === undefined ? 'GET' : 'POST',
    url: new URL(url),
    body: typeof body === 'string' ? body : undefined,
  };
}

function all(command: Command): Command[] {
  return command.commands.flatMap((one) => [one, ...all(one)]);
}
