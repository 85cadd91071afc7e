/** What an administrator types about a child, checked word by word. Code: WRONG_USAGE. */

import { CHILDREN_DEPTH_MAX, CHILDREN_MAX, TERM_MAX, TERM_MIN } from '../../protocol/limits.ts';
import { createSystemClock } from '../../protocol/node/clock.ts';
import { epochSeconds } from '../../protocol/units.ts';
import type { ChildChange } from '../core/operations.ts';
import { DAY, readCount, readLastDay, wrong } from '../vendor/order-words.ts';
import { readPools } from '../vendor/pool-order.ts';
import { type Arguments, type Command, listFlag, textFlag } from './command.ts';
import { ORDER_FLAGS } from './order-flags.ts';

/** Ten years: more is a slip of the finger. */
const DAYS_MAX = 3650;

export const CHILD_TERM_FLAGS = {
  url: textFlag('URL', 'where its agent reaches this one, e.g. https://licenses.example.com:24711'),
  developer: textFlag('N', 'developer seats'),
  execution: textFlag('N', 'execution seats'),
  generic: textFlag('N', 'seats that serve any class'),
  class: listFlag('NAME=N', 'seats of another class'),
  stage: ORDER_FLAGS.stage,
  days: textFlag('N', 'how long it lasts from today'),
  expires: textFlag('DAY', 'last day, instead of --days'),
  'max-session': textFlag(
    'SECONDS',
    'the longest that a session lasts unless renewed [default: as in the license]',
  ),
  'max-children': textFlag(
    'N[:DEPTH]',
    'it may create N child licenses itself [default: none; depth 1]',
  ),
} as const satisfies Command['flags'];

/** The terms that were typed; what was not is `null`, or no pools. */
export const readChildTerms = (args: Arguments): ChildChange => ({
  parent: args.text('url') ?? null,
  longest: readLongest(args.text('max-session')),
  children: readChildren(args.text('max-children')),
  pools: readSeats(args),
  expires: readEnd(args.text('days'), args.text('expires')),
});

const readLongest = (text: string | undefined): number | null =>
  text === undefined ? null : readCount('--max-session', text, TERM_MIN, TERM_MAX);

const readChildren = (text: string | undefined): ChildChange['children'] => {
  if (text === undefined) return null;
  const [most = '', depth = '1', ...more] = text.split(':');
  if (more.length > 0) throw wrong(`--max-children is N or N:DEPTH, not "${text}".`);
  return {
    most: readCount('--max-children', most, 1, CHILDREN_MAX),
    depth: readCount('The depth of --max-children', depth, 1, CHILDREN_DEPTH_MAX),
  };
};

const readSeats = (args: Arguments): ChildChange['pools'] => {
  const named = ['developer', 'execution'].flatMap((name) => {
    const seats = args.text(name);
    return seats === undefined ? [] : [`${name}=${seats}`];
  });
  const classes = [...named, ...args.list('class')];
  const seats = args.text('generic');
  const stages = args.list('stage');
  if (classes.length === 0 && seats === undefined) {
    if (stages.length > 0) throw wrong('--stage needs the seats of its class, e.g. --generic N.');
    return [];
  }
  const pools = readPools({ seats, classes, overdrafts: [], stages }, 0);
  return pools.map(({ overdraft: _, ...pool }) => pool);
};

const readEnd = (days: string | undefined, last: string | undefined): ChildChange['expires'] => {
  if (days === undefined) return readLastDay('--expires', last);
  if (last !== undefined) throw wrong('Name --days or --expires, not both.');
  const { wall } = createSystemClock().now();
  return epochSeconds(wall + readCount('--days', days, 1, DAYS_MAX) * DAY);
};
