/**
 * What this member has seen of the others: who is there, since when each has been silent, and since
 * when the dead have been dead. By its own clock, and only while it hears the register itself.
 */

import {
  after,
  between,
  type Instant,
  instant,
  millis,
  type Seconds,
  seconds,
} from '../../../protocol/units.ts';
import { type DeathMark, decodeCard, type MemberCard, markOn } from './member-card.ts';
import type { RegisterCompare, RegisterEntry, Revision } from './register.ts';
import {
  BEAT_PREFIX,
  beatKey,
  DEAD_PREFIX,
  JOINED_PREFIX,
  joinedKey,
  type MemberId,
  TOLD_PREFIX,
} from './site-keys.ts';
import { BEAT, deadFrom, goneFrom } from './site-times.ts';
import { decodeTold, type ToldDeath } from './told-record.ts';

/** Who has not read for so many beats does not know who was silent, */
const BEATS_MISSED = 3;
/** nor who is: when the register stands still, everybody seems to be silent. */
const BEATS_DEAF = 2;
/** When it goes on, everybody has so many beats to be heard before he may be found dead. */
const BEATS_BACK = 2;

interface Seen {
  readonly revision: Revision;
  readonly value: Uint8Array;
  /** It was so from then on. */
  readonly since: Instant;
}

/** A member to be found dead. */
export interface Silent {
  readonly member: MemberId;
  /** The card that it has left. */
  readonly card: Uint8Array;
  /** Holds while it has not been heard. */
  readonly compares: readonly RegisterCompare[];
}

/** A member that was found dead. */
export interface Dead {
  readonly member: MemberId;
  readonly name: string;
  /** Its card, when that was written last, and what others have written on it. */
  readonly card: Uint8Array;
  readonly revision: Revision;
  readonly mark: DeathMark;
}

/** A death that was told and is over; the record of it, and when that was written. */
export interface Over {
  readonly member: MemberId;
  readonly value: Uint8Array;
  readonly revision: Revision;
  readonly told: ToldDeath;
}

/** What people see of it. */
const SHOWN: readonly string[] = [JOINED_PREFIX, DEAD_PREFIX];

export class Witness {
  #joined: ReadonlyMap<MemberId, Seen> = new Map();
  #beats: ReadonlyMap<MemberId, Seen> = new Map();
  #dead: ReadonlyMap<MemberId, Seen> = new Map();
  #told: ReadonlyMap<MemberId, Seen> = new Map();
  #heardAt: Instant | undefined;
  /** Since then it reads at every beat, or nearly so. */
  #attentiveAt: Instant | undefined;
  #revision: Revision = 0;
  /** Somebody has come or gone, or was written of. */
  #isNews = false;

