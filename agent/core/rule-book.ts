/** The administrator's rules as they are now, asked in the terms of lending. */

import type { Holder } from '../../protocol/holder.ts';
import { GENERIC_CLASS } from '../../protocol/license.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { Seconds } from '../../protocol/units.ts';
import type { Asker, Target } from './rules/rule.ts';
import type { Rules } from './rules/rules.ts';
import type { SeatClaim } from './seat-claims.ts';

export class RuleBook {
  current: Rules;

  constructor(rules: Rules) {
    this.current = rules;
  }

  /** The place in the queue: higher first. */
  priority(wish: SeatWish, address: string | null): number {
    return this.current.priority(askerOf(wish.holder, address), targetOf(wish));
  }

  /** Seconds without use after which a seat goes to others. */
  idleLimit(holder: Holder, claim: SeatClaim, address: string | null): Seconds | undefined {
    return this.current.idleLimit(askerOf(holder, address), targetOfClaim(claim));
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
export const targetOfClaim = ({ parts }: SeatClaim): Target => ({
  product: parts[0]?.pool.product ?? '',
  class: parts[0]?.pool.class ?? null,
});
