/** Explains what a wish would get now, and why: every license, every rule, who holds, who waits. */

import { foldCase } from '../../../protocol/fold-case.ts';
import { ok, type Result } from '../../../protocol/result.ts';
import { type Operation, type Outcome, refuseOperation } from '../operations.ts';
import { explainRules } from '../rules/explain-rules.ts';
import type { RuleFault } from '../rules/rule.ts';
import { askerOf, RuleBook, targetOf } from '../rules/rule-book.ts';
import { faultsToText } from '../rules/rules-desk.ts';
import type { Situation } from '../situation.ts';
import { allocate } from './allocation.ts';
import type { AllocationParts, Bid } from './bid.ts';
import { judgeLicenses } from './candidates.ts';
import type { Explanation, RuleCount } from './explanation.ts';
import type { LendingParts } from './lending.ts';
import { othersComeFirst } from './queue-group.ts';
import { weightOf } from './seat-claims.ts';
import type { SeatDesk } from './seat-desk.ts';
import { reservedSeats, withheldFrom } from './withheld-from.ts';

/** Holders that are shown; how many there are is said. */
const HOLDERS_SHOWN = 20;

export interface ExplainDeskParts extends LendingParts {
  readonly seatDesk: SeatDesk;
}

type Explain = Extract<Operation, { kind: 'explain' }>;

export class ExplainDesk {
  readonly #parts: ExplainDeskParts;

  constructor(parts: ExplainDeskParts) {
    this.#parts = parts;
  }

  perform(operation: Explain, situation: Situation): Outcome {
    const parts = operation.rules === null ? ok(this.#parts) : this.#withRules(operation.rules);
    return parts.ok
      ? { kind: 'explain', explanation: this.#explain(parts.value, operation, situation) }
      : refuseOperation('faulty-rules', faultsToText(parts.error));
  }

  /** The agent as it would be with other rules. */
  #withRules(text: string): Result<AllocationParts, readonly RuleFault[]> {
    const { book, sessions, claims } = this.#parts;
    const { read: readRules } = this.#parts.rules;
    const read = readRules(text);
    if (!read.ok) return read;
    const rules = new RuleBook(read.value, readRules);
    const tallies = new Map<string, number>();
    const counted = new Set<number>();
    for (const slot of book.slots()) {
      const number = book.claimNumber(slot);
      const claim = claims.get(number);
      // Those who share a claim count once.
      if (claim.share !== undefined && counted.has(number)) continue;
      counted.add(number);
      const address = sessions.endpoint(slot)?.address ?? null;
      for (const key of rules.tallies(book.read(slot).holder, claim, address)) {
        tallies.set(key, (tallies.get(key) ?? 0) + weightOf(claim));
      }
    }
    const tried = {
      shared: (share: string) => claims.shared(share),
      get: (number: number) => claims.get(number),
      tally: (key: string) => tallies.get(key) ?? 0,
      reserved: () => tallies,
    };
    // Of rules that are only tried a site has no count.
    return ok({ ...this.#parts, rules, claims: tried, limits: undefined, reserves: undefined });
  }

  #explain(
    parts: AllocationParts,
    { wish, address }: Explain,
    { at, host }: Situation,
  ): Explanation {
    const { queue, returns, seatDesk } = this.#parts;
    const { rules } = parts;
    const isBlocked = othersComeFirst({ ...parts, queue, returns }, wish, address);
    const bid: Bid = { wish, address, wall: at.wall, host, isBlocked };
    const allocation = allocate(parts, bid);
    const asker = askerOf(wish.holder, address);
    const taken = allocation.kind === 'claim' ? allocation.claim : undefined;
    const more = allocation.kind === 'share' ? allocation.more : undefined;
    return {
      refusal: allocation.kind === 'refused' ? allocation.code : null,
      shared: allocation.kind === 'share',
      overdraft: (taken ?? more)?.overdraft ?? false,
      ...allocation.counts,
      withheld: withheldFrom(parts, bid, asker).seats,
      licenses: judgeLicenses(parts, bid),
      rules: explainRules(rules.current, asker, targetOf(wish)),
      counts: countsOf(parts, bid),
      ...this.#holders(wish.product, at),
      waiters: seatDesk.waiters(at).filter((one) => {
        const { product, class: className, resource } = one;
        return (
          product === wish.product &&
          className === targetOf(wish).class &&
          foldCase(resource ?? '') === foldCase(wish.resource ?? '')
        );
      }),
    };
  }

  #holders(product: string, at: Situation['at']): Pick<Explanation, 'holders' | 'held'> {
    const { book, seatDesk } = this.#parts;
    const slots = [...book.slots()].filter(
      (slot) => book.claim(slot).parts[0]?.pool.product === product,
    );
    const shown = slots.slice(0, HOLDERS_SHOWN);
    return { holders: shown.map((slot) => seatDesk.view(slot, at)), held: slots.length };
  }
}

/** What is counted now by the lines that limit the asker, or keep seats of the product. */
const countsOf = (
  { rules, claims, reserves }: AllocationParts,
  { wish, address }: Bid,
): readonly RuleCount[] => {
  const limits = rules.current.limits(askerOf(wish.holder, address), targetOf(wish));
  const kept = rules.current.reservations(wish);
  const taken = reservedSeats({ rules, claims, reserves }, wish);
  return [
    ...limits.map(({ line, key, most }) => ({ line: line.number, held: claims.tally(key), most })),
    ...kept.map(({ line, key, seats }) => ({
      line: line.number,
      held: taken.get(key) ?? 0,
      most: seats,
    })),
  ].sort((one, other) => one.line - other.line);
};
