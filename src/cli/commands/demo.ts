import { type Command, Option } from 'commander';
import { createLogger } from '../../observe/log.js';
import { runUntilSignal } from '../../start/signals.js';
import { runDemo } from '../demo/run-demo.js';
import { environmentHelp } from '../environment-help.js';

interface DemoOptions {
  readonly exit?: boolean;
  readonly dataDir: string;
}

/** `hookline demo`: the whole path on real input, on the embedded database. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description(
      'Show it work: an AI webhook comes in, two customers are told, one of them after retries. Needs nothing.',
    )
    .addOption(new Option('--exit', 'end after the last step: 0 when every step was seen, else 1'))
    .addOption(new Option('--data-dir <folder>', 'folder of the demo, kept between runs').default('.hookline-demo'))
    .addHelpText('after', environmentHelp(['LOG_LEVEL'], ['hookline demo', 'hookline demo --exit']))
    .action(demo);
}

async function demo({ exit = false, dataDir }: DemoOptions): Promise<void> {
  const start = () => runDemo({ dataDir, goesOn: !exit });
  if (exit) {
    const stage = await start();
    await stage.close();
    return;
  }
  const log = createLogger('silent');
  await runUntilSignal(async () => {
    const stage = await start();
    return { stop: stage.close };
  }, log);
}
