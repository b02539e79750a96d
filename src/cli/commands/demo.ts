import { type Command, Option } from 'commander';
import { aborted, exitCodeOf } from '../../start/signals.js';
import { Interrupted } from '../demo/timeline.js';
import { environmentHelp } from '../environment-help.js';
import { exitWith } from '../exit.js';
import { watchSignalsAndReader } from '../signals.js';

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

/** Exits 0 on a signal while it serves; on one while it plays, as that signal ends a process (130 for Ctrl-C). */
async function demo({ exit = false, dataDir }: DemoOptions): Promise<void> {
  const stopping = watchSignalsAndReader(() => console.log('Stopped at once.'));
  try {
    const { runDemo } = await import('../demo/run-demo.js');
    const stage = await runDemo({ dataDir, goesOn: !exit, stop: stopping.signal });
    if (!exit) await aborted(stopping.signal);
    await stage.close();
    if (exit) return;
    console.log('Stopped.');
    await exitWith(0);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    console.log('Stopped.');
    await exitWith(exitCodeOf(error.signal));
  }
}
