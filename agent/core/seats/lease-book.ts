/**
 * The leases: which session holds which seat, since when, and why it may not go on. Kept in columns
 * by session slot; deadlines are in the heap beside it.
 */

import type { Holder } from '../../../protocol/holder.ts';
import { REFUSALS, type RefusalCode, refusalByNumber } from '../../../protocol/refusal.ts';
import { assert } from '../../../protocol/result.ts';
import { type EpochSeconds, epochSeconds, type Seconds, seconds } from '../../../protocol/units.ts';
import { uint8Column, uint32Column } from '../tables/columns.ts';
import { TextColumn } from '../tables/text-column.ts';
import { IdleTimes } from './idle-times.ts';
import type { Borrowing } from './lease-record.ts';
import type { ClaimPart, SeatClaim, SeatClaims } from './seat-claims.ts';

/** Where a lease is in its life: `writing` until its record is on the disk, then `held`. */
export type LeasePhase = 'writing' | 'held';

export interface Lease {
  /** The number of what it counts as. */
  readonly claim: number;
  /** Its own are so many parts of the claim, from the first: who shares it may have added others. */
  readonly parts: number;
  readonly requestId: number;
  readonly term: Seconds;
  readonly granted: EpochSeconds;
  readonly holder: Holder;
  readonly phase: LeasePhase;
  /** Why it is not renewed any more; it still counts until released or lapsed. */
  readonly ending: RefusalCode | undefined;
  readonly borrowing: Borrowing | undefined;
}

const PHASES: readonly LeasePhase[] = ['writing', 'held'];

export class LeaseBook {
  /** Claim number plus one; zero where the slot holds no lease. */
  readonly #claimNumbers = uint32Column();
  readonly #parts = uint8Column();
  /** Tells a lease from an earlier one in the same slot. */
  readonly #entries = uint32Column();
  readonly #requestIds = uint32Column();
  readonly #granted = uint32Column();
  readonly #terms = uint32Column();
  readonly #phases = uint8Column();
  readonly #endings = uint8Column();
  /** One text for all four fields. */
  readonly #holders = new TextColumn();
  readonly #borrowings = new Map<number, Borrowing>();
  /** How long holders have not used their seats. */
  readonly idleTimes = new IdleTimes();
  readonly #claims: SeatClaims;
  #size = 0;
  /** Behind the last slot that ever held a lease. */
  #end = 0;
  #lastEntry = 0;

  constructor(claims: SeatClaims) {
    this.#claims = claims;
  }

  get size(): number {
    return this.#size;
  }

  holds(slot: number): boolean {
    return this.#claimNumbers.get(slot) !== 0;
  }

  /** Writes down a lease that its claim counts already. */
  enter(slot: number, lease: Omit<Lease, 'ending'>): void {
    assert(!this.holds(slot), 'a session took a second seat');
    this.#claimNumbers.set(slot, lease.claim + 1);
    this.#parts.set(slot, lease.parts);
    this.#lastEntry = (this.#lastEntry + 1) >>> 0;
    this.#entries.set(slot, this.#lastEntry);
    this.#requestIds.set(slot, lease.requestId);
    this.#granted.set(slot, lease.granted);
    this.#terms.set(slot, lease.term);
    this.#phases.set(slot, PHASES.indexOf(lease.phase));
    this.#endings.set(slot, 0);
    this.#holders.set(slot, packHolder(lease.holder));
    this.#end = Math.max(this.#end, slot + 1);
    this.setBorrowing(slot, lease.borrowing);
    this.#size++;
  }

  /** Strikes out a lease; its claim counts it no more. */
  strike(slot: number): void {
    this.#claims.leave(this.claimNumber(slot));
    this.#claimNumbers.set(slot, 0);
    this.#holders.clear(slot);
    this.#borrowings.delete(slot);
    this.idleTimes.forget(slot);
    this.#size--;
  }

  /** Makes a lease count as another claim from now on, as rules have changed. */
  reclaim(slot: number, number: number): void {
    this.#claimNumbers.set(slot, number + 1);
  }

  /** Leases that are borrowed, by slot. */
  get borrowings(): ReadonlyMap<number, Borrowing> {
    return this.#borrowings;
  }

  setBorrowing(slot: number, borrowing: Borrowing | undefined): void {
    if (borrowing === undefined) this.#borrowings.delete(slot);
    else this.#borrowings.set(slot, borrowing);
  }

  markHeld(slot: number): void {
    this.#phases.set(slot, PHASES.indexOf('held'));
  }

  /** The lease is not renewed any more, for this reason; `undefined`: it is again. */
  end(slot: number, reason: RefusalCode | undefined): void {
    this.#endings.set(slot, reason === undefined ? 0 : REFUSALS[reason].number);
  }

  claimNumber(slot: number): number {
    assert(this.holds(slot), 'no lease in this slot');
    return this.#claimNumbers.get(slot) - 1;
  }

  claim(slot: number): SeatClaim {
    return this.#claims.get(this.claimNumber(slot));
  }

  /**
   * The parts of its claim that were granted to this lease. Those that another has added since may be
   * of licenses that cover another wish.
   */
  parts(slot: number): readonly ClaimPart[] {
    return this.claim(slot).parts.slice(0, this.#parts.get(slot));
  }

  /** The number of the entry that the slot's lease was written down in. */
  entry(slot: number): number {
    return this.#entries.get(slot);
  }

  requestId(slot: number): number {
    return this.#requestIds.get(slot);
  }

  term(slot: number): Seconds {
    return seconds(this.#terms.get(slot));
  }

  granted(slot: number): EpochSeconds {
    return epochSeconds(this.#granted.get(slot));
  }

  phase(slot: number): LeasePhase {
    return PHASES[this.#phases.get(slot)] ?? 'held';
  }

  ending(slot: number): RefusalCode | undefined {
    const number = this.#endings.get(slot);
    return number === 0 ? undefined : refusalByNumber(number);
  }

  /** The whole lease, for people: renewing does not come by here. */
  read(slot: number): Lease {
    return {
      claim: this.claimNumber(slot),
      parts: this.#parts.get(slot),
      requestId: this.requestId(slot),
      term: this.term(slot),
      granted: this.granted(slot),
      holder: unpackHolder(this.#holders.get(slot)),
      phase: this.phase(slot),
      ending: this.ending(slot),
      borrowing: this.#borrowings.get(slot),
    };
  }

  /** The slots that hold a lease, in no order that has meaning. */
  *slots(): Iterable<number> {
    for (let slot = 0; slot < this.#end; slot++) if (this.holds(slot)) yield slot;
  }
}

/** The wire allows no control characters in these texts, so one of them can part them. */
const SEPARATOR = '\n';

const packHolder = (holder: Holder): string =>
  [holder.user, holder.host, holder.process, holder.application].join(SEPARATOR);

const unpackHolder = (text: string): Holder => {
  const [user = '', host = '', process = '0', application = ''] = text.split(SEPARATOR);
  return { user, host, process: Number(process), application };
};
