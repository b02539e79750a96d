import type { CommandNode, Flag } from './command-tree.js';

/** A script for fish. It holds all that there is to complete. */
export function fishScript(tree: readonly CommandNode[]): string {
  const commands = tree.filter(({ path }) => path.length > 0).map(({ path }) => pathOf(path));
  const valued = tree.flatMap(({ path, flags }) =>
    flags.filter(({ takesValue }) => takesValue).flatMap(({ names }) => names.map((name) => pathOf([...path, name]))),
  );
  return `# Completion of hookline for fish: hookline completion fish > ~/.config/fish/completions/hookline.fish
function __hookline_path
    set -l words (commandline -opc)
    set -e words[1]
    set -l path hookline
    set -l is_value no
    for word in $words
        if test $is_value = yes
            set is_value no
            continue
        end
        switch "$path $word"
            case ${commands.join(' ')}
                set path "$path $word"
            case ${valued.join(' ')}
                set is_value yes
        end
    end
    echo $path
end

function __hookline_at
    test (__hookline_path) = "$argv"
end

complete -c hookline -f
${tree.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, flags, choices, takesFile }: CommandNode): string[] {
  const at = `complete -c hookline -n ${quoted(`__hookline_at ${['hookline', ...path].join(' ')}`)}`;
  return [
    ...commands.map(({ name, description }) => `${at} -a ${name} -d ${quoted(description)}`),
    ...choices.map((choice) => `${at} -a ${choice}`),
    ...(takesFile ? [`${at} -F`] : []),
    ...flags.map((flag) => `${at} ${optionOf(flag)}`),
  ];
}

function optionOf({ names, description, takesValue, choices }: Flag): string {
  const written = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r -F' : '';
  return `${written.join(' ')}${value} -d ${quoted(description)}`;
}

function pathOf(path: readonly string[]): string {
  return quoted(['hookline', ...path].join(' '));
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
