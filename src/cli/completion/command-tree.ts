import type { Argument, Command, Option } from 'commander';

/** What a word of the command line may be completed with has only these: no shell expands, splits or quotes it. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const FILE = /file|path|folder/i;
const LONGEST_DESCRIPTION = 80;

export interface Named {
  readonly name: string;
  readonly description: string;
}

/** An option under all its names, `-V` and `--version`. */
export interface Flag {
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** What its value may be; empty: anything, a file perhaps. */
  readonly choices: readonly string[];
}

/** A command, and what may stand after it. */
export interface CommandNode {
  /** Its words after the program's name; none: the program itself. */
  readonly path: readonly string[];
  readonly commands: readonly Named[];
  readonly flags: readonly Flag[];
  /** What its arguments may be. */
  readonly choices: readonly string[];
  readonly takesFile: boolean;
}

/** The program and all its commands, hidden ones apart. */
export function commandTree(program: Command, path: readonly string[] = []): readonly CommandNode[] {
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((command) => PLAIN.test(command.name()));
  const node: CommandNode = {
    path,
    commands: commands.map((command) => ({ name: command.name(), description: inShort(command.description()) })),
    flags: help.visibleOptions(program).map(flagOf),
    choices: program.registeredArguments.flatMap(choicesOf),
    takesFile: program.registeredArguments.some((argument) => FILE.test(argument.name())),
  };
  return [node, ...commands.flatMap((command) => commandTree(command, [...path, command.name()]))];
}

function flagOf(option: Option): Flag {
  return {
    names: [option.short, option.long].filter((name) => name !== undefined),
    description: inShort(option.description),
    takesValue: option.required || option.optional,
    choices: choicesOf(option),
  };
}

function choicesOf({ argChoices = [] }: Pick<Option | Argument, 'argChoices'>): string[] {
  return argChoices.filter((choice) => PLAIN.test(choice));
}

/** The first sentence, as far as it fits beside a name. */
function inShort(description: string): string {
  const [first = ''] = description.split(/[.:;](?= |$)/u);
  return first.length > LONGEST_DESCRIPTION ? `${first.slice(0, LONGEST_DESCRIPTION - 1)}…` : first;
}
