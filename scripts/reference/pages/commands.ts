import { Command, type Option } from 'commander';
import { createProgram } from '../../../src/cli/program.js';
import { addConnectionOptions } from '../../../src/cli/remote/connection.js';
import type { Tell } from '../language.js';
import { code, page, table, verbatim } from '../markdown.js';

const SERVER_OPTIONS = new Map(
  addConnectionOptions(new Command()).options.map((option) => [option.flags, option.description]),
);

/** The commands, as their own help tells them: in English in every language. */
export function commandsPage(t: Tell): string {
  const program = createProgram();
  return page([
    t(['# Commands', '# 命令']),
    t([
      'What `hookline <command> --help` says, where there also are the variables that a command reads, and examples. [How they are used](../command-line.md).',
      '即 `hookline <command> --help` 的内容（英文）；那里还列出命令读取的变量和示例。[用法](../command-line.md)。',
    ]),
    t(['Commands that use a server (marked ¹) take these too:', '使用服务器的命令（标有 ¹）还接受：']),
    table(
      [t(['option', '选项']), ''],
      [...SERVER_OPTIONS].map(([flags, about]) => [code(flags), about]),
    ),
    program.commands.map((command) => `- [${command.name()}](#${command.name()}): ${command.description()}`).join('\n'),
    ...program.commands.flatMap((command) => sections(command, '##', t)),
  ]);
}

function sections(command: Command, level: string, t: Tell): string[] {
  const help = command.createHelp();
  const isRemote = [...SERVER_OPTIONS.keys()].every((flags) =>
    command.options.some((option) => option.flags === flags),
  );
  const shown = command.options.filter((option) => !option.hidden && !isServerOption(option, isRemote));
  const rows = [
    ...help.visibleArguments(command).map((one) => [code(help.argumentTerm(one)), help.argumentDescription(one)]),
    ...shown.map((option) => [code(option.flags), help.optionDescription(option)]),
  ];
  const name = nameOf(command);
  return [
    `${level} ${name}`,
    `${command.description()}${isRemote ? ' ¹' : ''}`,
    command.commands.length > 0 ? '' : verbatim(help.commandUsage(command)),
    rows.length === 0 ? '' : table([t(['argument, option', '参数、选项']), ''], rows),
    ...command.commands.flatMap((one) => sections(one, level.length < 4 ? `${level}#` : level, t)),
  ];
}

function isServerOption(option: Option, isRemote: boolean): boolean {
  return isRemote && SERVER_OPTIONS.get(option.flags) === option.description;
}

/** `webhooks list`: without the program's own name. */
function nameOf(command: Command): string {
  const names: string[] = [];
  for (let one: Command | null = command; one?.parent; one = one.parent) names.unshift(one.name());
  return names.join(' ');
}
