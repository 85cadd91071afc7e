/** Who got seats in a step of an agent, found by comparing what its tables were before and after. */

import type { Inspection } from '../../agent/core/inspection.ts';
import { type ClaimSeen, weightOf } from '../../agent/core/seats/seat-claims.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import { GENERIC_CLASS } from '../../protocol/license.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { Someone, Wanted } from './rule-lines.ts';

/** Somebody who has a lease now, or a turn to take one, and had none before. */
export interface Newcomer {
  readonly name: string;
  readonly wish: SeatWish;
  readonly wanted: Wanted;
  readonly someone: Someone;
  /** The number of its claim. */
  readonly number: number;
  readonly claim: ClaimSeen;
  /** The claim as it was, when others had it before. */
  readonly former: ClaimSeen | undefined;
  /** Seats that were not taken before. */
  readonly taken: number;
}

/** What a step changed. */
export interface StepSeen {
  readonly before: Inspection;
  readonly after: Inspection;
  readonly newcomers: readonly Newcomer[];
  /** The rules are others than before. */
  readonly isRuled: boolean;
}

/** Of each claim: those who have it, by names that nobody else gets. */
type Members = ReadonlyMap<number, ReadonlySet<string>>;

export const membersOf = ({ leases, waiters }: Inspection): Members => {
  const members = new Map<number, Set<string>>();
  const add = (claim: number | undefined, name: string): void => {
    if (claim !== undefined) members.set(claim, (members.get(claim) ?? new Set()).add(name));
  };
  for (const { claim, entry } of leases) add(claim, `lease ${entry}`);
  for (const { claim, sequence } of waiters) add(claim, `turn ${sequence}`);
  return members;
};

/** Whether a claim is the one that had this number before. */
export const isContinued = (number: number, before: Members, after: Members): boolean => {
  const former = before.get(number);
  if (former === undefined) return false;
  for (const name of after.get(number) ?? []) if (former.has(name)) return true;
  return false;
};

/** `wishOf`: what a session asked for last. Who was restored has asked nothing. */
export const findNewcomers = (
  before: Inspection,
  after: Inspection,
  wishOf: (clientKey: string) => SeatWish | undefined,
): readonly Newcomer[] => {
  const entries = new Set(before.leases.map(({ entry }) => entry));
  const turns = new Set(
    before.waiters.flatMap((one) => (one.claim === undefined ? [] : one.sequence)),
  );
  const fresh = [
    ...after.leases.filter(({ entry, isHeld }) => !entries.has(entry) && !isHeld),
    ...after.waiters.filter(({ claim, sequence }) => claim !== undefined && !turns.has(sequence)),
  ];
  if (fresh.length === 0) return [];
  const [old, now] = [membersOf(before), membersOf(after)];
  const counted = new Set<number>();
  return fresh.flatMap(({ clientKey, claim: number, address }): Newcomer[] => {
    const name = bytesToHex(clientKey);
    const wish = wishOf(name);
    const claim = number === undefined ? undefined : after.claims.get(number);
    if (wish === undefined || number === undefined || claim === undefined) return [];
    const isFirst = claim.isPlain || !counted.has(number);
    counted.add(number);
    const former = isContinued(number, old, now) ? before.claims.get(number) : undefined;
    const had = former === undefined || claim.isPlain ? 0 : weightOf(former);
    const wanted = { product: wish.product, class: wish.class ?? GENERIC_CLASS };
    const someone = { user: wish.holder.user, host: wish.holder.host, address };
    const taken = isFirst ? weightOf(claim) - had : 0;
    return [{ name, wish, wanted, someone, number, claim, former, taken }];
  });
};
