import { type Command, Option } from 'commander';
import { wholeNumber } from '../numbers.js';

export const DEFAULT_LIMIT = 20;
const LARGEST_LIMIT = 10_000;

export interface ListOptions {
  readonly limit?: number;
  readonly all?: boolean;
  readonly cursor?: string;
  readonly json?: boolean;
}

/** Adds `--limit`, `--all` and `--cursor`. */
export function addListOptions(command: Command): Command {
  return command
    .option('--limit <n>', `so many at most (${DEFAULT_LIMIT})`, wholeNumber(1, LARGEST_LIMIT))
    .addOption(new Option('--all', 'all of them, page by page').conflicts('limit'))
    .option('--cursor <cursor>', 'go on after a page: its next_cursor of --json');
}
