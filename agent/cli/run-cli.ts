/** The command line: finds the command, runs it, says what went wrong, gives the exit code. */

import { readSettings } from '../settings.ts';
import { UsherError } from '../usher-error.ts';
import { commit, levelVersion, version } from '../version.ts';
import type { Arguments, Command, Terminal } from './command.ts';
import { serve } from './commands/serve.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { fitLines } from './fit-lines.ts';
import { renderFamily, renderHelp, renderOverview } from './help.ts';
import { findCommand, parseArguments } from './parse-command.ts';
import { atPlace, type TypedPlace, typedPlace } from './typed-place.ts';

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
  altered(terminal, (text) => fitLines(text, terminal.columns));

/** A terminal that is told everything as `alter` has it. */
const altered = (terminal: Terminal, alter: (text: string) => string): Terminal =>
  Object.create(terminal, {
    out: { value: (text: string) => terminal.out(alter(text)) },
    err: { value: (text: string) => terminal.err(alter(text)) },
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
  let place: TypedPlace = [];
  try {
    const args = parseArguments(found.command, found.words);
    place = typedPlace(found.command, args);
    // What an agent says of itself is for its log, too: nothing is put into it.
    const isAsItIs = place.length === 0 || found.command === serve || args.has('json');
    const told = isAsItIs ? terminal : altered(terminal, (text) => atPlace(text, place, commands));
    return await perform(found.command, args, told);
  } catch (error) {
    throw await withHint(error, found.command, place);
  }
};

const perform = async (command: Command, args: Arguments, terminal: Terminal): Promise<number> => {
  if (args.has('help')) {
    terminal.out(renderHelp(command));
    return EXIT.done;
  }
  const flags = Object.fromEntries(command.settings.map((name) => [name, args.text(name)]));
  const sources = { flags, environment: terminal.environment };
  return command.run({ args, terminal, settings: () => readSettings(sources), sources });
};

/** Whoever typed something wrong is told of which command; everybody what to type next, and where. */
const withHint = async (error: unknown, command: Command, place: TypedPlace): Promise<unknown> => {
  if (!(error instanceof UsherError)) return error;
  const { code, message } = error;
  if (code === 'WRONG_USAGE') {
    const sentence = `usher ${command.name}: ${message} See \`usher ${command.name} --help\`.`;
    return new UsherError(code, atPlace(sentence, place, await allCommands()), error);
  }
  const { withNextStep } = await import('./next-step.ts');
  const sentence = withNextStep(message, code, command.name);
  return new UsherError(code, atPlace(sentence, place, await allCommands()), error);
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
