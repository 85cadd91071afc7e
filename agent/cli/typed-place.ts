/**
 * Where somebody has told a command to look: whom it asks, in which folder, by which port. Whatever a
 * sentence tells him to type next has to look there, too.
 */

import type { Arguments, Command } from './command.ts';
import { findCommand } from './parse-command.ts';
import { shellWord } from './shell-word.ts';

/** Flags that say so, beside the settings: all of those do. */
const PLACES: readonly string[] = ['agent', 'data', 'url', 'account', 'key', 'sums'];

/** One of its flags. */
interface PlaceFlag {
  readonly name: string;
  /** With what was typed behind it, each time that it was given. */
  readonly words: string;
  /** Whether a command takes it in the same sense. */
  readonly fits: (command: Command) => boolean;
}

export type TypedPlace = readonly PlaceFlag[];

export const typedPlace = (command: Command, args: Arguments): TypedPlace => [
  ...command.settings.flatMap((name) =>
    flagOf(name, [args.text(name) ?? []].flat(), ({ settings }) => settings.includes(name)),
  ),
  ...PLACES.flatMap((name) => {
    const flag = command.flags[name];
    if (flag === undefined) return [];
    const values = flag.kind === 'list' ? args.list(name) : [args.text(name) ?? []].flat();
    // Commands that mean the same by a flag have it from the same table.
    return flagOf(name, values, ({ flags }) => flags[name] === flag);
  }),
];

const flagOf = (name: string, values: readonly string[], fits: PlaceFlag['fits']): TypedPlace =>
  values.length === 0
    ? []
    : [{ name, words: values.map((value) => toWords(name, value)).join(' '), fits }];

const toWords = (name: string, value: string): string =>
  `--${name}${value.startsWith('-') ? '=' : ' '}${shellWord(value)}`;

/**
 * A command in backticks or, as the doctor has it, behind an arrow; what is to be typed `(on …)` another
 * computer is none of these.
 */
const NAMED =
  /(?<=`)(?:sudo )?usher [^`\n]+(?=`(?! \(on ))|(?<=-> )(?:sudo )?usher [^(\n]*[^(\s](?= \((?!on )|\s*$)/gm;

/** The text, with the place behind each command that it names and that takes it. */
export const atPlace = (text: string, place: TypedPlace, commands: readonly Command[]): string =>
  place.length === 0 ? text : text.replace(NAMED, (line) => lineAt(line, place, commands));

const lineAt = (line: string, place: TypedPlace, commands: readonly Command[]): string => {
  const [own = '', ...theirs] = line.split(' -- ');
  const words = own
    .replace(/^sudo /, '')
    .split(' ')
    .slice(1);
  const found = findCommand(commands, words);
  if (found === undefined || words.includes('--help')) return line;
  const isThere = ({ name }: PlaceFlag): boolean =>
    words.some((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const more = place.filter((flag) => flag.fits(found.command) && !isThere(flag));
  return [[own, ...more.map((flag) => flag.words)].join(' '), ...theirs].join(' -- ');
};