  /** Takes in all that the register has of members at a revision. */
  learn(entries: readonly RegisterEntry[], revision: Revision, now: Instant): void {
    if (revision < this.#revision) return;
    this.#revision = revision;
    const isAttentive =
      this.#heardAt !== undefined && between(this.#heardAt, now) <= BEATS_MISSED * BEAT;
    this.#heardAt = now;
    if (!isAttentive) this.#attentiveAt = now;
    const see = (prefix: string, before: ReadonlyMap<MemberId, Seen>) => {
      let same = 0;
      const seen = new Map(
        entries
          .filter(({ key }) => key.startsWith(prefix))
          .map(({ key, revision, value }) => {
            const member = key.slice(prefix.length);
            const known = before.get(member);
            if (known?.revision === revision) {
              same++;
              return [member, known] as const;
            }
            // What is written on the card of a dead one does not begin its death anew.
            const isSame =
              prefix === DEAD_PREFIX && known && isOneDeath(known, { revision, value });
            return [member, { revision, value, since: isSame ? known.since : now }] as const;
          }),
      );
      const isAsBefore = same === seen.size && same === before.size;
      if (SHOWN.includes(prefix) && !isAsBefore) this.#isNews = true;
      return seen;
    };
    this.#joined = see(JOINED_PREFIX, this.#joined);
    this.#beats = see(BEAT_PREFIX, this.#beats);
    this.#dead = see(DEAD_PREFIX, this.#dead);
    this.#told = see(TOLD_PREFIX, this.#told);
  }

  /** Whether there was news of who is there since this was asked last. */
  takeNews(): boolean {
    const isNews = this.#isNews;
    this.#isNews = false;
    return isNews;
  }

  /** All of it was of another register. */
  forgetAll(): void {
    this.#joined = new Map();
    this.#beats = new Map();
    this.#dead = new Map();
    this.#told = new Map();
    this.#heardAt = undefined;
    this.#attentiveAt = undefined;
    this.#revision = 0;
  }

  /** The longest term of all that are there or dead. */
  get longest(): Seconds {
    const cards = [...this.#joined.values(), ...this.#dead.values()];
    return seconds(Math.max(0, ...cards.map(({ value }) => longestOf(value) ?? 0)));
  }

  /** Those who have joined and were not found dead. */
  get members(): ReadonlySet<MemberId> {
    return new Set(this.#joined.keys());
  }

  /** At which revision each of them has joined. */
  get joined(): ReadonlyMap<MemberId, Revision> {
    return new Map([...this.#joined].map(([member, { revision }]) => [member, revision]));
  }

  /** The longest term that a dead member lent for. */
  longestOfDead(member: MemberId): Seconds | undefined {
    const seen = this.#dead.get(member);
    return seen && longestOf(seen.value);
  }

  *cards(): Iterable<readonly [MemberId, MemberCard]> {
    for (const [member, { value }] of this.#joined) {
      const card = decodeCard(value);
      if (card !== undefined) yield [member, card];
    }
  }

  /** Those who were found dead and have not joined since. */
  *dead(): Iterable<Dead> {
    for (const [member, { revision, value: card }] of this.#dead) {
      const name = decodeCard(card)?.name;
      if (name !== undefined) yield { member, name, card, revision, mark: markOn(card, revision) };
    }
  }

  /** Deaths that were told and are over: who was dead is back, has died anew, or is forgotten. */
  *over(): Iterable<Over> {
    for (const [member, { revision, value }] of this.#told) {
      const told = decodeTold(value);
      const card = this.#dead.get(member);
      const mark = card && markOn(card.value, card.revision);
      const goesOn = mark?.since === told?.since && mark?.isForgotten === false;
      if (told !== undefined && !goesOn) yield { member, revision, value, told };
    }
  }

  /** Others who have been silent for too long. */
  silent(me: MemberId, now: Instant): readonly Silent[] {
    if (this.#isDeaf(now)) return [];
    return [...this.#joined].flatMap(([member, { revision, value: card }]) => {
      const beat = this.#beats.get(member);
      if (member === me || beat === undefined || now < this.#deadFrom(beat)) return [];
      const compares = [
        { key: joinedKey(member), revision },
        { key: beatKey(member), revision: beat.revision },
      ];
      return [{ member, card, compares }];
    });
  }

  /** The dead of whose seats nobody holds one any more, with the revisions that prove it. */
  gone(now: Instant): ReadonlyMap<MemberId, Revision> {
    const gone = [...this.#dead].filter(([, { value, since }]) => {
      const longest = longestOf(value);
      return longest !== undefined && now >= goneFrom(since, longest);
    });
    return new Map(gone.map(([member, { revision }]) => [member, revision]));
  }

  /** From when on it may be found dead: silent for long enough, and long enough after this one was deaf. */
  #deadFrom({ since }: Seen): Instant {
    const back = after(this.#attentiveAt ?? since, millis(BEATS_BACK * BEAT));
    return instant(Math.max(deadFrom(since), back));
  }

  #isDeaf(now: Instant): boolean {
    return this.#heardAt === undefined || between(this.#heardAt, now) > BEATS_DEAF * BEAT;
  }

  /** When another will have been silent for too long, if nothing is heard meanwhile. */
  due(me: MemberId, now: Instant): Instant | undefined {
    let due: Instant | undefined;
    if (this.#isDeaf(now)) return undefined;
    for (const [member, beat] of this.#beats) {
      const at = this.#deadFrom(beat);
      const isOther = member !== me && this.#joined.has(member);
      if (isOther && (due === undefined || at < due)) due = at;
    }
    return due;
  }
}

type Written = Pick<Seen, 'revision' | 'value'>;

const isOneDeath = (one: Written, other: Written): boolean =>
  markOn(one.value, one.revision).since === markOn(other.value, other.revision).since;

const longestOf = (value: Uint8Array): Seconds | undefined => decodeCard(value)?.longest;
