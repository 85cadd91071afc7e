/** Who competes for which seats, and what is awaited by those who come first. */

import { foldCase } from '../../../protocol/fold-case.ts';
import type { LicenseId } from '../../../protocol/ids.ts';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { ReturnHold } from '../activation/return-hold.ts';
import type { AllocationParts, Awaited } from './bid.ts';
import type { Lack, Waiter, WaitQueue } from './wait-queue.ts';
import { openReserves } from './withheld-from.ts';

export interface QueueParts
  extends Pick<AllocationParts, 'claims' | 'rules' | 'reserves' | 'shelf'> {
  readonly queue: WaitQueue<number>;
  readonly returns: ReturnHold;
}

export const NOTHING_AWAITED: Awaited = new Set();

/**
 * Those who come before somebody. Each holds up whoever would take a seat of a license that could lend
 * to it: of others a seat is no use to it. Nor is one that is kept from it for who comes behind.
 */
export class Before {
  readonly #licenses = new Set<LicenseId>();
  /** Reservations that are for one of them. */
  readonly #reserved = new Set<string>();

  add({ reserved }: Waiter, { licenses, isOwn }: Lack): this {
    if (isOwn) return this;
    for (const id of licenses) this.#licenses.add(id);
    for (const key of reserved) this.#reserved.add(key);
    return this;
  }

  /** `open`: reservations that keep a seat for who comes behind (`openReserves`). */
  awaited(open: readonly string[]): Awaited {
    const passes = open.length > 0 && !open.some((key) => this.#reserved.has(key));
    return passes ? NOTHING_AWAITED : this.#licenses;
  }

  /** Whether they wait for all of these, and there are some. */
  holdsUp(licenses: readonly LicenseId[]): boolean {
    return licenses.length > 0 && licenses.every((id) => this.#licenses.has(id));
  }
}

/** What is awaited by those who wait for such seats, or may come back to, and are served before. */
export const awaitedBefore = (
  parts: QueueParts,
  wish: SeatWish,
  address: string | null,
): Awaited => {
  const { queue, rules, returns } = parts;
  if (queue.size === 0 && returns.due === undefined) return NOTHING_AWAITED;
  const group = queueGroup(wish);
  if (returns.holds(group)) return 'all';
  const open = openReserves(parts, wish, rules.reservedFor(wish, address));
  const all = countingLicenses(parts, wish.product);
  const before = new Before();
  for (const waiter of queue.before(group, rules.priority(wish, address))) {
    before.add(waiter, queue.lackOf(waiter.slot));
    // There may be thousands, and mostly the first one waits for all that there is.
    if (open.length === 0 && before.holdsUp(all)) return 'all';
  }
  return before.awaited(open);
};

/** The licenses of a product that lend counted seats. */
export const countingLicenses = (
  { shelf }: Pick<AllocationParts, 'shelf'>,
  product: string,
): readonly LicenseId[] =>
  shelf
    .ofProduct(product)
    .filter(({ license: { type } }) => type === 'floating' || type === 'named')
    .map(({ license }) => license.id);

/** Who competes for the same seats. Not every license's may be taken along: who wants to is apart. */
export const queueGroup = ({ product, class: className, resource, borrow }: SeatWish): string => {
  const group = [product, className ?? GENERIC_CLASS, foldCase(resource ?? '')];
  return JSON.stringify(borrow === undefined ? group : [...group, 'borrow']);
};
