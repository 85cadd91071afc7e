/** A value on a command line that people are shown, as their shell takes it. */

import { platform } from 'node:process';
import { inQuotes } from '../edges/windows/service-definition.ts';

/** Letters, digits and what means nothing to a shell. */
const BARE = /^[\p{Letter}\p{Number}_+=:./-]+$/u;
const BARE_ON_WINDOWS = /^[\p{Letter}\p{Number}_+=:./\\-]+$/u;

/** `word` as it is, or in quotes. */
export const shellWord = (word: string, system: string = platform): string => {
  if (system === 'win32') return BARE_ON_WINDOWS.test(word) ? word : inQuotes(word);
  return BARE.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
};
