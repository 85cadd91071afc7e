/** Watches rules: every seat is counted under the lines that it belongs to, and no line is broken. */

import type { Inspection } from '../../agent/core/inspection.ts';
import { type ClaimSeen, weightOf } from '../../agent/core/seats/seat-claims.ts';
import { GENERIC_CLASS } from '../../protocol/license.ts';
import type { AgentHost } from './agent-host.ts';
import { lentOf } from './lent.ts';
import type { LicenseTruth } from './license-truth.ts';
import { isContinued, membersOf, type Newcomer, type StepSeen } from './newcomers.ts';
import type { Kept, Someone, Wanted } from './rule-lines.ts';
import { Violation } from './world.ts';

type Counts = ReadonlyMap<string, number>;

export class RuleWatch {
  readonly #truth: LicenseTruth;
  /** Of each shared or kept claim: as whom it is counted. */
  #counted = new Map<number, Someone>();

  constructor(truth: LicenseTruth) {
    this.#truth = truth;
  }

  booted(): void {
    this.#counted.clear();
  }

  /** To be called after every step. */
  check(host: AgentHost, step: StepSeen): void {
    this.#follow(step);
    if (host.rules.isEmpty && step.after.tallies.size === 0) return;
    const { counts, tallies } = this.#countAll(host, step.after);
    checkTallies(host, tallies, step.after.tallies);
    for (const newcomer of step.newcomers) {
      checkExclusion(host, newcomer);
      checkCaps(host, newcomer, counts);
    }
    this.#checkKept(host, step, counts);
  }

  /** A shared claim is counted as whoever opened it, and by new rules as who has held it longest. */
  #follow({ before, after, newcomers, isRuled }: StepSeen): void {
    if (after.claims.size === 0) return this.#counted.clear();
    const [old, now] = [membersOf(before), membersOf(after)];
    const counted = new Map<number, Someone>();
    for (const [number, { isPlain }] of after.claims) {
      const someone = this.#counted.get(number);
      if (isPlain || someone === undefined || !isContinued(number, old, now)) continue;
      counted.set(number, someone);
    }
    for (const { number, someone, claim } of newcomers) {
      if (!claim.isPlain && !counted.has(number)) counted.set(number, someone);
    }
    const isLost = (number: number): boolean => isRuled || !counted.has(number);
    const byAge = [...after.leases].sort(
      (one, other) => one.granted - other.granted || one.entry - other.entry,
    );
    const seen = new Set<number>();
    for (const { claim, holder, address } of byAge) {
      const known = after.claims.get(claim);
      if (known === undefined || known.isPlain || seen.has(claim)) continue;
      seen.add(claim);
      // Who shares nothing is counted where it was heard last.
      if (known.share === undefined || isLost(claim)) counted.set(claim, { ...holder, address });
    }
    this.#counted = counted;
  }

  /**
   * Seats under every name, by the administrators' own reading of the rules; and as an agent counts
   * them, which has one name for all the reservations that a seat fits.
   */
  #countAll({ rules }: AgentHost, { leases, claims }: Inspection) {
    const counts = new Map<string, number>();
    const tallies = new Map<string, number>();
    const add = (someone: Someone, wanted: Wanted, seats: number): void => {
      const names = rules.names(someone, wanted);
      addTo(counts, names, seats);
      addTo(tallies, joinReservations(names), seats);
    };
    for (const { claim, holder, address } of leases) {
      const known = claims.get(claim);
      if (known?.isPlain) add({ ...holder, address }, wantedOf(known), weightOf(known));
    }
    for (const [number, someone] of this.#counted) {
      const known = claims.get(number);
      if (known !== undefined) add(someone, wantedOf(known), weightOf(known));
    }
    return { counts, tallies };
  }

  /** No seat that is kept for others was lent: of each reservation what it lacks is still there. */
  #checkKept(host: AgentHost, { newcomers, after }: StepSeen, counts: Counts): void {
    const takers = newcomers.filter(
      ({ taken, claim }) => taken > 0 && !this.#truth.isUnlimitedClaim(claim),
    );
    for (const { wanted, name, claim, former } of takers) {
      const added = claim.parts.slice(claim.isPlain ? 0 : (former?.parts.length ?? 0));
      const kept = host.rules.kept(wanted.product);
      // Who has a reservation takes its seats first, and may take them from a later one.
      const isOwn = ({ isFor }: Kept): boolean => takers.some(({ someone }) => isFor(someone));
      if (kept.some(isOwn)) continue;
      for (const one of kept) {
        const lacking = one.seats - (counts.get(one.name) ?? 0);
        const left = this.#truth.seatsLeft(wanted.product, one.class, lentOf(after));
        // A seat that those could not use is none of theirs.
        const serves = ({ pool: { class: from } }: ClaimSeen['parts'][number]): boolean =>
          one.class === null || from === one.class || from === GENERIC_CLASS;
        if (lacking <= 0 || left >= lacking || !added.some(serves)) continue;
        const detail = `${host.name}: ${name} leaves ${left} of ${lacking} for ${one.name}`;
        throw new Violation('what is reserved is kept', detail);
      }
    }
  }
}

const wantedOf = (claim: ClaimSeen): Wanted => ({
  product: claim.parts[0]?.pool.product ?? '',
  class: claim.asked,
});

const addTo = (counts: Map<string, number>, names: readonly string[], seats: number): void => {
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + seats);
};

const RESERVE = 'reserve/';

/** `reserve/3` and `reserve/5` become `reserve/3+5`: the seat is one of either. */
const joinReservations = (names: readonly string[]): readonly string[] => {
  const lines = names
    .filter((name) => name.startsWith(RESERVE))
    .map((name) => Number(name.slice(RESERVE.length)))
    .sort((one, other) => one - other);
  if (lines.length === 0) return names;
  return [...names.filter((name) => !name.startsWith(RESERVE)), RESERVE + lines.join('+')];
};

const checkTallies = (host: AgentHost, ours: Counts, theirs: Counts): void => {
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    if ((ours.get(name) ?? 0) === (theirs.get(name) ?? 0)) continue;
    const detail = `${host.name}: ${theirs.get(name)} under ${name}, ${ours.get(name)} by the leases`;
    throw new Violation('rules count what is lent', detail);
  }
};

const checkExclusion = (host: AgentHost, { someone, wanted, name }: Newcomer): void => {
  const line = host.rules.exclusion(someone, wanted);
  if (line === undefined) return;
  const detail = `${host.name}: ${name}, ${someone.user}@${someone.host} by "${line.text}"`;
  throw new Violation('who is excluded gets no seat', detail);
};

const checkCaps = (host: AgentHost, newcomer: Newcomer, counts: Counts): void => {
  const { someone, wanted, name, taken } = newcomer;
  if (taken <= 0) return;
  for (const [cap, most] of host.rules.caps(someone, wanted)) {
    const count = counts.get(cap) ?? 0;
    if (count <= most) continue;
    const detail = `${host.name}: ${name} makes it ${count} of ${most} under ${cap}`;
    throw new Violation('nobody has more seats than a rule allows', detail);
  }
};
