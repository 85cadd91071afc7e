/** Says when licenses, activations and emergencies end: 30, 7 and 1 days before, and when they have. */

import { type EpochSeconds, epochSeconds } from '../../../protocol/units.ts';
import type { ActivationLedger } from '../activation/activation-ledger.ts';
import type { Effect } from '../effects.ts';
import type { EndingView } from './ending-view.ts';
import type { LicenseJudge } from './license-judge.ts';
import type { Ending } from './license-note.ts';
import type { LicenseShelf, ShelvedLicense } from './license-shelf.ts';
import { noticeOf } from './license-standing.ts';

const DAY = 86_400;
/** Days before an end at which it is told of; zero: when it has come. */
const TOLD_AT = [30, 7, 1, 0] as const;

export interface EndingWatchParts {
  readonly shelf: LicenseShelf;
  readonly judge: LicenseJudge;
  readonly activations: ActivationLedger;
}

export class EndingWatch {
  readonly #parts: EndingWatchParts;
  /** By license and what ends, the days at which it was told of last. */
  #told = new Map<string, number>();
  #next: EpochSeconds | undefined;

  constructor(parts: EndingWatchParts) {
    this.#parts = parts;
  }

  /** When there may be something to tell. */
  get next(): EpochSeconds | undefined {
    return this.#next;
  }

  /** Tells what is new. */
  tell(wall: EpochSeconds, effects: Effect[]): void {
    const told = new Map<string, number>();
    let next: number | undefined;
    for (const { license, product, what, ends, days } of this.#all(wall)) {
      const times = TOLD_AT.map((one) => ends - one * DAY).filter((time) => time > wall);
      next = Math.min(next ?? Number.POSITIVE_INFINITY, ...times);
      const at = TOLD_AT.findLast((one) => days <= one);
      if (at === undefined) continue;
      const key = `${license} ${what}`;
      told.set(key, at);
      if (this.#told.get(key) === at) continue;
      effects.push({ kind: 'note', note: { kind: 'ending-soon', license, product, what, days } });
    }
    this.#told = told;
    this.#next = next === undefined || !Number.isFinite(next) ? undefined : epochSeconds(next);
  }

  /** What ends within 30 days, or has ended, the first one first. */
  list(wall: EpochSeconds): readonly EndingView[] {
    return [...this.#all(wall)]
      .filter(({ days }) => days <= TOLD_AT[0])
      .sort((one, other) => one.ends - other.ends);
  }

  *#all(wall: EpochSeconds): Generator<EndingView> {
    for (const shelved of this.#parts.shelf.all()) {
      if (shelved.successor !== undefined) continue;
      const { id, product } = shelved.license;
      for (const [what, ends] of this.#endsOf(shelved, wall)) {
        const days = Math.max(0, Math.ceil((ends - wall) / DAY));
        yield { license: id, product, what, ends, days };
      }
    }
  }

  #endsOf(
    shelved: ShelvedLicense,
    wall: EpochSeconds,
  ): readonly (readonly [Ending, EpochSeconds])[] {
    const { judge, activations } = this.#parts;
    const found: (readonly [Ending, EpochSeconds])[] = [];
    const ends = judge.ends(shelved);
    if (ends !== undefined) found.push(['license', ends]);
    const { returned, vendor, emergency } = activations.bindingOf(shelved);
    const active = judge.activation(shelved, wall);
    // Once the vendor has activated it, nobody asks for the emergency any more.
    const last = active ?? vendor ?? emergency;
    if (returned || last === undefined || last.ends === null) return found;
    if (last.signed.origin === null) found.push(['emergency', last.ends]);
    else if (wall >= noticeOf(last, last.ends)) found.push(['activation', last.ends]);
    return found;
  }
}
