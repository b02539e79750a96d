import type { CommandNode } from './command-tree.js';

/**
 * A script for bash (3.2 or newer, without the package bash-completion). It holds all that there is to complete: nothing is started at a TAB, and nothing that was typed is
 * evaluated.
 */
export function bashScript(tree: readonly CommandNode[]): string {
  return `# Completion of hookline for bash. In ~/.bashrc: eval "$(hookline completion bash)"
_hookline_at() {
  commands='' options='' valued='' choices='' files=''
  case $1 in
${tree.map(commandCase).join('\n')}
  esac
}

_hookline_values() {
  values=''
  case $1 in
${tree.flatMap(valueCases).join('\n')}
  esac
}

_hookline() {
  local IFS=$' \\t\\n' word=\${COMP_WORDS[COMP_CWORD]} at=1 before path='' option=''
  local commands options valued choices files values=''
  COMPREPLY=()
  _hookline_at ''
  for ((at = 1; at < COMP_CWORD; at += 1)); do
    before=\${COMP_WORDS[at]}
    if [[ -n $option ]]; then
      # Bash takes = and @ for words of their own.
      [[ $before == '=' || $before == '@' ]] || option=''
    elif [[ -n $before && " $valued " == *" $before "* ]]; then
      option=$before
    elif [[ -n $before && " $commands " == *" $before "* ]]; then
      path="$path $before"
      _hookline_at "$path"
    fi
  done
  if [[ -n $option ]]; then
    _hookline_values "$path $option"
    [[ $word == '=' ]] && word=''
    if [[ -n $values ]]; then
      COMPREPLY=($(compgen -W "$values" -- "$word")) || true
    else
      compopt -o default 2> /dev/null
    fi
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word")) || true
  elif [[ -n $files ]]; then
    compopt -o default 2> /dev/null
  else
    COMPREPLY=($(compgen -W "$commands $choices" -- "$word")) || true
  fi
}
complete -F _hookline hookline
`;
}

function commandCase({ path, commands, flags, choices, takesFile }: CommandNode): string {
  const names = (some: CommandNode['flags']) => some.flatMap((flag) => flag.names).join(' ');
  const parts = [
    ['commands', commands.map(({ name }) => name).join(' ')],
    ['options', names(flags)],
    ['valued', names(flags.filter(({ takesValue }) => takesValue))],
    ['choices', choices.join(' ')],
    ['files', takesFile ? 'yes' : ''],
  ];
  const set = parts.filter(([, value]) => value !== '').map(([name, value]) => `${name}='${value}'`);
  return `    '${pathOf(path)}') ${set.join(' ')} ;;`;
}

function valueCases({ path, flags }: CommandNode): string[] {
  return flags
    .filter(({ choices }) => choices.length > 0)
    .map(({ names, choices }) => {
      const patterns = names.map((name) => `'${pathOf(path)} ${name}'`);
      return `    ${patterns.join(' | ')}) values='${choices.join(' ')}' ;;`;
    });
}

function pathOf(path: readonly string[]): string {
  return path.map((word) => ` ${word}`).join('');
}
