import { Command, CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { addSchemaCommand } from '../../src/cli/commands/schema.js';

/** The command line without its process; what it prints is given back. */
async function hookline(...args: string[]): Promise<{ error: unknown; output: string }> {
  let output = '';
  const write = (text: string): void => {
    output += text;
  };
  const program = new Command('hookline').exitOverride().configureOutput({ writeOut: write, writeErr: write });
  addSchemaCommand(program);
  const error: unknown = await program.parseAsync(args, { from: 'user' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, output };
}

const DEPLOY_REQUEST = [
  'create',
  'list',
  'show',
  'diff',
  'approve',
  'deploy',
  'apply',
  'cancel',
  'revert',
  'skip-revert',
  'close',
];
const COMMANDS = [
  ...['create', 'list', 'delete'].map((name) => ['branch', name]),
  ...['apply', 'diff', 'lint', 'replay'].map((name) => [name]),
  ...DEPLOY_REQUEST.map((name) => ['deploy-request', name]),
];

describe('hookline schema --help', () => {
  it.each(COMMANDS.map((path) => [path.join(' ')]))(
    '%s: its options, the environment it reads, and examples',
    async (path) => {
      const { output } = await hookline('schema', ...path.split(' '), '--help');
      expect(output).toContain(`Usage: hookline schema ${path} `);
      expect(output).toContain('--json');
      expect(output).toContain('--provider <name>');
      expect(output).toMatch(/Environment:\n {2}HOOKLINE_SCHEMA_URL {2}/);
      expect(output).toContain('PLANETSCALE_SERVICE_TOKEN ');
      expect(output).toMatch(new RegExp(`Examples:\\n {2}\\$ hookline schema ${path} ?`));
    },
  );
});

describe('hookline schema, called wrongly', () => {
  it.each([
    ['branch create', "missing required argument 'name'"],
    ['branch delete', "missing required argument 'name'"],
    ['branch create x --timeout soon', 'It takes a whole number'],
    ['branch list --provider oracle', 'planetscale, mysql'],
    ['apply --branch b', "missing required argument 'file'"],
    ['apply a.sql', "required option '--branch <name>' not specified"],
    ['diff', 'name the branch'],
    ['diff one --branch two', "two branches are named, 'one' and 'two'"],
    ['lint', 'name a file, or --branch <name>'],
    ['replay', 'name the branch'],
    ['replay --branch b --last 0', 'It takes a whole number'],
    ['replay --branch b --last 5 --files a.json', 'cannot be used with option'],
    ['replay --branch b --slower-than 0.5', 'It takes a number, 1 to'],
    ['deploy-request create', 'name the branch'],
    ['deploy-request list --state ready', 'open, closed'],
    ['deploy-request show', "missing required argument 'number'"],
    ['deploy-request deploy first', 'It takes a whole number'],
    ['deploy-request deploy 0', 'It takes a whole number'],
    ['deploy-request deploy 1 2', 'too many arguments'],
    ['dr revert 1.5', 'It takes a whole number'],
    ['branch create a --replicas 2', "unknown option '--replicas'"],
    ['merge', "unknown command 'merge'"],
  ])('%s', async (line, says) => {
    const { error, output } = await hookline('schema', ...line.split(' '));
    expect(error).toBeInstanceOf(CommanderError);
    expect((error as CommanderError).exitCode).not.toBe(0);
    expect(output).toContain(says);
  });
});
