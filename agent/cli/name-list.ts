/** Names that a person lists: as words, in a file with one a line, or in the first column of a CSV. */

import { isPlainText } from '../../protocol/fields.ts';
import { PASTE_MAX } from '../../protocol/limits.ts';
import { bytesToText, readFileBytes } from '../edges/files.ts';
import { UsherError } from '../usher-error.ts';
import type { Invocation, Terminal } from './command.ts';

/** What names are: for the heading that a list may have, for sentences, and how many at most. */
export interface NameKind {
  readonly noun: string;
  /** Characters in one. */
  readonly longest: number;
  readonly most: number;
}

/** Standard input is cut off beyond this many bytes. */
const INPUT_MAX = 4 * PASTE_MAX;

/** The names among the words, or those in the file of `--from`. Code: WRONG_USAGE, BROKEN_DATA. */
export const readNames = async (
  { args, terminal }: Invocation,
  kind: NameKind,
): Promise<readonly string[]> => {
  const file = args.text('from');
  const words = args.positionals;
  if (file === undefined) return words.map((word) => checkName(word, `"${word}"`, kind));
  if (words.length > 0) {
    throw new UsherError('WRONG_USAGE', `Name each ${kind.noun}, or give --from, not both.`);
  }
  return parseNames(await readListText(file, terminal), kind);
};

const readListText = async (file: string, terminal: Terminal): Promise<string> => {
  if (file !== '-') return bytesToText(await readFileBytes(file));
  const bytes = await terminal.readInput();
  if (bytes.length <= INPUT_MAX) return bytesToText(bytes);
  throw new UsherError('BROKEN_DATA', 'The list is too long: give it in several pieces.');
};

/** The names in a list. Code: BROKEN_DATA, with the line. */
export const parseNames = (text: string, kind: NameKind): readonly string[] => {
  const names: string[] = [];
  let isFirst = true;
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '') continue;
    const where = `Line ${i + 1}`;
    const name = checkName(firstColumn(line.trim(), where), where, kind);
    if (!isFirst || name.toLowerCase() !== kind.noun) names.push(name);
    isFirst = false;
    if (names.length > kind.most) {
      throw new UsherError('BROKEN_DATA', `There are more than ${kind.most} ${kind.noun}s.`);
    }
  }
  if (names.length > 0) return names;
  throw new UsherError('BROKEN_DATA', `The list names no ${kind.noun}.`);
};

/** What stands before the first comma, semicolon or tab, or in quotation marks. */
const firstColumn = (line: string, where: string): string => {
  if (!line.startsWith('"')) return (line.split(/[,;\t]/, 1)[0] ?? '').trim();
  const [, quoted] = /^"((?:[^"]|"")*)"\s*(?:[,;\t]|$)/.exec(line) ?? [];
  if (quoted !== undefined) return quoted.replaceAll('""', '"').trim();
  throw new UsherError('BROKEN_DATA', `${where}: a quotation mark is not closed.`);
};

/** What stands where bytes are not UTF-8: nobody is called so. */
const STRANGE = '\ufffd';

const checkName = (name: string, where: string, { noun, longest }: NameKind): string => {
  if (name.includes(STRANGE)) {
    const sentence = `${where} is not written in UTF-8: save the file as UTF-8.`;
    throw new UsherError('BROKEN_DATA', sentence);
  }
  if (name.trim() !== '' && name.length <= longest && isPlainText(name)) return name;
  const sentence = `${where} is no ${noun}'s name: it has 1 to ${longest} characters and none that cannot be seen.`;
  throw new UsherError('BROKEN_DATA', sentence);
};
