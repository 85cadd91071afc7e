/** A Windows service as data: what the service manager is told of it. */

export interface ServiceDefinition {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  /** Program and arguments, quoted: `CreateServiceW` splits an unquoted path at its blanks. */
  readonly commandLine: string;
  readonly account: string;
  /** The only privileges that its process keeps. */
  readonly privileges: readonly string[];
  /** How long after a failure it is started again: first, second, and every later time. */
  readonly restartAfterMs: readonly number[];
  /** After so long without a failure the next is the first again. */
  readonly failuresForgottenAfterS: number;
  /** How long a computer that shuts down waits for it. */
  readonly preshutdownMs: number;
}

/** The first word that `CreateServiceW` and every Windows program reads back as `word`. */
export const quoteWord = (word: string): string => (/^[^\s"]+$/.test(word) ? word : inQuotes(word));

/** The same in quotes, whatever it is. */
export const inQuotes = (word: string): string =>
  // Backslashes count double before a quote only.
  `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;

/** The command line of a program; the program itself is always in quotes. */
export const toCommandLine = (program: string, words: readonly string[]): string =>
  [`"${program}"`, ...words.map(quoteWord)].join(' ');
