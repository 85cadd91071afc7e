/** The flags that say which seat is wanted, and what they say. */

import type { AcquireRequest } from '../../protocol/client/client.ts';
import { isPlainText } from '../../protocol/fields.ts';
import { NAME_MAX, SEATS_MAX } from '../../protocol/limits.ts';
import { UsherError } from '../usher-error.ts';
import type { Arguments } from './command.ts';

export const SEAT_FLAGS = {
  product: { kind: 'text', value: 'NAME', summary: 'the product to take a seat of' },
  class: { kind: 'text', value: 'NAME', summary: 'the class of seat' },
  feature: { kind: 'list', value: 'NAME', summary: 'a feature that the seat must cover' },
  resource: { kind: 'text', value: 'NAME', summary: 'the database or project that it is for' },
  weight: { kind: 'text', value: 'N', summary: 'seats taken at once, all or none [default: 1]' },
  'app-version': { kind: 'text', value: 'VERSION', summary: "the application's version" },
  released: { kind: 'text', value: 'DATE', summary: 'the day on which that version came out' },
} as const;

/** What the flags ask for. Code: WRONG_USAGE. */
export const readSeatRequest = (args: Arguments): AcquireRequest => {
  const product = readName('product', args.text('product'));
  if (product === undefined) throw new UsherError('WRONG_USAGE', '--product NAME is needed.');
  const className = readName('class', args.text('class'));
  const resource = readName('resource', args.text('resource'));
  const version = readName('app-version', args.text('app-version'));
  const released = args.text('released');
  return {
    product,
    features: args.list('feature').map((name) => readName('feature', name) ?? name),
    weight: readWeight(args.text('weight') ?? '1'),
    ...(className === undefined ? {} : { class: className }),
    ...(resource === undefined ? {} : { resource }),
    ...(version === undefined ? {} : { version }),
    ...(released === undefined ? {} : { released: readDay(released) }),
  };
};

/** A name as it fits into a request. */
const readName = (flag: string, text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  if (text !== '' && text.length <= NAME_MAX && isPlainText(text)) return text;
  throw new UsherError(
    'WRONG_USAGE',
    `--${flag} is 1 to ${NAME_MAX} plain characters, not "${text.slice(0, 100)}".`,
  );
};

const readWeight = (text: string): number => {
  const weight = Number(text);
  if (/^\d{1,7}$/.test(text) && weight >= 1 && weight <= SEATS_MAX) return weight;
  throw new UsherError(
    'WRONG_USAGE',
    `--weight is a whole number from 1 to ${SEATS_MAX}, not "${text}".`,
  );
};

const readDay = (text: string): Date => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  const isReal = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  if (isReal && time >= 0 && time <= 0xffff_ffff_000) return new Date(time);
  throw new UsherError('WRONG_USAGE', `--released is a day such as 2027-12-31, not "${text}".`);
};
