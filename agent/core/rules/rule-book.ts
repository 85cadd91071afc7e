/** The administrator's rules as they are now, asked in the terms of lending. */

import type { Holder } from '../../../protocol/holder.ts';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { Result } from '../../../protocol/result.ts';
import type { Seconds } from '../../../protocol/units.ts';
import type { SeatClaim } from '../seats/seat-claims.ts';
import type { Asker, RuleFault, Target } from './rule.ts';
import type { Rules } from './rules.ts';

/** The rules of a whole file, or its faults. */
export type ReadRules = (text: string) => Result<Rules, readonly RuleFault[]>;

export class RuleBook {
  /** How rules are read here. */
  readonly read: ReadRules;
  current: Rules;
  /**
   * Whether rules could be taken up since the agent has started. A line that cannot be read may be
   * the one that keeps somebody out, or seats for somebody: whoever wrote it would rather see new
   * seats refused, loudly, than lent against it. Seats that are held are held on, so that a restart
   * throws nobody out.
   */
  inForce = true;
  /** Whether those in force were taken up before the agent has started: the file was faulty since. */
  lastGood = false;
  /** What is wrong with the file as it was seen last, where it was not taken up. */
  faults: readonly RuleFault[] = [];

  constructor(rules: Rules, read: ReadRules) {
    this.current = rules;
    this.read = read;
  }

  /** The place in the queue: higher first. */
  priority(wish: SeatWish, address: string | null): number {
    return this.current.priority(askerOf(wish.holder, address), targetOf(wish));
  }

  /** The reservations that are for whoever has this wish, by their keys. */
  reservedFor(wish: SeatWish, address: string | null): readonly string[] {
    return this.current.reservedFor(askerOf(wish.holder, address), targetOf(wish));
  }

  /** Seconds without use after which a seat goes to others. */
  idleLimit(holder: Holder, claim: SeatClaim, address: string | null): Seconds | undefined {
    return this.current.idleLimit(askerOf(holder, address), targetOfClaim(claim));
  }

  /** What a lease is counted as. */
  tallies(holder: Holder, claim: SeatClaim, address: string | null): readonly string[] {
    return this.current.tallies(askerOf(holder, address), targetOfClaim(claim));
  }
}

export const askerOf = (holder: Holder, address: string | null): Asker => ({
  user: holder.user,
  host: holder.host,
  application: holder.application,
  address,
});

/** What rules see of a wish: who names no class asks for generic seats. */
export const targetOf = (wish: SeatWish): { readonly product: string; readonly class: string } => ({
  product: wish.product,
  class: wish.class ?? GENERIC_CLASS,
});

/** What rules see of a seat that is lent. */
export const targetOfClaim = ({ parts, asked }: SeatClaim): Target => ({
  product: parts[0]?.pool.product ?? '',
  class: asked,
});
