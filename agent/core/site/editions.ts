/**
 * Which edition of the register this agent knows. Who finds that the register has gone back begins
 * another one: nobody is a member any more then, and whoever knew one before waits until nobody can
 * believe in a seat that was lent by it. So an agent that could not notice is stopped by one that has.
 */

import { equalBytes } from '../../../protocol/bytes.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import {
  after,
  type Instant,
  instant,
  millis,
  type Seconds,
  seconds,
} from '../../../protocol/units.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { Situation } from '../situation.ts';
import { SITE_MARK_KEY } from '../store-key.ts';
import {
  decodeMark,
  type Edition,
  type EditionName,
  editionIn,
  encodeMark,
  FIRST_EDITION,
  hashToMark,
  isLaterEdition,
  isSameEdition,
  type SiteMark,
} from './edition-record.ts';
import type { RegisterEntry, Revision } from './register.ts';
import type { RegisterCalls } from './register-calls.ts';
import { beatKey, deadKey, joinedKey, type MemberId, SECRET_KEY } from './site-keys.ts';
import { endedFrom } from './site-times.ts';

/** So often a member keeps how far the register is. */
const MARK_EVERY = millis(60_000);

export interface EditionsParts {
  readonly me: MemberId;
  readonly calls: Pick<RegisterCalls, 'past'>;
  readonly primitives: Pick<Primitives, 'sha512'>;
  readonly commits: CommitQueue;
}

/**
 * `known`: it is the register that this agent knows. `back`: it has gone back, and another edition is to
 * be begun. `waits`: another was begun, and seats lent before may be believed in. `anew`: none is.
 */
export type EditionLook = 'known' | 'back' | 'waits' | 'anew';

interface Wait {
  readonly edition: Edition;
  readonly since: Instant;
}

export class Editions {
  /** All that is known of the register is of another edition. */
  onOther: () => void = () => {};
  readonly #parts: EditionsParts;
  /** This agent was a member by it, or would be the first time. */
  #known: EditionName = FIRST_EDITION;
  /** It was read last, before the register went back. */
  #last: EditionName = FIRST_EDITION;
  #isBack = false;
  #wait: Wait | undefined;
  #longest = seconds(0);
  /** Of an earlier start, until it is compared. */
  #mark: SiteMark | undefined;
  /** This agent has been a member of the site whose register is read. */
  #wasMember = false;
  /** Its register has never heard of that. */
  #isForgotten = false;
  /** The hash of the site's secret. */
  #site: Uint8Array | undefined;
  #markAt: Instant = instant(Number.MIN_SAFE_INTEGER);

  constructor(parts: EditionsParts) {
    this.#parts = parts;
  }

  restore(value: Uint8Array): boolean {
    this.#mark = decodeMark(value);
    return this.#mark !== undefined;
  }

  /** Seats may have been lent for so long. */
  cover(longest: Seconds): void {
    if (longest > this.#longest) this.#longest = longest;
  }

  /** Something was answered that no register says which has not gone back. */
  wentBack(): void {
    this.#isBack = true;
  }

  /** What the register, which was read just now by who is no member, is to this agent. */
  look(entries: readonly RegisterEntry[], revision: Revision, now: Instant): EditionLook {
    const read = editionIn(entries);
    this.#compare(entries, revision);
    const { me } = this.#parts;
    const own = [joinedKey(me), deadKey(me)];
    this.#isForgotten ||= this.#wasMember && !entries.some(({ key }) => own.includes(key));
    if (this.#isBack && !isLaterEdition(read, this.#last)) return 'back';
    this.#isBack = false;
    this.#last = read;
    if (isSameEdition(read, this.#known) && !this.#isForgotten) return 'known';
    if (this.#wait === undefined || !isSameEdition(this.#wait.edition, read)) {
      this.#wait = { edition: read, since: now };
      this.onOther();
    }
    const longest = seconds(Math.max(this.#longest, read.longest));
    return now < endedFrom(this.#wait.since, longest) ? 'waits' : 'anew';
  }

  /** Compares the register with what was known of it before this start, once. */
  #compare(entries: readonly RegisterEntry[], revision: Revision): void {
    const mark = this.#mark;
    this.#mark = undefined;
    if (mark === undefined) return;
    const { me } = this.#parts;
    const secret = entries.find(({ key }) => key === SECRET_KEY);
    if (secret !== undefined && !equalBytes(this.#hash(secret.value), mark.site)) return;
    this.#known = mark.edition;
    this.#last = mark.edition;
    const at = (key: string): Revision | undefined =>
      entries.find((entry) => entry.key === key)?.revision;
    const isOlder = [beatKey(me), deadKey(me)].some((key) => (at(key) ?? Infinity) < mark.revision);
    this.#isBack ||= revision < mark.revision || isOlder;
    this.#wasMember = true;
  }

  #hash(secret: Uint8Array): Uint8Array {
    return hashToMark(this.#parts.primitives.sha512(secret));
  }

  /** The edition that is to follow. */
  get next(): Edition {
    const number = this.#last.number + 1;
    return { number, member: this.#parts.me, longest: this.#longest };
  }

  /** This agent is a member by what it has read last. */
  joined(): void {
    this.#known = this.#last;
    this.#wasMember = true;
    this.#isForgotten = false;
    this.#wait = undefined;
    this.#markAt = instant(Number.MIN_SAFE_INTEGER);
  }

  learnSecret(entries: readonly RegisterEntry[]): void {
    const entry = entries.find(({ key }) => key === SECRET_KEY);
    if (entry !== undefined) this.#site ??= this.#hash(entry.value);
  }

  /** Keeps how far the register is. To be called once a beat by a member. */
  keep({ at, effects, storeTrouble }: Situation): void {
    const { calls, commits, me } = this.#parts;
    if (this.#site === undefined || storeTrouble !== null || at.mono < this.#markAt) return;
    this.#markAt = after(at.mono, MARK_EVERY);
    const revision = calls.past.writtenAt(beatKey(me));
    const mark = { site: this.#site, revision, edition: this.#known };
    effects.push(commits.commit([{ key: SITE_MARK_KEY, value: encodeMark(mark) }]));
  }
}
