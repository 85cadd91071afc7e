/**
 * The named users of a site as one text, in the order of assignment: a line for each product and class,
 * then one for each user. What is as in the line before is left out, so that a name is most of its line.
 */

import { bytesToUtf8, utf8ToBytes } from '../../../protocol/bytes.ts';
import { isPlainText } from '../../../protocol/fields.ts';
import { NAME_MAX, TEXT_MAX } from '../../../protocol/limits.ts';
import { epochSeconds, isUint32 } from '../../../protocol/units.ts';
import type { RosterList } from '../seats/roster.ts';
import type { Assignment } from '../seats/user-record.ts';

const HEADER = 'users 1';
const RADIX = 36;
/** `=`, a product and a class. */
const LIST = /^=\t([^\t]+)\t([^\t]+)$/;
/** By how much the sequence leaves some out, since when where that is another time, and the name. */
const USER = /^([0-9a-z]{0,11})\t([0-9a-z]{0,7})\t([^\t]+)$/;

/** The same text for the same users. Nobody at all is no text. */
export const encodeUsers = (lists: Iterable<RosterList>): Uint8Array => {
  const inOrder = [...lists]
    .filter(({ users }) => users.length > 0)
    .sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  if (inOrder.length === 0) return new Uint8Array(0);
  return utf8ToBytes([HEADER, ...inOrder.map(listToText), ''].join('\n'));
};

const nameOf = (list: RosterList): string => `${list.product}\t${list.class}`;

const listToText = (list: RosterList): string => {
  const lines = [`=\t${nameOf(list)}`];
  let [next, last] = [0, 0];
  for (const { user, since, sequence } of list.users) {
    const skipped = sequence === next ? '' : (sequence - next).toString(RADIX);
    lines.push(`${skipped}\t${since === last ? '' : since.toString(RADIX)}\t${user}`);
    [next, last] = [sequence + 1, since];
  }
  return lines.join('\n');
};

/** `undefined` for what this version cannot read. */
export const decodeUsers = (bytes: Uint8Array): readonly RosterList[] | undefined => {
  if (bytes.length === 0) return [];
  const text = bytesToUtf8(bytes);
  const [header, ...lines] = text?.split('\n') ?? [];
  if (text === undefined || header !== HEADER || lines.pop() !== '') return undefined;
  if (!isPlainText(text.replace(/[\n\t]/g, ''))) return undefined;
  const lists: {
    readonly product: string;
    readonly class: string;
    readonly users: Assignment[];
  }[] = [];
  let [next, last] = [0, 0];
  for (const line of lines) {
    const [, product, className] = LIST.exec(line) ?? [];
    if (product !== undefined && className !== undefined) {
      if (product.length > NAME_MAX || className.length > NAME_MAX) return undefined;
      lists.push({ product, class: className, users: [] });
      [next, last] = [0, 0];
      continue;
    }
    const [, skipped, time, user = ''] = USER.exec(line) ?? [];
    const sequence = next + numberIn(skipped ?? '');
    const since = time === '' ? last : numberIn(time ?? '');
    const isName = user !== '' && user.length <= TEXT_MAX;
    if (!isName || !isUint32(since) || !Number.isSafeInteger(sequence)) return undefined;
    const list = lists.at(-1);
    if (list === undefined) return undefined;
    list.users.push({ user, since: epochSeconds(since), sequence });
    [next, last] = [sequence + 1, since];
  }
  return lists;
};

const numberIn = (digits: string): number => (digits === '' ? 0 : Number.parseInt(digits, RADIX));
