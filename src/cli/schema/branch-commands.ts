import type { Command } from 'commander';
import { withCommonOptions, withTimeout } from './command-options.js';
import type { CommonOptions } from './run.js';

const TEN_MINUTES = 600;

/** `hookline schema branch create | list | delete`. */
export function addBranchCommands(schema: Command): void {
  const branch = schema.command('branch').description('Development branches of the database.');

  withCommonOptions(
    withTimeout(
      branch
        .command('create')
        .description(
          'Make a development branch, and come back when it is ready. It has the tables of another branch, and no rows.',
        )
        .argument('<name>', '1 to 40 of a-z, 0-9, - and _')
        .option('--from <branch>', 'the branch that it is made from (default: the production branch)'),
      TEN_MINUTES,
    ),
    ['hookline schema branch create ai-content-v2', 'hookline schema branch create ai-content-v2 --from main --json'],
  ).action(async (name: string, options: CommonOptions & { from?: string; timeout: number }) =>
    (await import('./branch.js')).createBranch(name, options),
  );

  withCommonOptions(branch.command('list').description('Show the branches of the database.'), [
    'hookline schema branch list',
    'hookline schema branch list --json',
  ]).action(async (options: CommonOptions) => (await import('./branch.js')).listBranches(options));

  withCommonOptions(
    branch
      .command('delete')
      .description(
        'Delete a development branch, at once. Not the production branch, and none with an open deploy request.',
      )
      .argument('<name>', 'the branch'),
    ['hookline schema branch delete ai-content-v2'],
  ).action(async (name: string, options: CommonOptions) => (await import('./branch.js')).deleteBranch(name, options));
}
