/** The manual page, made from the same table as the parser and the help. */

import type { Command } from '../../agent/cli/command.ts';
import { EXIT } from '../../agent/cli/exit-code.ts';
import { positionalWords } from '../../agent/cli/parse-command.ts';
import { SETTINGS, type SettingName, settingVariable } from '../../agent/settings-table.ts';

export interface ManPageOptions {
  readonly commands: readonly Command[];
  readonly version: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/** usher(1) in roff's man macros. */
export const manPage = ({ commands, version, time }: ManPageOptions): string => {
  const day = new Date(time * 1000).toISOString().slice(0, 10);
  return [
    `.TH USHER 1 "${day}" "Usher ${version}" "Usher"`,
    '.SH NAME',
    `usher \\- lend the seats of signed licenses on a local network`,
    '.SH SYNOPSIS',
    '.B usher',
    '.I COMMAND',
    '.RI [ FLAGS ]',
    '.br',
    '.B usher',
    '.I COMMAND',
    '.B \\-\\-help',
    '.SH DESCRIPTION',
    plain(
      'A software vendor signs a license; a customer runs Usher on one box in the local network; every copy of the application finds that box by itself, takes a seat for a while and gives it back.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH SETTINGS',
    plain(
      'Flags go over the environment, that over the settings file (lines of "name = value"), that over the defaults.',
    ),
    ...(Object.keys(SETTINGS) as SettingName[]).flatMap(settingLines),
    '.SH "EXIT STATUS"',
    ...Object.entries(EXIT).flatMap(([meaning, code]) => ['.TP', `.B ${code}`, plain(meaning)]),
    '.PP',
    plain('usher run passes on the code of its command.'),
    '.SH FILES',
    ...FILES.flatMap(([path, what]) => ['.TP', `.I ${plain(path)}`, plain(what)]),
    '',
  ].join('\n');
};

const FILES = [
  ['/var/lib/usher', 'licenses, leases and the key of the agent that root or the service runs'],
  ['/etc/usher/usher.conf', 'the settings of the agent that keeps its data in /var/lib/usher'],
  ['/etc/usher/client.conf', 'where applications on this computer have their licenses from'],
  ['~/.local/state/usher', 'the same as /var/lib/usher, of an agent that a user runs'],
] as const;

const commandLines = (command: Command): readonly string[] => {
  const rows = [
    ...command.positionals.map(({ name, summary }) => [name, summary] as const),
    ...Object.entries(command.flags).map(([name, flag]) => {
      const value = flag.kind === 'switch' ? '' : ` ${flag.value ?? 'TEXT'}`;
      const often = flag.kind === 'list' ? ' (may be repeated)' : '';
      return [`--${name}${value}`, `${flag.summary}${often}`] as const;
    }),
    ...command.settings.map(
      (name) => [`--${name} ${SETTINGS[name].value}`, SETTINGS[name].summary] as const,
    ),
  ];
  return [
    `.SS "${plain(['usher', command.name, ...positionalWords(command)].join(' '))}"`,
    plain(`${command.summary}.`),
    ...rows.flatMap(([head, summary]) => ['.TP', bold(head), plain(summary)]),
  ];
};

const settingLines = (name: SettingName): readonly string[] => [
  '.TP',
  bold(`${name}`),
  plain(`${SETTINGS[name].summary}; ${settingVariable(name)}; default: ${SETTINGS[name].fallback}`),
];

/** Text as it stands: no hyphen becomes a dash, no line a request. */
const plain = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll('…', '...')
    .replaceAll('’', '\\(cq')
    .replace(/^(?=[.'])/gm, '\\&');

const bold = (text: string): string => `\\fB${plain(text)}\\fR`;
