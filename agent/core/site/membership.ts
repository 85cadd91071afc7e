/**
 * Whether this agent is a member of its site, and until when it may promise anything. It is heard when
 * the register answers that it has written; what it grants, and what it renews, is promised for a time
 * from before it asked. Nobody else takes over what it has lent, or lends its seats, before that.
 */

import { equalBytes } from '../../../protocol/bytes.ts';
import { TERM_MIN } from '../../../protocol/limits.ts';
import {
  type Instant,
  instant,
  type Moment,
  type Seconds,
  seconds,
} from '../../../protocol/units.ts';
import type { Situation } from '../situation.ts';
import { encodeEdition } from './edition-record.ts';
import type { Editions } from './editions.ts';
import type { RegisterAnswer, RegisterEntry, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { FORMAT_VALUE, formatIn } from './site-format.ts';
import {
  BEAT_PREFIX,
  beatKey,
  deadKey,
  EDITION_KEY,
  FORMAT_KEY,
  JOINED_PREFIX,
  joinedKey,
  MEMBERS_MAX,
  type MemberId,
  SECRET_KEY,
} from './site-keys.ts';
import type { SiteLook } from './site-obstacle.ts';
import { readsSince } from './site-reads.ts';
import { grantsUntil, renewsUntil } from './site-times.ts';

/** What the register has: everything, or what was written since the last time. */
export interface Reading {
  readonly entries: readonly RegisterEntry[];
  readonly revision: Revision;
  readonly isAll: boolean;
}

export interface MembershipParts {
  readonly me: MemberId;
  readonly calls: RegisterCalls;
  readonly editions: Editions;
  /** 32 secret random bytes: the site's, should nobody have made one. */
  readonly secret: Uint8Array;
  /** What the others are to know of this one: among it the longest term that it lends for. */
  readonly card: (longest: Seconds) => Uint8Array;
  /**
   * Whether it may join now: what it has promised is the site's to count, or there is nothing of it.
   */
  readonly mayJoin: (site: Omit<SiteLook, 'isCounted'>, at: Moment) => boolean;
  /** What came of whatever it has asked. */
  readonly onAnswer: (answer: RegisterAnswer, at: Moment) => void;
  /** `isAll`: it has joined just now. */
  readonly onRead: (reading: Reading, situation: Situation) => void;
  /** It is no member any more: others may have taken over what it has lent. */
  readonly onLost: () => void;
}

/** At which revisions there is what joining depends on; 0 where it is not. */
interface Looked {
  readonly card: Revision;
  readonly format: Revision;
  readonly secret: Revision;
  readonly edition: Revision;
}

const NEVER = instant(Number.MIN_SAFE_INTEGER);
const EMPTY = new Uint8Array(0);

export class Membership {
  readonly #parts: MembershipParts;
  /** The revision of the own card: whatever was asked before it joined anew comes too late. */
  #fence: Revision | undefined;
  #isJoining = false;
  /** What was written up to here is known. */
  #read: Revision = 0;
  /** The longest term that the site knows of, and the longest that was ever lent for. */
  #known: Seconds = seconds(0);
  #longest: Seconds = seconds(TERM_MIN);
  /** As it was written when it joined. */
  #card: Uint8Array | undefined;
  #heardAt: Instant = NEVER;
  #grantsUntil: Instant = NEVER;
  #renewsUntil: Instant = NEVER;

  constructor(parts: MembershipParts) {
    this.#parts = parts;
  }

  /** The revision that every change compares; `undefined` while it is no member. */
  get fence(): Revision | undefined {
    return this.#fence;
  }

  /** It may lend before this instant. */
  get grantsUntil(): Instant {
    return this.#grantsUntil;
  }

  /** It is a member, and heard, before this instant: it may be about to tell the others something new. */
  get heardUntil(): Instant {
    return this.#fence === undefined ? NEVER : grantsUntil(this.#heardAt);
  }

  /** What it has lent it may renew before this instant. */
  get renewsUntil(): Instant {
    return this.#renewsUntil;
  }

  /** The longest that was ever lent for. */
  get longest(): Seconds {
    return this.#longest;
  }

  /** Seats may be lent for so long: a longer one is told to the site before anything else is lent. */
  cover(longest: Seconds): void {
    if (longest <= this.#longest) return;
    this.#longest = longest;
    this.#count();
  }

  /** Says that it lives, and joins where it is no member. To be called once a beat. */
  beat(at: Moment): void {
    if (this.#isJoining) return;
    if (this.#fence === undefined || this.#isOther()) return this.#look();
    this.#sayAlive(this.#fence, at.mono);
  }

  /** Whether the others know something else of this member than is so: it joins anew with its card. */
  #isOther(): boolean {
    if (this.#known < this.#longest) return true;
    return this.#card === undefined || !equalBytes(this.#card, this.#parts.card(this.#longest));
  }

  #sayAlive(fence: Revision, askedAt: Instant): void {
    const { me, calls, onRead, onAnswer } = this.#parts;
    const compares = [
      { key: joinedKey(me), revision: fence },
      // Else there is an older register there: what proves that is not written over.
      { key: beatKey(me), revision: calls.past.writtenAt(beatKey(me)), orLater: true },
    ] as const;
    const writes = [{ key: beatKey(me), value: EMPTY }];
    calls.ask({ compares, writes, reads: readsSince(this.#read + 1) }, (answer, situation) => {
      onAnswer(answer, situation.at);
      if (answer.kind !== 'transacted' || this.#fence !== fence) return;
      if (!answer.isDone) return this.#lose();
      this.#heard(askedAt);
      if (answer.revision < this.#read) return;
      this.#read = answer.revision;
      onRead({ ...answer, isAll: false }, situation);
    });
  }

  /** What it knows is of a register that there is no more: it is no member of the one that is there. */
  forgetAll(): void {
    this.#fence = undefined;
    this.#read = 0;
    this.#count();
  }

  #lose(): void {
    this.#fence = undefined;
    this.#count();
    this.#parts.onLost();
    this.#look();
  }

  /** First reads, then joins by what was read: what an earlier start has asked changes nothing then. */
  #look(): void {
    const { me, calls, editions, mayJoin, onAnswer } = this.#parts;
    const key = joinedKey(me);
    this.#isJoining = true;
    const own = [deadKey(me), beatKey(me)];
    const all = [JOINED_PREFIX, ...own, FORMAT_KEY, SECRET_KEY, EDITION_KEY];
    const reads = all.map((prefix) => ({ prefix, since: 0 }));
    calls.ask({ compares: [], writes: [], reads }, (answer, { at }) => {
      this.#isJoining = false;
      onAnswer(answer, at);
      if (answer.kind !== 'transacted') return;
      const { entries } = answer;
      const known = new Map(entries.map((one) => [one.key, one.revision]));
      const format = formatIn(entries);
      const edition = known.get(EDITION_KEY) ?? 0;
      const look = editions.look(entries, answer.revision, at.mono);
      if (look === 'back' && format !== undefined) return this.#begin(entries, edition);
      const isKnown = look === 'known' && (known.has(key) || known.has(deadKey(me)));
      const others = entries.filter((one) => one.key.startsWith(JOINED_PREFIX) && one.key !== key);
      const isFull = others.length >= MEMBERS_MAX;
      const isOther = look === 'waits';
      if (!mayJoin({ isKnown, isReadable: format !== undefined, isOther, isFull }, at)) return;
      const looked = {
        card: known.get(key) ?? 0,
        format: format ?? 0,
        secret: known.get(SECRET_KEY) ?? 0,
        edition,
      };
      this.#join(looked, at.mono);
    });
  }

  /** The register has gone back: from now on nobody is a member by what it said before. */
  #begin(entries: readonly RegisterEntry[], edition: Revision): void {
    const { calls, editions, onAnswer } = this.#parts;
    this.#isJoining = true;
    const cards = entries.filter(({ key }) => key.startsWith(JOINED_PREFIX));
    const writes = [
      { key: EDITION_KEY, value: encodeEdition(editions.next) },
      { key: JOINED_PREFIX, value: null, isPrefix: true },
      { key: BEAT_PREFIX, value: null, isPrefix: true },
      ...cards.map(({ key, value }) => ({ key: deadKey(key.slice(JOINED_PREFIX.length)), value })),
    ] as const;
    const compares = [{ key: EDITION_KEY, revision: edition }];
    calls.ask({ compares, writes, reads: [] }, (answer, { at }) => {
      this.#isJoining = false;
      onAnswer(answer, at);
    });
  }

  /**
   * The site's secret comes with its first member, so that whoever is a member knows it; of two at once
   * one looks again.
   */
  #join(looked: Looked, askedAt: Instant): void {
    const { me, calls, editions, secret, card, onRead, onAnswer } = this.#parts;
    const longest = this.#longest;
    const value = card(longest);
    this.#isJoining = true;
    const compares = [
      { key: joinedKey(me), revision: looked.card },
      { key: FORMAT_KEY, revision: looked.format },
      { key: EDITION_KEY, revision: looked.edition },
      ...(looked.secret === 0 ? [{ key: SECRET_KEY, revision: 0 }] : []),
    ];
    const writes = [
      { key: joinedKey(me), value },
      { key: beatKey(me), value: EMPTY },
      { key: deadKey(me), value: null },
      ...(looked.format === 0 ? [{ key: FORMAT_KEY, value: FORMAT_VALUE }] : []),
      ...(looked.secret === 0 ? [{ key: SECRET_KEY, value: secret }] : []),
    ];
    calls.ask({ compares, writes, reads: readsSince(0) }, (answer, situation) => {
      this.#isJoining = false;
      onAnswer(answer, situation.at);
      if (answer.kind !== 'transacted' || !answer.isDone) return;
      editions.joined();
      this.#fence = answer.revision;
      this.#read = answer.revision;
      this.#known = longest;
      this.#card = value;
      this.#heardAt = NEVER;
      this.#heard(askedAt);
      onRead({ ...answer, isAll: true }, situation);
    });
  }

  #heard(askedAt: Instant): void {
    this.#heardAt = instant(Math.max(this.#heardAt, askedAt));
    this.#count();
  }

  #count(): void {
    const isTold = this.#known >= this.#longest;
    const isIn = isTold && this.#fence !== undefined;
    this.#grantsUntil = isIn ? grantsUntil(this.#heardAt) : NEVER;
    // Whoever has found it dead waits for the end of what it may renew, whether it knows of that or not.
    this.#renewsUntil = isTold ? renewsUntil(this.#heardAt) : NEVER;
  }
}
