import { type Command, Option } from 'commander';
import { decimal, wholeNumber } from '../numbers.js';
import { branchOf, withCommonOptions } from './command-options.js';
import type { CommonOptions } from './run.js';

const FOREIGN_KEYS = 'take foreign keys, as a database does whose settings say so';

/** `hookline schema apply | diff | lint | replay`. */
export function addFileCommands(schema: Command): void {
  addApply(schema);
  addDiff(schema);
  addLint(schema);
  addReplay(schema);
}

function addApply(schema: Command): void {
  withCommonOptions(
    schema
      .command('apply')
      .description(
        'Run the statements of a file on a development branch. They are linted first: errors end it before anything is run.',
      )
      .argument('<file>', 'SQL statements, UTF-8')
      .requiredOption('--branch <name>', 'the branch')
      .option('--dry-run', 'lint the file and list its statements, and run nothing')
      .option('--allow-foreign-keys', FOREIGN_KEYS),
    [
      'hookline schema apply ai-content-v2.sql --branch ai-content-v2',
      'hookline schema apply ai-content-v2.sql --branch ai-content-v2 --dry-run',
    ],
  ).action(
    async (file: string, options: CommonOptions & { branch: string; dryRun?: boolean; allowForeignKeys?: boolean }) =>
      (await import('./apply.js')).applyFile(file, options),
  );
}

function addDiff(schema: Command): void {
  withCommonOptions(
    schema
      .command('diff')
      .description(
        'Show the statements by which a branch differs from the production branch as both are now, and what they would take away.',
      )
      .argument('[branch]', 'the branch, or --branch')
      .option('--branch <name>', 'the branch')
      .option('--into <branch>', 'what it is compared with (default: the production branch)')
      .option('--exit-code', 'end with 1 when they differ'),
    ['hookline schema diff --branch ai-content-v2', 'hookline schema diff --branch ai-content-v2 --exit-code --json'],
  ).action(
    async (
      argument: string | undefined,
      options: CommonOptions & { branch?: string; into?: string; exitCode?: boolean },
      command: Command,
    ) => {
      const branch = branchOf(argument, options.branch, command);
      await (await import('./diff.js')).diffBranches({ ...options, branch });
    },
  );
}

function addLint(schema: Command): void {
  withCommonOptions(
    schema
      .command('lint')
      .description("Look at a file, at a branch, or at both by PlanetScale's rules; ends with 1 when one is broken.")
      .argument('[file]', 'SQL statements, UTF-8; it needs no database')
      .option('--branch <name>', 'the branch, and what deploying it would take away')
      .option('--sharded', 'look for what does not hold in a sharded keyspace, too')
      .option(
        '--vschema <file>',
        "--sharded, by the keyspace's VSchema (JSON) in place of that of Hookline's own tables",
      )
      .option('--allow-foreign-keys', FOREIGN_KEYS),
    [
      'hookline schema lint ai-content-v2.sql',
      'hookline schema lint --branch ai-content-v2',
      'hookline schema lint --branch main --sharded --json',
    ],
  ).action(
    async (
      file: string | undefined,
      options: CommonOptions & { branch?: string; sharded?: boolean; vschema?: string; allowForeignKeys?: boolean },
      command: Command,
    ) => {
      if (file === undefined && options.branch === undefined) command.error('error: name a file, or --branch <name>');
      await (await import('./lint.js')).lint(file, options);
    },
  );
}

function addReplay(schema: Command): void {
  withCommonOptions(
    schema
      .command('replay')
      .description(
        'Store webhooks that production has stored once more, on the branch, through the same handler, and tell what comes out differently, fails, is cut or ' +
          'slows down. Nobody is called, and production is only read. Ends with 1 when something got worse.',
      )
      .argument('[branch]', 'the branch, or --branch')
      .option('--branch <name>', 'the branch')
      .option('--last <n>', "how many of production's webhooks, the newest", wholeNumber(1, 100_000), 500)
      .addOption(
        new Option(
          '--files <path...>',
          'webhooks of files in their place: a file is one webhook, or one on each line that is not blank (.jsonl, .ndjson, and what is JSON line by line); a folder its .json, .jsonl and .ndjson files by name',
        ).conflicts('last'),
      )
      .option('--handler <module>', 'an ES module that exports mapRecord, as the receiver has it')
      .option('--no-baseline', "compare with production's rows alone, not with a run on its schema; tells no speed")
      .option('--slower-than <factor>', 'from where an insert counts as slower', decimal(1, 1_000), 1.5),
    [
      'hookline schema replay --branch ai-content-v2 --last 500',
      'hookline schema replay --branch ai-content-v2 --handler ./mapping.mjs',
      'hookline schema replay --branch ai-content-v2 --files recorded.jsonl --json',
    ],
  ).action(async (argument: string | undefined, options: ReplayCommandOptions, command: Command) => {
    const branch = branchOf(argument, options.branch, command);
    await (await import('./replay.js')).replayOn({ ...options, branch });
  });
}

interface ReplayCommandOptions extends CommonOptions {
  readonly branch?: string;
  readonly last: number;
  readonly files?: readonly string[];
  readonly handler?: string;
  readonly baseline: boolean;
  readonly slowerThan: number;
}
