/** Completion for bash 4 and newer, without the package bash-completion. */

import { type CommandShape, familyOf, firstWords, TOP_FLAGS, type WordKind } from './shape.ts';

/** The script that bash sources. */
export const renderBash = (shapes: readonly CommandShape[]): string =>
  `# bash completion for usher, made from its own table of commands: usher completion bash

_usher_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

_usher_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_usher() {
  local cur=\${COMP_WORDS[COMP_CWORD]} last=$((COMP_CWORD - 1)) i at=1
  COMPREPLY=()
  # bash parts --flag=value at the equals sign.
  if [[ $cur == '=' ]]; then cur=; elif [[ \${COMP_WORDS[last]} == '=' ]]; then last=$((last - 1)); fi
  local prev=\${COMP_WORDS[last]} command=\${COMP_WORDS[1]}
  if ((COMP_CWORD == 1)); then
    _usher_words '${[...firstWords(shapes), 'help', ...TOP_FLAGS.map(({ name }) => name)].join(' ')}'
    return
  fi
  case $command in
${familyCases(shapes)}
  esac
  # Behind -- stands somebody else's command line.
  for ((i = at + 1; i < COMP_CWORD; i++)); do
    [[ \${COMP_WORDS[i]} == -- ]] || continue
    if ((i == COMP_CWORD - 1)); then _usher_files -c; else _usher_files -f; fi
    return
  done
  case "$command $prev" in
${valueCases(shapes)}
  esac
  if [[ $cur != -* ]]; then
    case $command in
${positionalCases(shapes)}
    esac
  fi
  case $command in
${flagCases(shapes)}
  esac
}

complete -F _usher usher
`;

const familyCases = (shapes: readonly CommandShape[]): string =>
  firstWords(shapes)
    .flatMap((first) => {
      const members = familyOf(shapes, first).map(({ words }) => words[1]);
      if (members.length === 0) return [];
      return [
        `    ${first})`,
        `      if ((COMP_CWORD == 2)); then _usher_words '${members.join(' ')} --help'; return; fi`,
        `      command="$command \${COMP_WORDS[2]}" at=2 ;;`,
      ];
    })
    .join('\n');

const valueCases = (shapes: readonly CommandShape[]): string =>
  shapes
    .flatMap(({ words, flags }) =>
      flags.flatMap(({ name, value }) =>
        value === undefined ? [] : [`    '${words.join(' ')} ${name}') ${completed(value)} ;;`],
      ),
    )
    .join('\n');

const completed = (value: WordKind): string => {
  switch (value.kind) {
    case 'file':
      return '_usher_files -f; return';
    case 'folder':
      return '_usher_files -d; return';
    case 'one-of':
      return `_usher_words '${value.words.join(' ')}'; return`;
    case 'other':
      return 'return';
  }
};

/** Only the first word that is no flag can be told; no command takes more that can be guessed. */
const positionalCases = (shapes: readonly CommandShape[]): string =>
  shapes
    .flatMap(({ words, positionals: [first] }) =>
      first === undefined || first.kind === 'other'
        ? []
        : [`      '${words.join(' ')}') ${completed(first)} ;;`],
    )
    .join('\n');

const flagCases = (shapes: readonly CommandShape[]): string =>
  shapes
    .map(({ words, flags, takesCommand }) => {
      const names = [...flags.map(({ name }) => name), ...(takesCommand ? ['--'] : [])];
      return `    '${words.join(' ')}') _usher_words '${names.join(' ')}' ;;`;
    })
    .join('\n');
