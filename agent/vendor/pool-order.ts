/** The seats of an order: by class, what is tolerated beyond them, and from when there are others. */

import { GENERIC_CLASS, type PoolGrant } from '../../protocol/license.ts';
import { NAME_MAX, POOLS_MAX, SEATS_MAX, STAGES_MAX } from '../../protocol/limits.ts';
import type { Stage } from '../../protocol/stages.ts';
import { readCount, readDay, readLastDay, readText, wrong } from './order-words.ts';

export interface PoolOrder {
  readonly seats: string | undefined;
  /** `NAME=N` each. */
  readonly classes: readonly string[];
  /** `N` or `CLASS=N` each. */
  readonly overdrafts: readonly string[];
  /** `FROM..UNTIL=N` or `CLASS:FROM..UNTIL=N` each, days; `UNTIL`, the last one, may be missing. */
  readonly stages: readonly string[];
}

/** A pool while its order is read. */
interface Draft {
  readonly class: string;
  readonly seats: number;
  overdraft: number | undefined;
  readonly stages: Stage[];
}

/** The pools that an order describes, at least one. `least`: seats of each. Code: WRONG_USAGE. */
export const readPools = (order: PoolOrder, least = 1): readonly PoolGrant[] => {
  const drafts = readSeats(order, least);
  for (const text of order.overdrafts) readOverdraft(text, drafts);
  for (const text of order.stages) readStage(text, drafts);
  return drafts.map((draft) => ({ ...draft, overdraft: draft.overdraft ?? 0 }));
};

const readSeats = ({ seats, classes }: PoolOrder, least: number): readonly Draft[] => {
  const drafts = classes.map((text) => {
    const [, name = '', count = ''] = /^(.*)=(.*)$/.exec(text) ?? [];
    if (name === '') throw wrong(`--class is NAME=N, not "${text}".`);
    const seats = readCount(`--class ${name}`, count, least, SEATS_MAX);
    return draftOf(readText('--class', name, NAME_MAX), seats);
  });
  if (seats !== undefined) {
    drafts.push(draftOf(GENERIC_CLASS, readCount('--seats', seats, least, SEATS_MAX)));
  }
  if (drafts.length === 0) throw wrong('--seats N or --class NAME=N is needed.');
  if (drafts.length > POOLS_MAX) throw wrong(`A license has at most ${POOLS_MAX} classes.`);
  if (new Set(drafts.map((draft) => draft.class)).size < drafts.length) {
    throw wrong(`Each class is named once; --seats is the class ${GENERIC_CLASS}.`);
  }
  return drafts;
};

const draftOf = (name: string, seats: number): Draft => ({
  class: name,
  seats,
  overdraft: undefined,
  stages: [],
});

/** The pool of a class; without a name, that of --seats or the only one. */
const findDraft = (flag: string, name: string | undefined, drafts: readonly Draft[]): Draft => {
  const [first] = drafts;
  const found = drafts.find((draft) => draft.class === (name ?? GENERIC_CLASS));
  if (found !== undefined) return found;
  if (name !== undefined) throw wrong(`${flag} is of class ${name}, which has no seats here.`);
  if (first !== undefined && drafts.length === 1) return first;
  throw wrong(`${flag} needs its class in front, for there are several.`);
};

const readOverdraft = (text: string, drafts: readonly Draft[]): void => {
  const [, name, count = ''] = /^(?:(.*)=)?(.*)$/.exec(text) ?? [];
  const draft = findDraft(`--overdraft ${text}`, name, drafts);
  if (draft.overdraft !== undefined) {
    throw wrong(`--overdraft of class ${draft.class} is named once.`);
  }
  draft.overdraft = readCount('--overdraft', count, 0, SEATS_MAX);
};

const STAGE = /^(?:(.+):)?([^.:]*)\.\.([^.:]*)=([^=]*)$/;

const readStage = (text: string, drafts: readonly Draft[]): void => {
  const flag = `--stage ${text}`;
  const [matched, name, first = '', last = '', count = ''] = STAGE.exec(text) ?? [];
  if (matched === undefined) {
    throw wrong(`--stage is FROM..UNTIL=N or CLASS:FROM..UNTIL=N, not "${text}".`);
  }
  const draft = findDraft(flag, name, drafts);
  const from = readDay('The start of --stage', first);
  const until = last === '' ? null : readLastDay('The end of --stage', last);
  if (until !== null && until <= from) throw wrong(`${flag} ends before it begins.`);
  draft.stages.push({ from, until, seats: readCount('--stage', count, 0, SEATS_MAX) });
  if (draft.stages.length > STAGES_MAX) {
    throw wrong(`A class has at most ${STAGES_MAX} stages.`);
  }
};
