/** The words of an order, each of which fits or is named in one sentence. Code: WRONG_USAGE. */

import { isPlainText } from '../../protocol/fields.ts';
import { type EpochSeconds, epochSeconds } from '../../protocol/units.ts';
import { UsherError } from '../usher-error.ts';

/** Seconds. */
export const DAY = 86_400;

export const wrong = (why: string): UsherError => new UsherError('WRONG_USAGE', why);

/** A text of one to `most` characters, all of which can be seen. */
export const readText = (flag: string, text: string | undefined, most: number): string => {
  if (text === undefined) throw wrong(`${flag} is needed.`);
  if (text.length === 0) throw wrong(`${flag} is empty.`);
  if (text.length > most) throw wrong(`${flag} has at most ${most} characters.`);
  if (!isPlainText(text)) throw wrong(`${flag} holds an invisible character: type it anew.`);
  return text;
};

export const readCount = (flag: string, text: string, least: number, most: number): number => {
  const count = Number(text);
  if (!/^\d{1,10}$/.test(text) || count < least || count > most) {
    throw wrong(`${flag} is a whole number from ${least} to ${most}, not "${text}".`);
  }
  return count;
};

/** One of a few words; the first where there is none. */
export const readWord = <Word extends string>(
  flag: string,
  text: string | undefined,
  words: readonly [Word, ...Word[]],
): Word => {
  const word = text === undefined ? words[0] : words.find((one) => one === text);
  if (word === undefined) throw wrong(`${flag} is one of ${words.join(', ')}, not "${text}".`);
  return word;
};

/** The first moment of a day, in UTC. */
export const readDay = (flag: string, text: string): EpochSeconds => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  const isReal = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  if (!isReal || time < 0 || time / 1000 > 0xffff_ffff - DAY) {
    throw wrong(`${flag} is a day like 2027-03-31, not "${text}".`);
  }
  return epochSeconds(time / 1000);
};

/** The first moment after a last day, in UTC; `null` where none is named. */
export const readLastDay = (flag: string, text: string | undefined): EpochSeconds | null =>
  text === undefined ? null : epochSeconds(readDay(flag, text) + DAY);
