/** The help texts, made from the same table as the parser. */

import { SETTINGS, settingVariable } from '../settings-table.ts';
import { renderColumns } from './columns.ts';
import type { Command } from './command.ts';
import { EXIT } from './exit-code.ts';
import { positionalWords } from './parse-command.ts';

/** All commands, for `usher --help`. */
export const renderOverview = (commands: readonly Command[], version: string): string =>
  [
    `usher ${version}: lends the seats of signed licenses on a local network.`,
    '',
    renderFamily(commands),
    'More about one: usher COMMAND --help',
    `Exit codes: ${Object.entries(EXIT)
      .map(([meaning, code]) => `${code} ${meaning}`)
      .join(', ')}.`,
    '',
  ].join('\n');

/** What there is to know of a family of commands before one is used. */
const NOTES: Readonly<Record<string, string>> = {
  site: `
Several agents as one site share the seats of their licenses, never more than there are; who finds none
free waits at his member, and the site serves in the order of coming. Borrowed seats, draws, named users,
limits and reservations count for all members together.

The same on every member, changed on any: licenses, rules, named users, resources, the console's
passwords; reports and the audit show all. Of each alone: activation, and the settings of its box; the
lists of licenses and seats, and the metrics of these, tell of the member that is asked, and of its part.

Refused, as a site cannot count them: child licenses.

A member that died or has left is shown as dead, and told of, until it comes back or \`usher site forget\`
is asked of another one. That takes nothing from it: should it come back it is a member as before.
`,
};

/** What several commands do, a line each; `name`: what they have in common. */
export const renderFamily = (commands: readonly Command[], name = ''): string =>
  `${renderColumns(commands.map((one) => [`  usher ${one.name}`, one.summary]))}\n${NOTES[name] ?? ''}`;

/** One command, for `usher COMMAND --help`. */
export const renderHelp = (command: Command): string => {
  const rows: [string, string][] = [
    ...command.positionals.map((one): [string, string] => [`  ${one.name}`, one.summary]),
    ...Object.entries(command.flags).map(([name, flag]): [string, string] => [
      `  --${name}${flag.kind === 'switch' ? '' : ` ${flag.value ?? 'TEXT'}`}`,
      flag.kind === 'list' ? `${flag.summary} (may be repeated)` : flag.summary,
    ]),
    ...command.settings.map((name): [string, string] => [
      `  --${name} ${SETTINGS[name].value}`,
      `${SETTINGS[name].summary} [${settingVariable(name)}; default: ${SETTINGS[name].fallback}]`,
    ]),
  ];
  const usage = [
    'usher',
    command.name,
    rows.length > command.positionals.length ? '[FLAGS]' : '',
    ...positionalWords(command),
  ];
  return [
    `Usage: ${usage.filter((word) => word !== '').join(' ')}`,
    '',
    `${command.summary}.`,
    '',
    renderColumns(rows),
    '',
  ].join('\n');
};
