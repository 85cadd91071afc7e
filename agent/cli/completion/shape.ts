/** What may stand where on the command line: the table of commands as shells want it. */

import { SETTINGS } from '../../settings-table.ts';
import type { Command } from '../command.ts';

/** What a word stands for: a file, a folder, one of a few words, or something nobody can guess. */
export type WordKind =
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'one-of'; readonly words: readonly string[] }
  | { readonly kind: 'other' };

export interface FlagShape {
  /** With its two hyphens. */
  readonly name: string;
  readonly summary: string;
  /** `undefined` for a flag that takes no value. */
  readonly value: WordKind | undefined;
}

export interface CommandShape {
  /** One or two words. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly flags: readonly FlagShape[];
  readonly positionals: readonly WordKind[];
  /** Whether a command line of somebody else's stands behind `--`. */
  readonly takesCommand: boolean;
}

/** A command's shape; every command has `--help`. */
export const shapeOf = (command: Command): CommandShape => ({
  words: command.name.split(' '),
  summary: command.summary,
  flags: [
    ...Object.entries(command.flags).map(([name, flag]) => ({
      name: `--${name}`,
      summary: flag.summary,
      value: flag.kind === 'switch' ? undefined : wordKind(flag.value ?? ''),
    })),
    ...command.settings.map((name) => ({
      name: `--${name}`,
      summary: SETTINGS[name].summary,
      value: wordKind(SETTINGS[name].value),
    })),
    { name: '--help', summary: 'show the help of this command', value: undefined },
  ],
  positionals: command.positionals.map(({ name }) => wordKind(name)),
  takesCommand: command.rest !== undefined,
});

/** What a value's name in the help says of it: `FILE`, `FOLDER`, `warn|stop`. */
export const wordKind = (name: string): WordKind => {
  if (name === 'FILE') return { kind: 'file' };
  if (name === 'FOLDER') return { kind: 'folder' };
  const words = name.split('|');
  if (words.includes('FILE')) return { kind: 'file' };
  // Names in capitals stand for something; what is typed as it stands is in small letters.
  if (words.length > 1 && words.every((word) => /^[a-z-]+$/.test(word))) {
    return { kind: 'one-of', words };
  }
  return { kind: 'other' };
};

/** The first words, each once: commands of one word and families such as `license`. */
export const firstWords = (shapes: readonly CommandShape[]): readonly string[] => [
  ...new Set(shapes.map(({ words }) => words[0] ?? '')),
];

/** The members of a family, empty for a command of one word. */
export const familyOf = (shapes: readonly CommandShape[], first: string): readonly CommandShape[] =>
  shapes.filter(({ words }) => words[0] === first && words.length === 2);

/** What stands after `usher` besides commands. */
export const TOP_FLAGS: readonly FlagShape[] = [
  { name: '--help', summary: 'list every command', value: undefined },
  { name: '--version', summary: 'show the version', value: undefined },
];

/** What a first word does, where a shell wants a line for it: of a family, its members. */
export const firstSummary = (shapes: readonly CommandShape[], first: string): string => {
  const family = familyOf(shapes, first);
  if (family.length > 0) return family.map(({ words }) => words[1] ?? '').join(', ');
  return shapes.find(({ words }) => words[0] === first)?.summary ?? '';
};
