/** Keeps the pools at what the licenses allow now, and says what follows when that changes. */

import { Fields } from '../../../protocol/fields.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { NAME_MAX } from '../../../protocol/limits.ts';
import { pack, unpack } from '../../../protocol/msgpack.ts';
import type { EpochSeconds, Moment } from '../../../protocol/units.ts';
import type { ActivationLedger } from '../activation/activation-ledger.ts';
import { endSurplus, type ShrinkingParts } from '../children/shrinking.ts';
import type { CommitQueue } from '../commit-queue.ts';
import type { Effect } from '../effects.ts';
import type { LicenseJudge } from '../licenses/license-judge.ts';
import type { LicenseShelf, Succession } from '../licenses/license-shelf.ts';
import type { SessionTable } from '../sessions/session-table.ts';
import type { Write } from '../write.ts';
import type { Lending } from './lending.ts';
import type { SeatCounter } from './seat-counter.ts';
import { seatNote } from './seat-note.ts';

/** What was superseded, and by which license: `superseded/` and the older one's id. */
export const SUPERSEDED_PREFIX = 'superseded/';

const RECORD_VERSION = 1;

const successionWrite = ({ predecessor, successor }: Succession): Write => ({
  key: SUPERSEDED_PREFIX + predecessor,
  value: pack([RECORD_VERSION, successor]),
});

/** The succession in a stored value, or `undefined` when the store has been damaged. */
export const readSuccession = (key: string, value: Uint8Array): Succession | undefined => {
  const fields = new Fields(unpack(value));
  const version = fields.uint();
  const successor = fields.text(NAME_MAX, 1) as LicenseId;
  const predecessor = key.slice(SUPERSEDED_PREFIX.length) as LicenseId;
  const isWhole = fields.complete && version === RECORD_VERSION && predecessor !== '';
  return isWhole ? { predecessor, successor } : undefined;
};

export interface AllowanceParts extends ShrinkingParts {
  readonly shelf: LicenseShelf;
  readonly lending: Lending;
  readonly seats: SeatCounter;
  readonly sessions: SessionTable;
  readonly commits: CommitQueue;
  readonly judge: LicenseJudge;
  readonly activations: ActivationLedger;
}

export class Allowance {
  readonly #parts: AllowanceParts;
  /** The pools are right from the one on and before the other. */
  #from: EpochSeconds | undefined;
  #until: EpochSeconds | undefined;
  /** Nothing has changed but how many of its seats a site lets this agent lend. */
  #isShareOnly = false;

  constructor(parts: AllowanceParts) {
    this.#parts = parts;
  }

  /** Licenses have come or gone: the pools are counted anew before anything else is done. */
  changed(): void {
    this.#from = undefined;
    this.#isShareOnly = false;
    this.#parts.activations.changed();
  }

  /** The site has shared the seats otherwise; `true`, as they are counted anew. */
  recount(): true {
    this.#isShareOnly ||= this.#from !== undefined;
    this.#from = undefined;
    return true;
  }

  /** When a stage, a license or an activation begins or ends next. */
  #nextChange(wall: EpochSeconds): EpochSeconds | undefined {
    const { shelf, judge } = this.#parts;
    let next = shelf.nextChange(wall);
    for (const shelved of shelf.all()) {
      const change = judge.nextChange(shelved, wall);
      if (change !== undefined && (next === undefined || change < next)) next = change;
    }
    return next;
  }

  /** When seats change next, as far as is known. */
  get nextChange(): EpochSeconds | undefined {
    return this.#until;
  }

  /** Brings the pools to this time. Costs two comparisons where nothing has changed. */
  keep(at: Moment, effects: Effect[]): void {
    const isRight = this.#from !== undefined && at.wall >= this.#from;
    if (isRight && (this.#until === undefined || at.wall < this.#until)) return;
    const isDue = this.#until !== undefined && at.wall >= this.#until;
    const isShareOnly = this.#isShareOnly && !isDue;
    this.#isShareOnly = false;
    const { shelf, lending, seats, commits, judge, activations } = this.#parts;
    if (this.#from !== undefined) activations.dated();
    activations.prove(shelf, (one) => judge.activation(one, at.wall));
    const successions = shelf.refresh(at.wall, (one, wall) => judge.isInForce(one, wall));
    this.#from = at.wall;
    this.#until = this.#nextChange(at.wall);
    if (successions.length > 0) {
      effects.push(commits.commit(successions.map(successionWrite)));
      for (const { predecessor, successor } of successions) {
        effects.push({
          kind: 'note',
          note: { kind: 'license-superseded', predecessor, successor },
        });
      }
    }
    for (const slot of endSurplus(this.#parts)) {
      effects.push({ kind: 'note', note: seatNote(this.#parts, 'seat-ending', slot) });
      seats.announceEnding(slot, at, effects);
    }
    // A site shares anew all the time: not everybody who waits is looked at for that.
    if (isShareOnly) lending.queueChanged();
    else lending.seatsChanged();
  }
}
