import { Argument, type Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** `hookline completion`: what a shell completes commands, options and their values by. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('Print the completion for a shell: commands, options, and values where there are few.')
    .addArgument(new Argument('<shell>', 'whose').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(async (shell: Shell) => {
      process.stdout.write(await scriptOf(shell, program));
    });
}

async function scriptOf(shell: Shell, program: Command): Promise<string> {
  const { commandTree } = await import('../completion/command-tree.js');
  const tree = commandTree(program);
  switch (shell) {
    case 'bash':
      return (await import('../completion/bash.js')).bashScript(tree);
    case 'zsh':
      return (await import('../completion/zsh.js')).zshScript(tree);
    case 'fish':
      return (await import('../completion/fish.js')).fishScript(tree);
  }
}

const HELP = `
bash:  in ~/.bashrc                  eval "$(hookline completion bash)"
zsh:   in ~/.zshrc, after compinit   eval "$(hookline completion zsh)"
fish:  $ hookline completion fish > ~/.config/fish/completions/hookline.fish

A script holds what there is in this version, and starts nothing at a TAB: make a file of it anew after an update.`;
