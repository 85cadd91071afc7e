/**
 * Whether the computer at hand is the one that an agent knows as its own. The set of components that
 * it knows is renewed with each computer that is accepted, so that parts may go one after another
 * for years; what is not to be seen is remembered for a while, so that the set cannot be thinned to
 * one part that is easily copied.
 *
 * The limit: who can show the agent at least half of the set and a strong part of it each time, and
 * something new with it, leads it to another computer in two or three steps. Parts that were really
 * moved are gone from the first computer; parts that are only pretended take an administrator who
 * forges what the kernel says. Each step is in the log, and what a vendor has signed for one computer
 * is compared with the signed components wherever it comes anew.
 */

import { hexToBytes } from '../../../protocol/bytes.ts';
import {
  type ComponentMatch,
  keyedHostCode,
  matchHostCode,
  parseHostCode,
} from '../../../protocol/host-code.ts';
import type { HostKind } from '../../../protocol/host-component.ts';
import { HOST_COMPONENTS_MAX } from '../../../protocol/limits.ts';
import type { EpochSeconds } from '../../../protocol/units.ts';

/** One component that is known. */
export interface KnownPart {
  /** Kind and hash in hexadecimal, keyed for the agent (host-code.ts). */
  readonly entry: string;
  /** When it was seen last, to a week. */
  readonly seen: EpochSeconds;
}

/** What is kept beside the agent's key. */
export interface HostIdentity {
  readonly parts: readonly KnownPart[];
  /** Names of what was bound to this computer by a host code of its own, and has fitted it since. */
  readonly accepted: readonly string[];
}

/**
 * What was kept: `new` for an agent that has no computer yet and takes the one it sees first, `lost`
 * where its key cannot be opened here or what was kept is damaged.
 */
export type KeptHost = HostIdentity | 'new' | 'lost';

export interface IdentityJudgement {
  readonly matches: boolean;
  /** The known components, and which of them are here. */
  readonly components: readonly ComponentMatch[];
  /** What is known from now on, where that differs. */
  readonly refreshed: readonly KnownPart[] | undefined;
  /** Kinds of which something else is known from now on. */
  readonly changed: readonly HostKind[];
}

/** A kind that is not to be seen any more counts for so long. */
const ABSENT_KEPT_SECONDS = 30 * 86_400;
/** The date of what is seen is not renewed more often. */
const SEEN_EVERY_SECONDS = 7 * 86_400;

/** Whether a code could tell its computer from another at all. */
export const tellsHost = (code: Uint8Array): boolean => matchHostCode(code, code).matches;

/** `present`: the code of the computer at hand, keyed for the agent. */
export const judgeIdentity = (
  known: readonly KnownPart[],
  present: Uint8Array,
  wall: EpochSeconds,
): IdentityJudgement => {
  const stored = codeOf(known);
  const { matches, components } = matchHostCode(stored, present);
  // What told nothing bound the agent to nothing.
  const isOwn = matches || !tellsHost(stored);
  if (!isOwn) return { matches: false, components, refreshed: undefined, changed: [] };
  const next = refresh(known, present, wall);
  const changed = changedKinds(known, next);
  const isNews = changed.length > 0 || isStale(known, next);
  return { matches: true, components, refreshed: isNews ? next : undefined, changed };
};

const codeOf = (parts: readonly KnownPart[]): Uint8Array =>
  keyedHostCode(parts.flatMap(({ entry }) => hexToBytes(entry) ?? []));

/** What is here, and for a while what is known of kinds that are not. */
const refresh = (
  known: readonly KnownPart[],
  present: Uint8Array,
  wall: EpochSeconds,
): readonly KnownPart[] => {
  const parsed = parseHostCode(present);
  const here = parsed.ok ? parsed.value.map(({ entry }) => ({ entry, seen: wall })) : [];
  const kinds = new Set(here.map(kindDigits));
  const absent = known.filter(
    (part) => !kinds.has(kindDigits(part)) && part.seen > wall - ABSENT_KEPT_SECONDS,
  );
  return [...here, ...absent].slice(0, HOST_COMPONENTS_MAX);
};

const kindDigits = ({ entry }: KnownPart): string => entry.slice(0, 2);

const changedKinds = (
  before: readonly KnownPart[],
  after: readonly KnownPart[],
): readonly HostKind[] => {
  const [old, fresh] = [entriesOf(before), entriesOf(after)];
  const different = [...before, ...after].filter(
    ({ entry }) => old.has(entry) !== fresh.has(entry),
  );
  const parsed = parseHostCode(codeOf(different));
  if (!parsed.ok) return [];
  return [...new Set(parsed.value.flatMap(({ kind }) => kind ?? []))];
};

const entriesOf = (parts: readonly KnownPart[]): ReadonlySet<string> =>
  new Set(parts.map(({ entry }) => entry));

const isStale = (before: readonly KnownPart[], after: readonly KnownPart[]): boolean => {
  const dates = new Map(before.map(({ entry, seen }) => [entry, seen]));
  return after.some(({ entry, seen }) => seen - (dates.get(entry) ?? 0) >= SEEN_EVERY_SECONDS);
};
