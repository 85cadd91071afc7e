/** The roster as a table that a site has in common. */

import { foldCase } from '../../../protocol/fold-case.ts';
import type { Change } from '../change-queue.ts';
import type { Named } from '../seats/named.ts';
import type { RosterList } from '../seats/roster.ts';
import { changeRoster, type RosterChangeParts } from '../seats/roster-change.ts';
import { type Assignment, userKey, userWrite } from '../seats/user-record.ts';
import type { SharedTable, TableDifference } from './shared-table.ts';
import { decodeUsers, encodeUsers } from './user-text.ts';

type NamedAssignment = Named & Assignment;

/** Users of one product and class. */
interface Differences {
  readonly gone: readonly NamedAssignment[];
  readonly put: readonly NamedAssignment[];
  readonly isOwn: boolean;
}

export class UserTable implements SharedTable<RosterList> {
  readonly what = 'users';
  readonly #parts: RosterChangeParts;
  /** The text that was read last, which is in common soon. */
  #read: readonly [Uint8Array, readonly RosterList[]] | undefined;

  constructor(parts: RosterChangeParts) {
    this.#parts = parts;
  }

  text(after?: RosterList): Uint8Array {
    const lists = [...this.#parts.roster.lists()];
    if (after === undefined) return encodeUsers(lists);
    return encodeUsers([...lists.filter((list) => keyOf(list) !== keyOf(after)), after]);
  }

  compare(text: Uint8Array, common: Uint8Array, most: number): TableDifference | undefined {
    const [before, known] = this.#read ?? [];
    const theirs = decodeUsers(text);
    if (theirs === undefined) return undefined;
    this.#read = [text, theirs];
    const mine = new Map([...this.#parts.roster.lists()].map((list) => [keyOf(list), list.users]));
    const commons = namesIn(() => (common === before ? known : decodeUsers(common)) ?? []);
    const all: Differences[] = [];
    for (const list of theirs) {
      const key = keyOf(list);
      all.push(compareList(list, mine.get(key) ?? [], () => commons().get(key)));
      mine.delete(key);
    }
    for (const list of this.#parts.roster.lists()) {
      const key = keyOf(list);
      const users = mine.get(key);
      if (users === undefined) continue;
      all.push(compareList({ ...list, users: [] }, users, () => commons().get(key)));
    }
    const gone = all.flatMap((one) => one.gone);
    const put = all.flatMap((one) => one.put);
    return {
      isOwn: all.some(({ isOwn }) => isOwn),
      goes: gone.length,
      comes: put.length,
      step: () => this.#step(gone.slice(0, most), put.slice(0, Math.max(0, most - gone.length))),
    };
  }

  #step(gone: readonly NamedAssignment[], put: readonly NamedAssignment[]): Change {
    const { roster } = this.#parts;
    const writes = [
      ...gone.map((one) => ({ key: userKey(one, one.user), value: null })),
      ...put.map((one) => userWrite(one, one)),
    ];
    const onFailure = [
      ...gone.map((one) => userWrite(one, one)),
      ...put.map((one) => {
        const before = roster.find(one, one.user);
        return before ? userWrite(one, before) : { key: userKey(one, one.user), value: null };
      }),
    ];
    const change = { writes, onFailure };
    const answer = () => ({ kind: 'shared-offer' }) as const;
    return changeRoster(this.#parts, { change, recalled: gone, isForced: false, answer });
  }
}

const keyOf = ({ product, class: className }: Named): string => `${product}\n${className}`;

/** Names by list, as they are written. Seldom needed: for whom the site does not have. */
const namesIn = (
  common: () => readonly RosterList[],
): (() => ReadonlyMap<string, ReadonlySet<string>>) => {
  let names: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  return () => {
    names ??= new Map(
      common().map((list) => [keyOf(list), new Set(list.users.map(({ user }) => user))]),
    );
    return names;
  };
};

/**
 * Whom the site has is here as there. Whom it has no more and had goes; whom it never had stays, behind
 * all others.
 */
const compareList = (
  theirs: RosterList,
  mine: readonly Assignment[],
  common: () => ReadonlySet<string> | undefined,
): Differences => {
  const { product, class: className, users } = theirs;
  const [start, end] = alikeEnds(users, mine);
  if (start + end >= Math.max(users.length, mine.length)) return ALIKE;
  const named = { product, class: className };
  const between = mine.slice(start, mine.length - end);
  const left = new Map(between.map((one) => [foldCase(one.user), one]));
  const put: NamedAssignment[] = [];
  for (const one of users.slice(start, users.length - end)) {
    const folded = foldCase(one.user);
    if (!isSame(one, left.get(folded))) put.push({ ...named, ...one });
    left.delete(folded);
  }
  const gone: NamedAssignment[] = [];
  let next = (users.at(-1)?.sequence ?? -1) + 1;
  let isOwn = false;
  for (const one of left.values()) {
    if (common()?.has(one.user)) {
      gone.push({ ...named, ...one });
      continue;
    }
    isOwn = true;
    const own = { ...one, sequence: Math.max(next, one.sequence) };
    next = own.sequence + 1;
    if (!isSame(own, one)) put.push({ ...named, ...own });
  }
  return { gone, put, isOwn };
};

/** How many are the same from the start on, and to the end: most of what there is. */
const alikeEnds = (
  theirs: readonly Assignment[],
  mine: readonly Assignment[],
): readonly [number, number] => {
  const least = Math.min(theirs.length, mine.length);
  let start = 0;
  while (start < least && isSame(theirs[start], mine[start])) start++;
  let end = 0;
  while (end < least - start && isSame(theirs.at(-1 - end), mine.at(-1 - end))) end++;
  return [start, end];
};

const ALIKE: Differences = { gone: [], put: [], isOwn: false };

const isSame = (one: Assignment | undefined, other: Assignment | undefined): boolean =>
  one?.user === other?.user && one?.since === other?.since && one?.sequence === other?.sequence;
