/** Watches claims: each is as heavy as was wished, marked where it is tolerated, shared where it can. */

import type { Inspection } from '../../agent/core/inspection.ts';
import { type ClaimSeen, weightOf } from '../../agent/core/seats/seat-claims.ts';
import { refuseFeatures, refuseResource, refuseVersion } from '../../protocol/coverage.ts';
import { ANY_RESOURCE, GENERIC_CLASS } from '../../protocol/license.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { AgentHost } from './agent-host.ts';
import { lentOf } from './lent.ts';
import type { LicenseTruth } from './license-truth.ts';
import type { Newcomer, StepSeen } from './newcomers.ts';
import { Violation } from './world.ts';

export class ClaimWatch {
  readonly #truth: LicenseTruth;

  constructor(truth: LicenseTruth) {
    this.#truth = truth;
  }

  /** To be called after every step. */
  check(host: AgentHost, step: StepSeen): void {
    checkSeatsStay(host, step);
    for (const newcomer of step.newcomers) {
      this.#checkWeight(host, newcomer, step.newcomers);
      this.#checkCover(host, newcomer);
      this.#checkShare(host, newcomer, step);
    }
    // Of several at once nobody knows who came first.
    const [only, ...others] = step.newcomers;
    if (only !== undefined && others.length === 0) this.#checkOverdraft(host, only, step.after);
  }

  /** All or nothing: as many seats as were wished, and for who shares no fewer. */
  #checkWeight(
    { name: host }: AgentHost,
    { name, wish, claim, former, number }: Newcomer,
    all: readonly Newcomer[],
  ): void {
    const had = former === undefined || claim.isPlain ? 0 : weightOf(former);
    // Several may come to share one seat at once.
    const sharing = claim.isPlain ? [] : all.filter((other) => other.number === number);
    const most = Math.max(wish.weight, had, ...sharing.map((other) => other.wish.weight));
    const wanted = this.#truth.isUnlimitedClaim(claim) ? 1 : most;
    if (weightOf(claim) === wanted) return;
    const detail = `${host}: ${name} wants ${wish.weight}, beside ${had}, and has ${weightOf(claim)}`;
    throw new Violation('weights sum up', detail);
  }

  /** What is lent covers what was wished, at the very moment. */
  #checkCover({ name: host }: AgentHost, { name, wish, claim }: Newcomer): void {
    for (const { pool, seats } of claim.parts) {
      const { licenseId, class: className } = pool.counting;
      const license = this.#truth.license(licenseId);
      const fits =
        license !== undefined &&
        this.#truth.lendsNow(license) &&
        license.product === wish.product &&
        isOfResource(license.resource, wish) &&
        refuseVersion(license, wish) === undefined &&
        (seats === 0 ||
          license.type === 'server' ||
          [wish.class, GENERIC_CLASS].includes(className));
      if (fits) continue;
      const detail = `${host}: ${name} gets ${seats} of ${licenseId}/${className}`;
      throw new Violation('a seat covers what was wished', detail);
    }
  }

  /** Seats beyond the count are marked, and no others are. */
  #checkOverdraft(host: AgentHost, newcomer: Newcomer, after: Inspection): void {
    const { claim, former, taken, name, wanted } = newcomer;
    if (taken === 0 || this.#truth.isUnlimitedClaim(claim)) return;
    const lent = lentOf(after);
    const added = claim.parts.slice(
      former === undefined || claim.isPlain ? 0 : former.parts.length,
    );
    const isOver = added.some(({ pool: { counting }, seats }) => {
      const { licenseId, class: className } = counting;
      const licensed = this.#truth.seatsNow(licenseId, className).seats;
      return seats > 0 && lent(licenseId, className) > licensed;
    });
    // Seats that are kept for others are as good as lent.
    const mayMark =
      isOver || former?.overdraft === true || host.rules.kept(wanted.product).length > 0;
    if (claim.overdraft ? mayMark : !isOver) return;
    const detail = `${host.name}: ${name} is ${claim.overdraft ? '' : 'not '}marked`;
    throw new Violation('seats beyond the count are marked', detail);
  }

  /** Who could share a seat takes no other. */
  #checkShare(host: AgentHost, newcomer: Newcomer, { before, after }: StepSeen): void {
    const { claim, number, former, wish, name, taken } = newcomer;
    if (claim.share === undefined || former !== undefined || taken === 0) return;
    for (const [other, { share, parts }] of after.claims) {
      if (other === number || share !== claim.share) continue;
      // It was there before, and it still is.
      if (before.claims.get(other)?.share !== share) continue;
      if (!parts.every((part) => this.#couldShare(part, wish, [before, after]))) continue;
      throw new Violation('who shares a seat takes no other', `${host.name}: ${name}`);
    }
  }

  /** Certainly: where it depends on more than is known here, it could not. */
  #couldShare(
    { pool, seats }: ClaimSeen['parts'][number],
    wish: SeatWish,
    tables: readonly Inspection[],
  ): boolean {
    const { licenseId, class: className } = pool.counting;
    const license = this.#truth.license(licenseId);
    if (license === undefined || !this.#truth.lendsNow(license) || seats === 0) return false;
    const granted = this.#truth.seatsNow(licenseId, className);
    const isFull = tables.some(
      (one) => lentOf(one)(licenseId, className) > granted.seats + granted.overdraft,
    );
    return (
      !isFull &&
      // Which resource an administrator has chosen is not known here.
      license.resource === null &&
      refuseResource(license, undefined, wish) === undefined &&
      refuseVersion(license, wish) === undefined &&
      refuseFeatures(license, new Set(), wish) === undefined
    );
  }
}

/** What is tied to a resource serves no other; which one, where any may be chosen, is not known here. */
const isOfResource = (resource: string | null, wish: SeatWish): boolean => {
  if (resource === null || wish.resource === null) return resource === wish.resource;
  return resource === ANY_RESOURCE || resource.toLowerCase() === wish.resource.toLowerCase();
};

/** What a lease counts as stays what it is, but for a share that grows. */
const checkSeatsStay = ({ name: host }: AgentHost, { before, after }: StepSeen): void => {
  const claims = new Map(before.leases.map(({ entry, claim }) => [entry, claim]));
  for (const { entry, claim: number } of after.leases) {
    const former = before.claims.get(claims.get(entry) ?? -1);
    const claim = after.claims.get(number);
    if (former === undefined || claim === undefined || former === claim) continue;
    const isKept = former.parts.every(
      ({ pool, seats }, i) => claim.parts[i]?.pool === pool && claim.parts[i]?.seats === seats,
    );
    const mayGrow = claim.share !== undefined;
    if (isKept && (mayGrow || claim.parts.length === former.parts.length)) continue;
    throw new Violation('a lease keeps its seats', `${host}: entry ${entry}`);
  }
};
