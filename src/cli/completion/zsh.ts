import type { CommandNode, Named } from './command-tree.js';

/** A script for zsh, to be evaluated after compinit, or kept as the file _hookline in a folder of fpath. It holds all that there is to complete. */
export function zshScript(tree: readonly CommandNode[]): string {
  return `#compdef hookline
# Completion of hookline for zsh. In ~/.zshrc, after compinit: eval "$(hookline completion zsh)"
_hookline_at() {
  subcommands=() flags=() valued=() choices=() files=''
  case $1 in
${tree.map(commandCase).join('\n')}
  esac
  names=("\${(@)subcommands%%:*}")
}

_hookline_values() {
  values=()
  case $1 in
${tree.flatMap(valueCases).join('\n')}
  esac
}

_hookline() {
  local before where='' flag='' files
  local -a subcommands names flags valued choices values
  _hookline_at ''
  for before in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n $flag ]]; then
      flag=''
    elif (( \${valued[(Ie)$before]} )); then
      flag=$before
    elif (( \${names[(Ie)$before]} )); then
      where="$where $before"
      _hookline_at "$where"
    fi
  done
  if [[ -z $flag && $PREFIX == --*=* ]]; then
    flag=\${PREFIX%%=*}
    compset -P '*='
  fi
  if [[ -n $flag ]]; then
    _hookline_values "$where $flag"
    if (( $#values )); then
      compadd -a values
    else
      compset -P '@'
      _files
    fi
  elif [[ $PREFIX == -* ]]; then
    _describe -o option flags
  elif [[ -n $files ]]; then
    _files
  else
    _describe command subcommands
    compadd -a choices
  fi
}

if [[ $funcstack[1] == _hookline ]]; then
  _hookline "$@"
else
  compdef _hookline hookline
fi
`;
}

function commandCase({ path, commands, flags, choices, takesFile }: CommandNode): string {
  const described = flags.flatMap(({ names, description }) => names.map((name) => ({ name, description })));
  const valued = flags.filter(({ takesValue }) => takesValue).flatMap(({ names }) => names);
  const parts = [
    `subcommands=(${commands.map(describedOf).join(' ')})`,
    `flags=(${described.map(describedOf).join(' ')})`,
    `valued=(${valued.join(' ')})`,
    `choices=(${choices.join(' ')})`,
    `files='${takesFile ? 'yes' : ''}'`,
  ];
  return `    ${pathOf(path)})\n      ${parts.join('\n      ')}\n      ;;`;
}

function valueCases({ path, flags }: CommandNode): string[] {
  return flags
    .filter(({ choices }) => choices.length > 0)
    .map(({ names, choices }) => {
      const patterns = names.map((name) => pathOf([...path, name]));
      return `    ${patterns.join('|')}) values=(${choices.join(' ')}) ;;`;
    });
}

/** `name:description`, as _describe takes it. */
function describedOf({ name, description }: Named): string {
  return quoted(`${name}:${description}`);
}

function pathOf(path: readonly string[]): string {
  return quoted(path.map((word) => ` ${word}`).join(''));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
