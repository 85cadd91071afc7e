/**
 * What all members of a site are to have alike: rules, licenses, named users, and who may sign in. Each
 * text has one place in the register. Whoever changes it says which text he has seen, so that of two changes at once
 * one is refused; each member takes up what it reads, and says so when that is durable.
 */

import { equalBytes } from '../../../protocol/bytes.ts';
import type { Primitives } from '../../../protocol/primitives.ts';
import { after, type Instant, instant, millis } from '../../../protocol/units.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { Effect } from '../effects.ts';
import type { Outcome } from '../operations.ts';
import type { RegisterAnswer, RegisterEntry, Revision } from '../site/register.ts';
import type { RegisterCalls } from '../site/register-calls.ts';
import { joinedKey, type MemberId, SECRET_KEY } from '../site/site-keys.ts';
import type { Situation } from '../situation.ts';
import type { SharedTaken } from './charter-effects.ts';
import type { CharterOffer } from './charter-operations.ts';
import {
  type Author,
  CHARTER_KINDS,
  type CharterKind,
  type CharterText,
  CORE_KINDS,
  readCharter,
  sharedKey,
  writesOf,
} from './charter-record.ts';
import {
  refuseChanged,
  refuseJoining,
  refuseLong,
  refuseMute,
  refuseUnheard,
  refuseUnknown,
  refuseUnread,
  sharedToSentence,
} from './charter-refusals.ts';
import { closeText, openText } from './charter-seal.ts';
import { TakenMarks } from './taken-marks.ts';
import { type WaitingOffer, WaitingOffers } from './waiting-offers.ts';

/** What was not taken up is asked for again, so many milliseconds later. */
const AGAIN = millis(5000);
/** A change waits so many milliseconds for this agent to be a member. */
const PATIENCE = millis(3000);
/** Where the register has nothing, whoever has something may offer it. */
const WANTING = millis(60_000);

export interface CharterParts {
  readonly me: MemberId;
  /** As people know this member. */
  readonly name: () => string;
  readonly calls: RegisterCalls;
  readonly primitives: Primitives;
  readonly commits: CommitQueue;
}

type OnOutcome = WaitingOffer['onOutcome'];

/** One text, as this member knows it. */
interface Chapter {
  /** `null`: the register has none; `undefined`: it was not read yet, or cannot be. */
  known: CharterText | null | undefined;
  /** What was taken up here since the start. */
  taken: Revision | undefined;
  asked: Revision | undefined;
  askAt: Instant;
}

const NEVER = instant(Number.MIN_SAFE_INTEGER);

