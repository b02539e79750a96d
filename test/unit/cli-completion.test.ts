import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCompletionCommand } from '../../src/cli/commands/completion.js';
import { addGatewaySimCommand } from '../../src/cli/commands/gateway-sim.js';
import { addListenCommand } from '../../src/cli/commands/listen.js';
import { addSchemaCommand } from '../../src/cli/commands/schema.js';
import { addTailCommand } from '../../src/cli/commands/tail.js';
import { bashScript } from '../../src/cli/completion/bash.js';
import { type CommandNode, commandTree } from '../../src/cli/completion/command-tree.js';
import { fishScript } from '../../src/cli/completion/fish.js';
import { zshScript } from '../../src/cli/completion/zsh.js';

function program(): Command {
  const hookline = new Command('hookline').version('1', '-V, --version', 'print the version');
  for (const add of [addSchemaCommand, addListenCommand, addTailCommand, addGatewaySimCommand, addCompletionCommand]) {
    add(hookline);
  }
  return hookline;
}

/** What bash would offer after the words, the last of which is being typed. Bash splits at = and @, and so do the words here. */
function bash(folder: string, words: readonly string[]): string[] {
  const script = `
    . ${join(folder, 'hookline.bash')}
    compopt() { echo "FILES"; }
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    _hookline
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-euc', script, 'bash', 'hookline', ...words], {
    encoding: 'utf8',
    cwd: folder,
  });
  return out.split('\n').filter((line) => line !== '');
}

describe('hookline completion', () => {
  let folder: string;
  let tree: readonly CommandNode[];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-completion-'));
    tree = commandTree(program());
    writeFileSync(join(folder, 'hookline.bash'), bashScript(tree));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [[''], ['schema', 'listen', 'tail', 'gateway-sim', 'completion', 'help']],
    [['l'], ['listen']],
    [['-'], ['-V', '--version', '-h', '--help']],
    [['--v'], ['--version']],
    [
      ['schema', ''],
      ['branch', 'apply', 'diff', 'lint', 'replay', 'deploy-request', 'help'],
    ],
    [
      ['schema', 'deploy-request', 'c'],
      ['create', 'cancel', 'close'],
    ],
    [['schema', 'deploy-request', 'create', '--not'], ['--notes']],
    [['tail', '--s'], ['--status']],
    [
      ['tail', '--status', ''],
      ['pending', 'success', 'retrying', 'failed'],
    ],
    [['tail', '--status', '=', 'f'], ['failed']],
    [
      ['tail', '--status', '='],
      ['pending', 'success', 'retrying', 'failed'],
    ],
    [['tail', '--user', 'listen', '--status', 's'], ['success']],
    [['tail', '--status', 'failed', '--j'], ['--json']],
    [
      ['gateway-sim', '--shape', ''],
      ['event', 'standard', 'mixed'],
    ],
    [['gateway-sim', '--file', ''], ['FILES']],
    [['gateway-sim', '--secret', '@', 'x'], ['FILES']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['completion', 'z'], ['zsh']],
    [
      ['nonsense', 'x', ''],
      ['schema', 'listen', 'tail', 'gateway-sim', 'completion', 'help'],
    ],
    [['tail', ''], []],
  ])('bash, after %j', (words, offers) => {
    expect(bash(folder, words)).toEqual(offers);
  });

  it('evaluates nothing of what was typed, and may be loaded twice', () => {
    const evil = ['$(touch evaluated)', '`touch evaluated`', '; touch evaluated', '* [a-z]'];
    for (const word of evil) {
      expect(bash(folder, ['tail', '--user', word, '--js'])).toEqual(['--json']);
      expect(bash(folder, ['tail', '--status', word])).toEqual([]);
    }
    expect(existsSync(join(folder, 'evaluated'))).toBe(false);
    const file = join(folder, 'hookline.bash');
    expect(
      execFileSync('bash', ['--norc', '-euc', `. ${file}; . ${file}; complete -p hookline`], { encoding: 'utf8' }),
    ).toBe('complete -F _hookline hookline\n');
  });

  it('leaves out what is hidden, and what a shell would take for more than a word', () => {
    const odd = new Command('hookline')
      .addOption(new Option('--hidden').hideHelp())
      .addOption(
        new Option('--of <x>', "it's `what` $(it) says: more").choices(['plain', '$(evil)', 'two words', "quote'"]),
      );
    odd.command('known', { hidden: true });
    const nodes = commandTree(odd);
    expect(nodes.map(({ path }) => path)).toEqual([[], ['help']]);
    expect(nodes[0]?.flags.map(({ names }) => names)).toEqual([['--of'], ['-h', '--help']]);
    expect(nodes[0]?.flags[0]).toMatchObject({ choices: ['plain'], description: "it's `what` $(it) says" });
    writeFileSync(join(folder, 'odd.bash'), bashScript(nodes));
    expect(execFileSync('bash', ['-nu', join(folder, 'odd.bash')], { encoding: 'utf8' })).toBe('');
    expect(zshScript(nodes)).toContain("'--of:it'\\''s `what` $(it) says'");
    expect(fishScript(nodes)).toContain("-d 'it\\'s `what` $(it) says'");
  });

  it.each([
    ['zsh', zshScript],
    ['fish', fishScript],
  ])(
    'has a script for %s with every command and option, which that shell reads, where it is installed',
    (shell, scriptOf) => {
      const script = scriptOf(tree);
      for (const { path, flags } of tree) {
        expect(script).toContain(path.join(' '));
        for (const { names } of flags) expect(script).toContain(names.at(-1)?.replace(/^--/, ''));
      }
      const file = join(folder, `hookline.${shell}`);
      writeFileSync(file, script);
      const read = spawnSync(shell, ['--no-exec', file], { encoding: 'utf8' });
      const isInstalled = read.error === undefined;
      if (isInstalled) expect([read.status, read.stderr]).toEqual([0, '']);
    },
  );
});
