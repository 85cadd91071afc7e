/** Completion for zsh. */

import {
  type CommandShape,
  type FlagShape,
  familyOf,
  firstSummary,
  firstWords,
  TOP_FLAGS,
  type WordKind,
} from './shape.ts';

/** The file `_usher` of a folder in `fpath`. */
export const renderZsh = (shapes: readonly CommandShape[]): string =>
  `#compdef usher
# zsh completion for usher, made from its own table of commands: usher completion zsh

_usher() {
  local -a known flags
  if ((CURRENT == 2)); then
    known=(
${firstWords(shapes)
  .map((first) => `      ${quote(`${first}:${firstSummary(shapes, first)}`)}`)
  .join('\n')}
    )
    flags=(
${TOP_FLAGS.map(({ name, summary }) => `      ${quote(`${name}:${summary}`)}`).join('\n')}
    )
    _describe command known
    _describe -o flag flags
    return
  fi
  # Behind -- stands somebody else's command line.
  local end=\${words[(i)--]}
  if ((end < CURRENT)); then
    words=("\${(@)words[end + 1, -1]}")
    ((CURRENT -= end))
    _normal
    return
  fi
  local command=$words[2]
  case $command in
${familyCases(shapes)}
  esac
  # _arguments wants the command's name as the first word.
  shift words
  ((CURRENT--))
  case $command in
${shapes.map(commandCase).join('\n')}
  esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _usher "$@"; else compdef _usher usher; fi
`;

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const familyCases = (shapes: readonly CommandShape[]): string =>
  firstWords(shapes)
    .flatMap((first) => {
      const family = familyOf(shapes, first);
      if (family.length === 0) return [];
      return [
        `    ${first})`,
        '      if ((CURRENT == 3)); then',
        '        known=(',
        ...family.map(({ words, summary }) => `          ${quote(`${words[1]}:${summary}`)}`),
        '        )',
        '        _describe command known',
        '        return',
        '      fi',
        '      command="$command $words[3]"',
        '      shift words',
        '      ((CURRENT--)) ;;',
      ];
    })
    .join('\n');

const commandCase = ({ words, flags, positionals }: CommandShape): string => {
  const specs = [
    ...flags.map(flagSpec),
    ...positionals.map((value, i) => quote(`${i + 1}:argument:${action(value)}`)),
  ];
  return [
    `    '${words.join(' ')}')`,
    `      _arguments -s ${specs.join(' \\\n        ')} ;;`,
  ].join('\n');
};

// A bracket or colon in a summary would end it.
const flagSpec = ({ name, summary, value }: FlagShape): string => {
  const said = summary.replace(/[[\]:\\]/g, '\\$&');
  const takes = value === undefined ? '' : `=:value:${action(value)}`;
  const [flag, rest] = value === undefined ? [name, ''] : [`${name}=`, takes.slice(1)];
  return quote(`*${flag}[${said}]${rest}`);
};

const action = (value: WordKind): string => {
  switch (value.kind) {
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'one-of':
      return `(${value.words.join(' ')})`;
    case 'other':
      return '';
  }
};
