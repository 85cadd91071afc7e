/** Watches the seats: nobody believes in what is not counted, and never more than was licensed. */

import type { SeatView } from '../../agent/core/operations.ts';
import type { LeaseRecord } from '../../agent/core/seats/lease-record.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { driftMargin } from '../../protocol/lease-time.ts';
import { seconds, secondsToMillis } from '../../protocol/units.ts';
import type { AgentHost } from './agent-host.ts';
import type { Application } from './application.ts';
import type { Belief } from './belief.ts';
import { recordOf } from './license-truth.ts';
import type { PromiseWatch } from './promise-watch.ts';
import type { PlannedAgent } from './swarm.ts';
import { Violation } from './world.ts';

/** Milliseconds that are lost when times are worked out from clocks. */
const ROUNDING = 0.001;

/** A belief with what its agent has on record. */
interface Backed extends Belief {
  readonly host: AgentHost;
  readonly record: LeaseRecord;
  readonly promisedAt: number;
}

/** Seats of one counting pool that somebody believes in. */
interface Stake {
  readonly record: LeaseRecord;
  seats: number;
  readonly share: string | undefined;
  readonly promisedAt: number;
}

export class SeatWatch {
  readonly #applications: readonly Application[];
  readonly #promises: PromiseWatch;
  readonly #origins = new Map<LicenseId, AgentHost>();

  constructor(
    agents: readonly AgentHost[],
    plans: readonly PlannedAgent[],
    applications: readonly Application[],
    promises: PromiseWatch,
  ) {
    this.#applications = applications;
    this.#promises = promises;
    agents.forEach((agent, i) => {
      for (const { id } of plans[i]?.licenses ?? []) this.#origins.set(id, agent);
    });
  }

  /** To be called after every event that may have moved a seat. */
  check(): void {
    const byHost = new Map<AgentHost, Backed[]>();
    for (const application of this.#applications) {
      for (const belief of application.beliefs()) {
        const backed = this.#back(belief);
        const others = byHost.get(backed.host);
        if (others === undefined) byHost.set(backed.host, [backed]);
        else others.push(backed);
      }
    }
    for (const [host, beliefs] of byHost) {
      this.#checkCounted(host, beliefs);
      this.#checkLicensed(host, beliefs);
    }
  }

  #back(belief: Belief): Backed {
    const host = this.#origins.get(belief.license);
    const value = host?.disk.durable.get(belief.storeKey);
    const record = value && recordOf(value);
    if (host === undefined || record === undefined) {
      const detail = `${belief.name} believes, ${host?.name} has no record`;
      throw new Violation('who believes in a seat has it on record', detail);
    }
    const promisedAt = this.#promises.promisedAt(host, belief.storeKey);
    return { ...belief, host, record, promisedAt };
  }

  /**
   * Who believes in a seat has a lease, whose claim has no fewer seats than were granted, and which
   * lasts no shorter than the belief: the client stops believing first.
   */
  #checkCounted(host: AgentHost, beliefs: readonly Backed[]): void {
    const inspection = host.agent && this.#promises.inspection(host);
    if (inspection === undefined) return;
    for (const { name, storeKey, record, until } of beliefs) {
      const lease = this.#promises.lease(host, storeKey);
      const claim = lease && inspection.claims.get(lease.claim);
      const counted = (claim?.parts ?? []).reduce((sum, part) => sum + part.seats, 0);
      const believed = record.parts.reduce((sum, part) => sum + part.seats, 0);
      if (counted < believed) {
        const detail = `${name} believes in ${believed}, ${host.name} counts ${counted}`;
        throw new Violation('who believes in a seat is counted', detail);
      }
      const end = lease?.deadline === undefined ? 0 : host.host.clock.trueTime(lease.deadline);
      if (until <= end + ROUNDING) continue;
      const detail = `${name} believes for ${until - end} ms longer than ${host.name} counts`;
      throw new Violation('the client stops believing first', detail);
    }
  }

  /**
   * Of all who believe, those to whom something was promised since a moment have together no more
   * seats than were licensed at the best time since that moment. So after a license has shrunk,
   * ended or gone, more may believe only by words that were given before, and as long as those last.
   */
  #checkLicensed(host: AgentHost, beliefs: readonly Backed[]): void {
    const truth = this.#promises.truth(host);
    const stakes = new Map<string, Stake[]>();
    for (const { record, promisedAt } of beliefs) {
      const { share } = record;
      for (const { licenseId, class: className, seats } of record.parts) {
        const root = truth.rootOf(licenseId, className);
        const list = stakes.get(root) ?? [];
        stakes.set(root, list);
        const own = list.find((one) => one.record === record);
        if (own === undefined) list.push({ record, seats, share, promisedAt });
        else own.seats += seats;
      }
    }
    for (const [root, list] of stakes) {
      const all = list.reduce((sum, { seats }) => sum + seats, 0);
      if (all <= truth.rootSeats(root) || truth.isUnlimited(root)) continue;
      const believed = checkStakes(list, (since) => truth.mostSince(root, since));
      if (believed === undefined) continue;
      throw new Violation('never more seats than licensed', `${host.name}: ${believed} of ${root}`);
    }
  }

  /** A seat that nobody has renewed comes back in time. `slack`: how late a host may be. */
  checkSeatsComeBack(
    host: AgentHost,
    seats: readonly SeatView[],
    lastHeard: (lease: SeatView['id']) => number,
    now: number,
    slack: number,
  ): void {
    for (const seat of seats) {
      if (seat.borrowed !== null) continue;
      const term = seconds(this.#longestTerm(host));
      const length = host.host.clock.trueLength(secondsToMillis(term) + driftMargin(term));
      const late = now - lastHeard(seat.id) - length;
      if (late <= slack) continue;
      const detail = `${host.name} still counts ${seat.id}, ${Math.round(late)} ms too long`;
      throw new Violation('a seat that is not renewed comes back', detail);
    }
  }

  #longestTerm(host: AgentHost): number {
    return this.#promises.truth(host).longestTerm;
  }
}

/** How many are believed in where they are too many; a share counts once, as large as its largest. */
const checkStakes = (
  stakes: readonly Stake[],
  most: (since: number) => number,
): string | undefined => {
  const newestFirst = [...stakes].sort((one, other) => other.promisedAt - one.promisedAt);
  const shares = new Map<string, number>();
  let sum = 0;
  for (const { seats, share, promisedAt } of newestFirst) {
    const counted = share === undefined ? 0 : (shares.get(share) ?? 0);
    if (share !== undefined) shares.set(share, Math.max(counted, seats));
    sum += Math.max(0, seats - counted);
    const licensed = most(promisedAt);
    if (sum > licensed) return `${sum} are believed in since ${promisedAt}, ${licensed} licensed`;
  }
  return undefined;
};
