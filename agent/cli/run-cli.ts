/** The command line: finds the command, runs it, says what went wrong, gives the exit code. */

import { readSettings } from '../settings.ts';
import { UsherError } from '../usher-error.ts';
import { commit, levelVersion, version } from '../version.ts';
import type { Command, Terminal } from './command.ts';
import { serve } from './commands/serve.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { fitLines } from './fit-lines.ts';
import { renderFamily, renderHelp, renderOverview } from './help.ts';
import { findCommand, parseArguments } from './parse-command.ts';

/** Runs one command line and returns its exit code; only a bug rejects. */
export const runCli = async (words: readonly string[], given: Terminal): Promise<number> => {
  const isForPrograms = words.includes('--json') || words[0] === 'completion';
  const terminal = isForPrograms ? given : fitted(given);
  try {
    return await dispatch(words, terminal);
  } catch (error) {
    if (!(error instanceof UsherError)) throw error;
    terminal.err(`${error.message}\n`);
    return exitCodeOf(error.code);
  }
};

/** Breaks lines that are wider than the terminal. */
const fitted = (terminal: Terminal): Terminal =>
  Object.create(terminal, {
    out: { value: (text: string) => terminal.out(fitLines(text, terminal.columns)) },
    err: { value: (text: string) => terminal.err(fitLines(text, terminal.columns)) },
  });

/** Loaded only when one of them is asked for: an agent starts without them. */
const allCommands = async (): Promise<readonly Command[]> =>
  (await import('./commands.ts')).COMMANDS;

const dispatch = async (words: readonly string[], terminal: Terminal): Promise<number> => {
  const [first] = words;
  if (first === 'help' && words.length > 1)
    return dispatch([...words.slice(1), '--help'], terminal);
  if (first === undefined || isHelp(first) || first === 'help') {
    terminal.out(renderOverview(await allCommands(), version));
    return first === undefined ? EXIT['wrong usage'] : EXIT.done;
  }
  if (first === '--version') {
    const parts = `Node ${process.versions.node}, LevelDB ${levelVersion()}`;
    terminal.out(`usher ${version} (${commit}), ${parts}\n`);
    return EXIT.done;
  }
  const commands = first === serve.name ? [serve] : await allCommands();
  const found = findCommand(commands, words);
  if (found === undefined) {
    const family = findFamily(commands, words);
    if (family === undefined) throw unknownCommand(commands, words);
    terminal.out(renderFamily(family, first));
    return EXIT.done;
  }
  try {
    return await perform(found.command, found.words, terminal);
  } catch (error) {
    throw await withHint(error, found.command);
  }
};

const perform = async (
  command: Command,
  words: readonly string[],
  terminal: Terminal,
): Promise<number> => {
  const args = parseArguments(command, words);
  if (args.has('help')) {
    terminal.out(renderHelp(command));
    return EXIT.done;
  }
  const flags = Object.fromEntries(command.settings.map((name) => [name, args.text(name)]));
  const sources = { flags, environment: terminal.environment };
  return command.run({ args, terminal, settings: () => readSettings(sources), sources });
};

/** Whoever typed something wrong is told of which command; everybody what to type next. */
const withHint = async (error: unknown, { name }: Command): Promise<unknown> => {
  if (!(error instanceof UsherError)) return error;
  if (error.code !== 'WRONG_USAGE') {
    const { withNextStep } = await import('./next-step.ts');
    return new UsherError(error.code, withNextStep(error.message, error.code, name), error);
  }
  const sentence = `usher ${name}: ${error.message} See \`usher ${name} --help\`.`;
  return new UsherError('WRONG_USAGE', sentence, error);
};

const isHelp = (word: string | undefined): boolean => word === '--help' || word === '-h';

/** The commands of `usher license --help`. */
const findFamily = (
  commands: readonly Command[],
  [first, second]: readonly string[],
): readonly Command[] | undefined => {
  const family = commands.filter((command) => command.name.startsWith(`${first} `));
  return family.length > 0 && isHelp(second) ? family : undefined;
};

const unknownCommand = (commands: readonly Command[], words: readonly string[]): UsherError => {
  const [first = ''] = words;
  const family = commands.filter((command) => command.name.startsWith(`${first} `));
  const known =
    family.length === 0
      ? 'See `usher --help`.'
      : `There are ${family.map((command) => `\`usher ${command.name}\``).join(', ')}.`;
  return new UsherError(
    'WRONG_USAGE',
    `Unknown command: usher ${words.slice(0, 2).join(' ')}. ${known}`,
  );
};
