/** Watches an agent's tables after each of its steps: whatever one of them says, the others say too. */

import type { Agent } from '../../agent/core/agent.ts';
import type { Inspection, LeaseSeen } from '../../agent/core/inspection.ts';
import { leaseStoreKey } from '../../agent/core/seats/lease-record.ts';
import { QUEUE_MAX } from '../../agent/core/seats/wait-queue.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { AgentHost } from './agent-host.ts';
import { ClaimWatch } from './claim-watch.ts';
import { lentOf } from './lent.ts';
import type { LicenseTruth } from './license-truth.ts';
import { findNewcomers, type StepSeen } from './newcomers.ts';
import { QueueWatch } from './queue-watch.ts';
import type { RosterWatch } from './roster-watch.ts';
import { RuleWatch } from './rule-watch.ts';
import { Violation } from './world.ts';

const NOTHING: Inspection = {
  leases: [],
  waiters: [],
  claims: new Map(),
  tallies: new Map(),
  users: [],
};

export interface TableWatchParts {
  readonly truth: LicenseTruth;
  readonly roster: RosterWatch;
  readonly idleSessionsMax: number;
}

/** Of one agent. */
export class TableWatch {
  readonly #parts: TableWatchParts;
  readonly #queue: QueueWatch;
  readonly #rules: RuleWatch;
  readonly #claims: ClaimWatch;
  /** By session: what it last wished for. */
  readonly #wishes = new Map<string, SeatWish>();
  #last: Inspection | undefined;
  /** The rules have just changed. */
  #isRuled = false;
  #mostLeases = 0;
  /** Of the last tables, by key in the store: made when somebody asks. */
  #leases: ReadonlyMap<string, LeaseSeen> | undefined;
  /** By entry, which tells a lease from all others since the agent started. */
  readonly #storeKeys = new Map<number, string>();

  constructor(parts: TableWatchParts) {
    this.#parts = parts;
    this.#rules = new RuleWatch(parts.truth);
    this.#queue = new QueueWatch(parts.truth);
    this.#claims = new ClaimWatch(parts.truth);
  }

  booted(): void {
    this.#last = undefined;
    this.#leases = undefined;
    this.#storeKeys.clear();
    this.#isRuled = false;
    this.#queue.booted();
    this.#rules.booted();
  }

  wished(clientKey: Uint8Array, wish: SeatWish): void {
    this.#wishes.set(bytesToHex(clientKey), wish);
  }

  ruled(): void {
    this.#isRuled = true;
  }

  /** An agent's tables after its last step, unless it has made none yet. */
  get inspection(): Inspection | undefined {
    return this.#last;
  }

  lease(storeKey: string): LeaseSeen | undefined {
    this.#leases ??= new Map(
      (this.#last?.leases ?? []).map((lease) => [this.#storeKeyOf(lease), lease]),
    );
    return this.#leases.get(storeKey);
  }

  #storeKeyOf({ entry, clientKey }: LeaseSeen): string {
    const known = this.#storeKeys.get(entry);
    if (known !== undefined) return known;
    const key = leaseStoreKey(clientKey);
    this.#storeKeys.set(entry, key);
    return key;
  }

  /** To be called after every step. */
  check(host: AgentHost): void {
    const { agent } = host;
    if (agent === undefined) return;
    const after = agent.inspect();
    this.#checkSizes(host, agent, after);
    checkUses(host, after);
    checkPools(host, agent, after);
    const step = this.#stepTo(after);
    const wishOf = (clientKey: string): SeatWish | undefined => this.#wishes.get(clientKey);
    this.#claims.check(host, step);
    this.#rules.check(host, step);
    this.#queue.check(host, step, wishOf);
    this.#checkNamed(host, step);
    this.#parts.roster.check(host, after);
    this.#last = after;
    this.#leases = undefined;
    this.#isRuled = false;
  }

  #stepTo(after: Inspection): StepSeen {
    const last = this.#last ?? NOTHING;
    // By new rules what was kept for waiters comes back, and is given to who is first now.
    const before = this.#isRuled ? { ...last, waiters: [] } : last;
    const wishOf = (clientKey: string): SeatWish | undefined => this.#wishes.get(clientKey);
    const newcomers = findNewcomers(before, after, wishOf);
    return { before, after, newcomers, isRuled: this.#isRuled };
  }

  #checkNamed(host: AgentHost, { newcomers }: StepSeen): void {
    for (const { claim, wanted, wish } of newcomers) {
      const named = claim.parts.some(({ pool }) =>
        this.#parts.truth.isOfType(pool.licenseId, 'named'),
      );
      if (!named) continue;
      const { product, class: className } = wanted;
      this.#parts.roster.demandAssigned(host, product, className, wish.holder.user);
    }
  }

  #checkSizes(host: AgentHost, agent: Agent, { leases, waiters }: Inspection): void {
    const { deadlines, sessions } = agent.tableSizes;
    // Who had a lease is remembered, too, for a while.
    this.#mostLeases = Math.max(leases.length, this.#mostLeases);
    const most = this.#parts.idleSessionsMax + this.#mostLeases;
    const idle = sessions - leases.length;
    const fits = deadlines === sessions && leases.length === agent.leaseCount && idle >= 0;
    const isDue = leases.every(({ deadline }) => deadline !== undefined);
    if (fits && isDue && idle <= most + 1 && waiters.length <= Math.min(idle, QUEUE_MAX)) return;
    const detail = `${deadlines} deadlines, ${sessions} sessions, ${agent.leaseCount} leases, ${waiters.length} waiters`;
    throw new Violation('every table is in its bounds', `${host.name}: ${detail}`);
  }
}

/** Each claim counts its leases and turns, and none is left over. */
const checkUses = ({ name }: AgentHost, { leases, waiters, claims }: Inspection): void => {
  const uses = new Map<number, number>();
  for (const { claim } of leases) uses.set(claim, (uses.get(claim) ?? 0) + 1);
  for (const { claim } of waiters) {
    if (claim !== undefined) uses.set(claim, (uses.get(claim) ?? 0) + 1);
  }
  for (const [number, { isPlain, leases: counted }] of claims) {
    const used = uses.get(number) ?? 0;
    if (used === counted && (isPlain || used > 0)) continue;
    const detail = `${name}: ${used} leases and turns are of a claim of ${counted}`;
    throw new Violation('a claim counts its leases', detail);
  }
};

/** Seats lent are those of the claims of all leases, and of the turns that are kept. */
const checkPools = ({ name }: AgentHost, agent: Agent, inspection: Inspection): void => {
  const lent = lentOf(inspection);
  for (const pool of agent.pools()) {
    const seats = pool.counting === pool ? lent(pool.licenseId, pool.class) : 0;
    if (pool.lent === seats) continue;
    const detail = `${name}: ${pool.lent} of ${pool.licenseId}/${pool.class}, ${seats} by claims`;
    throw new Violation('a pool has lent what its claims say', detail);
  }
};
