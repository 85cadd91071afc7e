/** Long lists of a master, page by page. */

import { UsherError } from '../usher-error.ts';
import type { Arguments, Command } from './command.ts';

export const PAGE_FLAGS = {
  from: { kind: 'text', value: 'N', summary: 'list: leave out so many rows, the newest first' },
  most: { kind: 'text', value: 'N', summary: 'list: so many rows, up to 5000 [default: 5000]' },
} as const satisfies Command['flags'];

/** Which page of a list. Code: WRONG_USAGE. */
export const readPage = (args: Arguments): { from: number | null; most: number | null } => ({
  from: readCount(args, 'from'),
  most: readCount(args, 'most'),
});

const readCount = (args: Arguments, flag: 'from' | 'most'): number | null => {
  const text = args.text(flag);
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsherError('WRONG_USAGE', `--${flag} is a whole number, not "${text}".`);
};
