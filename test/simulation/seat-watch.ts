/** Watches the seats: after every event, nobody believes in what is not counted. */

import type { Agent } from '../../agent/core/agent.ts';
import { IDLE_SESSIONS_MAX } from '../../agent/core/listener.ts';
import type { SeatView } from '../../agent/core/operations.ts';
import type { SeatPool } from '../../agent/core/seat-pool.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { driftMargin } from '../../protocol/lease-time.ts';
import { secondsToMillis } from '../../protocol/units.ts';
import type { AgentHost } from './agent-host.ts';
import { type Application, type Belief, poolName } from './application.ts';
import type { PlannedLicense } from './swarm.ts';
import { Violation } from './world.ts';

interface Origin {
  readonly agent: AgentHost;
  readonly planned: PlannedLicense;
}

export class SeatWatch {
  readonly #agents: readonly AgentHost[];
  readonly #applications: readonly Application[];
  readonly #origins = new Map<LicenseId, Origin>();
  readonly #licensed = new Map<string, number>();
  readonly #believers = new Map<string, number>();
  /** What each pool is called, and how many seats it had lent when last looked at. */
  readonly #pools = new WeakMap<SeatPool, { readonly name: string; lent: number }>();

  constructor(
    agents: readonly AgentHost[],
    applications: readonly Application[],
    licenses: readonly (readonly PlannedLicense[])[],
  ) {
    this.#agents = agents;
    this.#applications = applications;
    agents.forEach((agent, i) => {
      for (const planned of licenses[i] ?? []) this.#learn({ agent, planned });
    });
  }

  #learn(origin: Origin): void {
    const { id, license } = origin.planned;
    this.#origins.set(id, origin);
    for (const pool of license.pools) this.#licensed.set(poolName(id, pool.class), pool.seats);
  }

  /** To be called after every event. */
  check(): void {
    this.#believers.clear();
    for (const application of this.#applications) {
      const belief = application.belief();
      if (belief !== undefined) this.#checkBelief(application, belief);
    }
    for (const host of this.#agents) {
      if (host.agent !== undefined) this.#checkBook(host, host.agent);
    }
  }

  #checkBelief(application: Application, belief: Belief): void {
    const { pool } = belief;
    const believers = (this.#believers.get(pool) ?? 0) + 1;
    this.#believers.set(pool, believers);
    const licensed = this.#licensed.get(pool) ?? 0;
    if (believers > licensed) {
      const detail = `${believers} believe in ${licensed} of ${pool}`;
      throw new Violation('never more seats than licensed', detail);
    }
    const agent = this.#origins.get(belief.license)?.agent;
    if (!agent?.disk.durable.has(belief.storeKey)) {
      const detail = `${application.name} believes, ${agent?.name} has no record`;
      throw new Violation('who believes in a seat has it on record', detail);
    }
  }

  #checkBook(host: AgentHost, agent: Agent): void {
    const { deadlines, sessions } = agent.tableSizes;
    if (deadlines !== sessions) {
      const detail = `${host.name}: ${deadlines} deadlines, ${sessions} sessions`;
      throw new Violation('as many deadlines as sessions', detail);
    }
    let lent = 0;
    for (const pool of agent.pools()) {
      lent += pool.lent;
      this.#checkPool(host, pool);
    }
    if (lent !== agent.leaseCount || sessions < lent || sessions - lent > IDLE_SESSIONS_MAX) {
      const detail = `${host.name}: ${agent.leaseCount} leases, ${lent} lent, ${sessions} sessions`;
      throw new Violation('the tables agree', detail);
    }
  }

  #checkPool(host: AgentHost, pool: SeatPool): void {
    const known = this.#pools.get(pool);
    const name = known?.name ?? poolName(pool.licenseId, pool.class);
    const believers = this.#believers.get(name) ?? 0;
    if (believers > pool.lent) {
      const detail = `${host.name}: ${believers} believe in ${name}, ${pool.lent} are lent`;
      throw new Violation('who believes in a seat is counted', detail);
    }
    const before = known?.lent;
    if (known === undefined) this.#pools.set(pool, { name, lent: pool.lent });
    else known.lent = pool.lent;
    const licensed = this.#licensed.get(name) ?? 0;
    // A release that could not be written may come back with a restart; it is never added to.
    if (pool.lent > licensed && before !== undefined && pool.lent > before) {
      throw new Violation('never more lent than licensed', `${host.name}: ${pool.lent} of ${name}`);
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
      const term = this.#origins.get(seat.license)?.planned.license.term;
      if (term === undefined) throw new Violation('a lease has a license', seat.license);
      const length = host.host.clock.trueLength(secondsToMillis(term) + driftMargin(term));
      const late = now - lastHeard(seat.id) - length;
      if (late > slack) {
        const detail = `${host.name} still counts ${seat.id}, ${Math.round(late)} ms too long`;
        throw new Violation('a seat that is not renewed comes back', detail);
      }
    }
  }
}