export class Charter {
  /** Who keep those of its texts that are the core's own. */
  readonly keepers: ((situation: Situation) => void)[] = [];
  /** Their own, of what they had in common with a site: this one has never heard of this agent. */
  readonly strangers: ((situation: Situation) => void)[] = [];
  /** This agent was a member when it ran last, or has been one since. */
  wasMember = false;
  /** The site has never heard of this agent, as far as was looked. */
  #isStranger = false;
  /** It has joined such a one, and what it had in common with another is to be forgotten. */
  #isNew = false;
  readonly #parts: CharterParts;
  readonly #marks: TakenMarks;
  readonly #waiting = new WaitingOffers();
  readonly #chapters = new Map<CharterKind, Chapter>(
    CHARTER_KINDS.map((kind) => [
      kind,
      { known: undefined, taken: undefined, asked: undefined, askAt: NEVER },
    ]),
  );
  #fence: Revision | undefined;
  #heardUntil: Instant = NEVER;
  #wasHeard = false;
  /** The site's. */
  #secret: Uint8Array | undefined;

  constructor(parts: CharterParts) {
    this.#parts = parts;
    this.#marks = new TakenMarks(parts.primitives);
  }

  /** Takes up a stored record; `false` where it is none. */
  restore(key: string, value: Uint8Array): boolean {
    return this.#marks.restore(key, value);
  }

  /** The text of this kind in the register: `null` where there is none, `undefined` while unknown. */
  textOf(kind: CharterKind): Uint8Array | null | undefined {
    const { known } = this.#chapterOf(kind);
    return known === null ? null : known?.bytes;
  }

  /** Who has written it. */
  authorOf(kind: CharterKind): Author | undefined {
    return this.#chapterOf(kind).known ?? undefined;
  }

  /** Whether something can be changed now. */
  isHeard(now: Instant): boolean {
    return this.#fence !== undefined && now < this.#heardUntil;
  }

  /** It has been a member since the start, and is not heard now. */
  isCutOff(now: Instant): boolean {
    return this.#wasHeard && !this.isHeard(now);
  }

  /**
   * `isKnown`: the site has heard of this agent. Whether it knows all that was lent here: not what was
   * lent by itself since.
   */
  looks(isKnown: boolean): boolean {
    this.#isStranger = !isKnown;
    return isKnown && this.wasMember;
  }

  joins(): void {
    this.wasMember = true;
    if (this.#isStranger) this.#isNew = true;
    this.#isStranger = false;
  }

  /** `isAll`: these are all that the register has. */
  learn(entries: readonly RegisterEntry[], isAll: boolean): void {
    this.#secret = entries.find(({ key }) => key === SECRET_KEY)?.value ?? this.#secret;
    for (const [kind, chapter] of this.#chapters) {
      const read = openText(kind, readCharter(kind, entries), this.#secret, this.#parts.primitives);
      if (read === null && !isAll) continue;
      if (read && chapter.known && read.revision <= chapter.known.revision && !isAll) continue;
      chapter.known = read;
    }
  }

  /** `fence`, `heardUntil`: of this member, which may change something until then. */
  keep(fence: Revision | undefined, heardUntil: Instant, situation: Situation): void {
    const { at, effects } = situation;
    this.#fence = fence;
    this.#heardUntil = heardUntil;
    this.#wasHeard ||= fence !== undefined;
    this.#endWaiting(situation);
    if (this.#isNew) this.#forget(situation);
    this.#isNew = false;
    for (const keep of this.keepers) keep(situation);
    for (const [kind, chapter] of this.#chapters) {
      if (CORE_KINDS.includes(kind)) continue;
      const { known, taken, asked, askAt } = chapter;
      if (known === undefined || (known !== null && known.revision === taken)) continue;
      const revision = known?.revision ?? 0;
      if (asked === revision && at.mono < askAt) continue;
      chapter.asked = revision;
      chapter.askAt = after(at.mono, known === null ? WANTING : AGAIN);
      effects.push(this.#takeUp(kind, known));
    }
  }

  /** What was taken up was of another register, and none of it is this one's. */
  #forget(situation: Situation): void {
    for (const forget of this.strangers) forget(situation);
    for (const chapter of this.#chapters.values()) {
      chapter.taken = undefined;
      chapter.asked = undefined;
    }
    const writes = this.#marks.forget();
    if (writes.length > 0) situation.effects.push(this.#parts.commits.commit(writes));
  }

  #takeUp(kind: CharterKind, known: CharterText | null): Effect {
    return {
      kind: 'take-shared',
      what: kind,
      revision: known?.revision ?? 0,
      bytes: known === null ? null : known.bytes,
      before: this.#marks.of(kind),
    };
  }

  /** What `take-shared` asked for is done, and durable. */
  taken({ what, revision }: SharedTaken, { effects }: Situation): void {
    const { me, commits } = this.#parts;
    const chapter = this.#chapterOf(what);
    const { known } = chapter;
    if (!known || known.revision !== revision || chapter.taken === revision) return;
    chapter.taken = revision;
    const write = this.#marks.mark(what, known.bytes);
    if (write === undefined) return;
    effects.push(commits.commit([write]));
    if (known.member === me) return;
    const sentence = sharedToSentence(what, known);
    effects.push({ kind: 'note', note: { kind: 'shared-taken', sentence } });
  }

  /**
   * Puts a text into the place of the one that was seen; the outcome now, or later. It waits a moment
   * where this agent is not heard, or about to join.
   */
  offer(offer: CharterOffer, situation: Situation, onOutcome: OnOutcome): Outcome | undefined {
    const { what } = offer;
    const { mono } = situation.at;
    const fence = this.isHeard(mono) ? this.#fence : undefined;
    const until = after(mono, PATIENCE);
    const waiting = { offer, onOutcome, fence, until };
    if (fence !== undefined) return this.#ask(waiting, fence);
    return this.#waiting.add(waiting, mono) ? undefined : this.refuseLate(what, mono);
  }

  /** `fence`: of this member, which is heard. */
  #ask({ offer, onOutcome, until }: WaitingOffer, fence: Revision): Outcome | undefined {
    const { calls, me, name } = this.#parts;
    const { what, bytes, was, who } = offer;
    const { known } = this.#chapterOf(what);
    if (known === undefined) return refuseUnread(what);
    const closed = closeText(what, bytes, this.#secret, this.#parts.primitives);
    if (closed === undefined) return refuseLong(what);
    if (known !== null && !equalBytes(known.bytes, was)) return refuseChanged(what, known);
    const key = sharedKey(what);
    const ask = {
      compares: [
        { key, revision: known?.revision ?? 0 },
        { key: joinedKey(me), revision: fence },
      ],
      writes: writesOf(what, closed, { member: me, name: name(), who }),
      reads: [{ prefix: key, since: 0 }],
    };
    calls.ask(ask, (answer, later) => {
      const outcome = this.#outcome(offer, known, answer);
      if (outcome !== undefined) return onOutcome(outcome, later);
      const isWaiting = this.#waiting.add({ offer, onOutcome, fence, until }, later.at.mono);
      if (!isWaiting) onOutcome(this.refuseLate(what, later.at.mono), later);
    });
    return undefined;
  }

  /** `undefined`: not the text has changed, but the card of this member. Nothing was done. */
  #outcome(
    { what }: CharterOffer,
    before: CharterText | null,
    answer: RegisterAnswer,
  ): Outcome | undefined {
    if (answer.kind === 'silent') return refuseUnknown(what);
    if (answer.kind === 'refused') return refuseMute(what, answer.sentence);
    this.learn(answer.entries, false);
    if (answer.isDone) return { kind: 'shared-offer' };
    const { known } = this.#chapterOf(what);
    if (known?.revision === before?.revision) return undefined;
    return refuseChanged(what, known ?? undefined);
  }

  /** Does what has waited for this agent to be a member. */
  #endWaiting(situation: Situation): void {
    const { mono } = situation.at;
    const fence = this.isHeard(mono) ? this.#fence : undefined;
    for (const one of this.#waiting.take(fence, mono)) {
      const isLate = fence === undefined || fence === one.fence;
      const outcome = isLate ? this.refuseLate(one.offer.what, mono) : this.#ask(one, fence);
      if (outcome !== undefined) one.onOutcome(outcome, situation);
    }
  }

  /** Why it cannot be changed now: this agent is not heard, or about to join. */
  refuseLate(what: CharterKind, now: Instant): Outcome {
    return this.isCutOff(now) ? refuseUnheard(what) : refuseJoining(what);
  }

  #chapterOf(kind: CharterKind): Chapter {
    const chapter = this.#chapters.get(kind);
    if (chapter === undefined) throw new Error(`charter: no ${kind}`);
    return chapter;
  }
}
