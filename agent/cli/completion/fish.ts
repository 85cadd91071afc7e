/** Completion for fish. */

import {
  type CommandShape,
  type FlagShape,
  firstSummary,
  firstWords,
  TOP_FLAGS,
  type WordKind,
} from './shape.ts';

/** The file `usher.fish` of a folder of completions. */
export const renderFish = (shapes: readonly CommandShape[]): string =>
  [
    '# fish completion for usher, made from its own table of commands: usher completion fish',
    '',
    '# Whether the command line begins with exactly these words and is past them.',
    'function __usher_in',
    '  set -l typed (commandline -opc)',
    '  test (count $typed) -gt (count $argv); or return 1',
    '  set -l own $typed[2..(math (count $argv) + 1)]',
    '  test "$own" = "$argv"',
    'end',
    '',
    '# Whether nothing is behind these words yet.',
    'function __usher_at',
    '  set -l typed (commandline -opc)',
    '  test "$typed[2..]" = "$argv"',
    'end',
    '',
    '# Whether a command of somebody else is being typed.',
    'function __usher_behind',
    '  contains -- -- (commandline -opc)',
    'end',
    '',
    '# What has been typed of it.',
    'function __usher_rest',
    '  set -l typed (commandline -opc) (commandline -ct)',
    '  string join -- " " $typed[(math (contains -i -- -- $typed) + 1)..]',
    'end',
    '',
    'complete -c usher -f',
    ...firstWords(shapes).map(
      (first) =>
        `complete -c usher -n __usher_at -a ${first} -d ${quote(firstSummary(shapes, first))}`,
    ),
    ...TOP_FLAGS.map(
      ({ name, summary }) =>
        `complete -c usher -n __usher_at -l ${bare(name)} -d ${quote(summary)}`,
    ),
    ...shapes.flatMap(completeCommand),
    '',
  ].join('\n');

const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

const bare = (flag: string): string => flag.replace(/^--/, '');

const completeCommand = (shape: CommandShape): readonly string[] => {
  const { words, summary, flags, positionals, takesCommand } = shape;
  const [family, member] = words;
  const inside = quote(`__usher_in ${words.join(' ')}; and not __usher_behind`);
  const lines = flags.map((flag) => `complete -c usher -n ${inside} ${flagWords(flag)}`);
  const [first] = positionals;
  if (first !== undefined && first.kind !== 'other')
    lines.push(`complete -c usher -n ${inside} ${valueWords(first)}`);
  if (takesCommand)
    lines.push(
      `complete -c usher -n __usher_behind -a '(__fish_complete_subcommand --commandline (__usher_rest))'`,
    );
  if (member === undefined) return lines;
  return [
    `complete -c usher -n ${quote(`__usher_at ${family}`)} -a ${member} -d ${quote(summary)}`,
    ...lines,
  ];
};

const flagWords = ({ name, summary, value }: FlagShape): string => {
  const takes =
    value === undefined
      ? ''
      : ` ${value.kind === 'file' ? '-r' : '-x'} ${valueWords(value)}`.trimEnd();
  return `-l ${bare(name)} -d ${quote(summary)}${takes}`;
};

const valueWords = (value: WordKind): string => {
  switch (value.kind) {
    case 'file':
      return '-F';
    case 'folder':
      return "-a '(__fish_complete_directories)'";
    case 'one-of':
      return `-a ${quote(value.words.join(' '))}`;
    case 'other':
      return '';
  }
};
