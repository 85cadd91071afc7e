/** Who competes for which seats, and whether somebody comes first. */

import { foldCase } from '../../../protocol/fold-case.ts';
import { GENERIC_CLASS } from '../../../protocol/license.ts';
import type { SeatWish } from '../../../protocol/requests.ts';
import type { ReturnHold } from '../activation/return-hold.ts';
import type { AllocationParts } from './bid.ts';
import type { WaitQueue } from './wait-queue.ts';
import { openReserves } from './withheld-from.ts';

export interface QueueParts extends Pick<AllocationParts, 'claims' | 'rules' | 'reserves'> {
  readonly queue: WaitQueue<number>;
  readonly returns: ReturnHold;
}

/** Whether somebody else waits for such seats, or may come back to, and is served before. */
export const othersComeFirst = (
  parts: QueueParts,
  wish: SeatWish,
  address: string | null,
): boolean => {
  const { queue, rules, returns } = parts;
  if (queue.size === 0 && returns.due === undefined) return false;
  const group = queueGroup(wish);
  if (returns.holds(group)) return true;
  const open = openReserves(parts, wish, rules.reservedFor(wish, address));
  return queue.blocks(group, rules.priority(wish, address), open);
};

/** Who competes for the same seats. Not every license's may be taken along: who wants to is apart. */
export const queueGroup = ({ product, class: className, resource, borrow }: SeatWish): string => {
  const group = [product, className ?? GENERIC_CLASS, foldCase(resource ?? '')];
  return JSON.stringify(borrow === undefined ? group : [...group, 'borrow']);
};
