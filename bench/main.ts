import { Command, InvalidArgumentError } from 'commander';
import { deliveries } from './deliveries.js';
import { statistics } from './statistics.js';

const program = new Command('bench')
  .description('Deliveries per second, side by side with the ceiling in one run; medians of the rounds.')
  .enablePositionalOptions()
  .option('--rounds <n>', 'rounds', positive, 3)
  .option('--deliveries <n>', 'deliveries a round', positive, 10_000)
  .option('--json', 'print JSON', false)
  .action(deliveries);

program
  .command('statistics')
  .description(
    'What statistics and a claim cost as the history and the queue of one webhook grow: time and shared buffers.',
  )
  .option('--small <n>', 'ended deliveries at first', positive, 10_000)
  .option('--large <n>', 'ended deliveries, and pending ones, at last', positive, 1_000_000)
  .option('--json', 'print JSON', false)
  .action(statistics);

await program.parseAsync();

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.');
  return value;
}
