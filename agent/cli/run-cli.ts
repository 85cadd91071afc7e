/** The command line: finds the command, runs it, says what went wrong, gives the exit code. */

import { readSettings } from '../settings.ts';
import { UsherError } from '../usher-error.ts';
import { commit, version } from '../version.ts';
import type { Arguments, Command, Terminal } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.ts';
import { renderHelp, renderOverview } from './help.ts';
import { findCommand, parseArguments } from './parse-command.ts';

/** Runs one command line and returns its exit code; only a bug rejects. */
export const runCli = async (words: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    terminal.err(`${error.message}\n`);
    return exitCodeOf(error.code);
  }
};

const dispatch = async (words: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const [first] = words;
  if (first === undefined || first === '--help' || first === 'help') {
    terminal.out(renderOverview(COMMANDS, version));
    return first === undefined ? EXIT['wrong usage'] : EXIT.done;
  }
  if (first === '--version') {
    terminal.out(`usher ${version} (${commit}), Node ${process.versions.node}\n`);
    return EXIT.done;
  }
  const found = findCommand(COMMANDS, words);
  if (found === undefined) throw unknownCommand(words);
  const args = parseArguments(found.command, found.words);
  if (args.has('help')) {
    terminal.out(renderHelp(found.command));
    return EXIT.done;
  }
  return found.command.run({
    args,
    terminal,
    settings: () => settingsOf(found.command, args, terminal),
  });
};

const settingsOf = (command: Command, args: Arguments, { environment }: Terminal) => {
  const flags = Object.fromEntries(command.settings.map((name) => [name, args.text(name)]));
  return readSettings({ flags, environment });
};

const unknownCommand = (words: readonly string[]): UsherError => {
  const [first = ''] = words;
  const family = COMMANDS.filter((command) => command.name.startsWith(`${first} `));
  const known =
    family.length === 0
      ? 'See `usher --help`.'
      : `There are ${family.map((command) => `\`usher ${command.name}\``).join(', ')}.`;
  return new UsherError(
    'WRONG_USAGE',
    `Unknown command: usher ${words.slice(0, 2).join(' ')}. ${known}`,
  );
};
