/** How this agent stands with its site, and what people are told of that, each news once. */

import { after, type Instant, instant, millis } from '../../../protocol/units.ts';
import type { Effect } from '../effects.ts';
import type { Note } from '../notes.ts';
import type { RegisterAnswer } from './register.ts';
import { obstacleToSentence, type SiteObstacle } from './site-obstacle.ts';
import type { SiteStandingView } from './site-standing-view.ts';

/** For so long nobody is told that the register is silent: both may have been started just now. */
const PATIENCE = millis(5000);

export class SiteStanding {
  /** Why it may not join. */
  #obstacle: SiteObstacle | undefined;
  #toldObstacle: SiteObstacle | undefined;
  #wasIn = false;
  /** Why the register does not answer, since when, and whether that was told. */
  #silence: string | undefined;
  #silentSince: Instant = instant(0);
  #isTold = false;
  /** Who of the register has answered; `undefined` where nobody has. */
  #by: string | undefined;
  /** Something else is to be shown of the site. */
  #isChanged = false;

  /** Whether nothing keeps it from joining. */
  looks(obstacle: SiteObstacle | undefined): boolean {
    this.#obstacle = obstacle;
    return obstacle === undefined;
  }

  heard(answer: RegisterAnswer, now: Instant): void {
    const sentence = answer.kind === 'transacted' ? undefined : answer.sentence;
    if (this.#silence === undefined) this.#silentSince = now;
    this.#silence = sentence;
    // While nobody answers, nobody knows when there is more to be seen of the register.
    const by = answer.kind === 'transacted' ? (answer.by ?? '') : undefined;
    if (by === undefined || by !== this.#by) this.changed();
    this.#by = by;
  }

  /** Who is there, or who has which seats, is not what it was. */
  changed(): void {
    this.#isChanged = true;
  }

  /** `isIn`: whether it is a member, and heard. */
  view(isIn: boolean): SiteStandingView {
    const obstacle = this.#obstacle;
    const why = this.#silence ?? (obstacle && obstacleToSentence(obstacle));
    return { isHeard: isIn, trouble: isIn ? null : (why ?? null) };
  }

  /** Since this was asked last. */
  news(isIn: boolean, now: Instant): readonly Effect[] {
    const isChanged = this.#isChanged;
    this.#isChanged = false;
    const notes = this.#notes(isIn, now);
    return isChanged ? [...notes, CHANGED] : notes;
  }

  #notes(isIn: boolean, now: Instant): readonly Effect[] {
    const isUnheard = !isIn && !this.#isTold && this.#isSilentAt(now);
    if (!isUnheard && this.#obstacle === this.#toldObstacle && isIn === this.#wasIn) return NONE;
    const notes: Note[] = [];
    const what = this.#obstacle;
    if (what !== this.#toldObstacle && what !== undefined)
      notes.push({ kind: 'site-obstacle', what, sentence: obstacleToSentence(what) });
    this.#toldObstacle = this.#obstacle;
    const why = this.#silence ?? null;
    if (isIn !== this.#wasIn)
      notes.push(isIn ? { kind: 'site-joined' } : { kind: 'site-cut-off', why });
    else if (isUnheard) notes.push({ kind: 'site-unheard', why });
    this.#isTold = !isIn && (this.#isTold || isUnheard || this.#wasIn);
    this.#wasIn = isIn;
    return notes.map((note) => ({ kind: 'note', note }));
  }

  #isSilentAt(now: Instant): boolean {
    return this.#silence !== undefined && now >= after(this.#silentSince, PATIENCE);
  }
}

const NONE: readonly Effect[] = [];
const CHANGED: Effect = { kind: 'site-changed' };
