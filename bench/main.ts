import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { writeDocs } from './report/docs.js';
import { print } from './report/print.js';
import type { Report } from './report/report.js';
import { DEFAULT_PARTS, PARTS, run } from './run.js';
import { scale } from './scale.js';
import { USUAL } from './simulation/sizing.js';
import type { Sizes } from './sizes.js';
import { statistics } from './statistics.js';

interface Options extends Omit<Sizes, 'soak'> {
  readonly only: readonly string[];
  readonly sweep: boolean;
  readonly soak?: number;
  readonly json: boolean;
  readonly writeDocs: boolean;
  readonly profile?: string;
}

const SOAK = 1_000_000;

const program = new Command('bench')
  .description(
    'What the delivery engine reaches on this machine, beside the ceiling and its peers, all in one run; medians of repeated rounds. ' +
      'By default everything but retention, simulation, the sweeps and the soak: less than ten minutes on two cores.',
  )
  .enablePositionalOptions()
  .addOption(
    new Option('--only <parts...>', 'only these')
      .choices(PARTS)
      .default([], 'all but retention, simulation, sweep and soak'),
  )
  .option(
    '--sweep',
    'also sweep concurrency, payload size, fan-out and number of workers (four to nine minutes)',
    false,
  )
  .addOption(
    new Option(
      '--soak [deliveries]',
      "also follow the worker's memory over so many deliveries (a million: five minutes)",
    )
      .preset(String(SOAK))
      .argParser(positive),
  )
  .option('--rounds <n>', 'rounds', positive, 3)
  .option('--deliveries <n>', 'deliveries a round', positive, 10_000)
  .option('--events <n>', 'single events for the latency', positive, 200)
  .option('--seconds <n>', 'seconds that 16 clients trigger, each round and way', positive, 3)
  .option('--pending <n>', 'deliveries that wait when a claim is measured', positive, 1_000_000)
  .option('--passing <n>', 'deliveries that pass while a snapshot is held open', positive, 150_000)
  .option('--webhooks <n>', 'webhooks that one event is fanned out to', positive, 10_000)
  .option(
    '--hanging <n>',
    'deliveries that wait for endpoints that hang, while the others are measured',
    positive,
    100_000,
  )
  .option('--received <n>', 'AI webhooks that are received, each round and way', positive, 3_000)
  .option('--expired <n>', 'deliveries past their age that retention removes', positive, 100_000)
  .option('--profile <folder>', "writes the worker's CPU profile there (*.cpuprofile)")
  .option('--json', 'print JSON', false)
  .option('--write-docs', 'write docs/benchmarks.md and its plots from this run', false)
  .action(bench);

program
  .command('docs <file>')
  .description('Write docs/benchmarks.md and its plots from what --json has printed into a file.')
  .action(async (file: string) => writeDocs(JSON.parse(await readFile(file, 'utf8')) as Report));

program
  .command('statistics')
  .description(
    'What statistics and a claim cost as the history and the queue of one webhook grow: time and shared buffers.',
  )
  .option('--small <n>', 'ended deliveries at first', positive, 10_000)
  .option('--large <n>', 'ended deliveries, and pending ones, at last', positive, 1_000_000)
  .option('--json', 'print JSON', false)
  .action(statistics);

program
  .command('scale')
  .description(
    'What a load needs of workers, PostgreSQL and disk, by what the simulation measured; no server is started.',
  )
  .option('--deliveries <n>', 'new deliveries a second', positive, USUAL.deliveries)
  .option('--fan-out <n>', 'webhooks that an event reaches', positive, USUAL.fanOut)
  .option('--payload <bytes>', 'size of a payload', positive, USUAL.payloadBytes)
  .option('--latency <ms>', 'how long an endpoint takes, median', positive, USUAL.latencyMs.median)
  .option('--failing <share>', 'calls that fail, 0 to 0.9', share, USUAL.failing)
  .option('--retention <days>', 'how long deliveries are kept', positive, USUAL.retentionDays)
  .option('--from <file>', 'what --only simulation --json has printed, in place of what is kept in bench/simulation')
  .option('--write-docs', 'keep that measurement, and write docs/scale.md from it, in both languages', false)
  .action(scale);

await program.parseAsync();

async function bench({ only, sweep, soak, json, writeDocs: docs, profile, ...sizes }: Options): Promise<void> {
  const asked = [...(sweep ? ['sweep'] : []), ...(soak === undefined ? [] : ['soak'])];
  const parts = [...(only.length > 0 ? only : DEFAULT_PARTS), ...asked];
  const report = await run(parts, { ...sizes, soak: soak ?? SOAK }, profile);
  if (docs) await writeDocs(report);
  if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else print(report);
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 0.9)) throw new InvalidArgumentError('Give a number from 0 to 0.9.');
  return value;
}
