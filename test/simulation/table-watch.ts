/** Watches an agent's tables after each of its steps: whatever one of them says, the others say too. */

import type { Agent } from '../../agent/core/agent.ts';
import type { Inspection, WaiterSeen } from '../../agent/core/inspection.ts';
import { queueGroup } from '../../agent/core/lending.ts';
import { askerOf, targetOf } from '../../agent/core/rule-book.ts';
import { weightOf } from '../../agent/core/seat-claims.ts';
import type { SeatPool } from '../../agent/core/seat-pool.ts';
import { QUEUE_MAX } from '../../agent/core/wait-queue.ts';
import { bytesToHex } from '../../protocol/bytes.ts';
import type { SeatWish } from '../../protocol/requests.ts';
import type { AgentHost } from './agent-host.ts';
import type { PlannedAgent } from './swarm.ts';
import { Violation } from './world.ts';

/** A turn is told for 10 s and kept for 10 more; an agent may be late with what is due. */
const TURN_MS = 20_000;
const LATE_MS = 8000;

/** A waiter as it was seen, and since when it has had its turn by its agent's clock. */
interface Known extends WaiterSeen {
  readonly turnSince: number | undefined;
}

interface Seen {
  readonly waiters: ReadonlyMap<string, Known>;
  readonly entries: ReadonlySet<number>;
}

const NOTHING: Seen = { waiters: new Map(), entries: new Set() };

export class TableWatch {
  readonly #plans: ReadonlyMap<string, PlannedAgent>;
  readonly #last = new Map<string, Seen>();
  readonly #inspections = new Map<string, Inspection>();
  /** Agents whose rules have just changed: turns are given anew. */
  readonly #ruled = new Set<string>();
  readonly #mostLeases = new Map<string, number>();
  /** By agent and session: what it last wished for. */
  readonly #wishes = new Map<string, SeatWish>();

  constructor(plans: ReadonlyMap<string, PlannedAgent>) {
    this.#plans = plans;
  }

  booted(host: AgentHost): void {
    this.#last.delete(host.name);
    this.#inspections.delete(host.name);
  }

  wished(host: AgentHost, clientKey: Uint8Array, wish: SeatWish): void {
    this.#wishes.set(`${host.name} ${bytesToHex(clientKey)}`, wish);
  }

  ruled(host: AgentHost): void {
    this.#ruled.add(host.name);
  }

  /** An agent's tables after its last step, unless it has made none yet. */
  inspection(host: AgentHost): Inspection | undefined {
    return this.#inspections.get(host.name);
  }

  /** To be called after every step. */
  check(host: AgentHost): void {
    const { agent } = host;
    if (agent === undefined) return;
    const inspection = agent.inspect();
    this.#inspections.set(host.name, inspection);
    this.#checkSizes(host, agent, inspection);
    checkPools(host, agent, inspection);
    checkTallies(host, inspection);
    const last = this.#last.get(host.name) ?? NOTHING;
    const seen = look(inspection, this.#ruled.delete(host.name) ? NOTHING : last, host.host.mono());
    this.#checkNewcomers(host, inspection, last);
    checkTurns(host, seen, last);
    this.#last.set(host.name, seen);
  }

  #checkSizes(host: AgentHost, agent: Agent, { leases, waiters }: Inspection): void {
    const { deadlines, sessions } = agent.tableSizes;
    // Who had a lease is remembered, too, for a while.
    const leased = Math.max(leases.length, this.#mostLeases.get(host.name) ?? 0);
    this.#mostLeases.set(host.name, leased);
    const most = (this.#plans.get(host.name)?.idleSessionsMax ?? 0) + leased;
    const idle = sessions - leases.length;
    const fits = deadlines === sessions && leases.length === agent.leaseCount && idle >= 0;
    if (fits && idle <= most + 1 && waiters.length <= Math.min(idle, QUEUE_MAX)) return;
    const detail = `${deadlines} deadlines, ${sessions} sessions, ${agent.leaseCount} leases, ${waiters.length} waiters`;
    throw new Violation('every table is in its bounds', `${host.name}: ${detail}`);
  }

  /** Who gets a seat without having had a turn overtakes nobody. */
  #checkNewcomers(host: AgentHost, { leases, claims }: Inspection, last: Seen): void {
    for (const { entry, clientKey, claim, isHeld } of leases) {
      if (last.entries.has(entry) || isHeld) continue;
      const key = bytesToHex(clientKey);
      const wish = this.#wishes.get(`${host.name} ${key}`);
      const isSharing = (claims.get(claim)?.share && (claims.get(claim)?.leases ?? 0) > 1) === true;
      if (wish === undefined || isSharing || last.waiters.get(key)?.turnSince !== undefined)
        continue;
      const group = queueGroup(wish);
      const own = last.waiters.get(key) ?? newcomer(host, wish);
      for (const [other, waiter] of last.waiters) {
        if (waiter.group !== group || waiter.turnSince !== undefined) continue;
        if (other === key || waiter.isYielding || isBefore(own, waiter)) continue;
        throw new Violation('nobody overtakes who waits', `${host.name}: ${key} before ${other}`);
      }
    }
  }
}

type Order = Pick<WaiterSeen, 'priority' | 'sequence'>;

/** Who does not wait comes after all who do, of the same priority. */
const newcomer = (host: AgentHost, wish: SeatWish): Order => {
  const asker = askerOf(wish.holder, null);
  // Rules for addresses may say more: an address tells nothing here, so they are given the benefit.
  const isPlaced = host.rules.all.some(({ line }) => / address /.test(line.text));
  const priority = isPlaced ? 1000 : host.rules.priority(asker, targetOf(wish));
  return { priority, sequence: Number.POSITIVE_INFINITY };
};

const isBefore = (one: Order, other: Order): boolean =>
  one.priority > other.priority ||
  (one.priority === other.priority && one.sequence < other.sequence);

const look = ({ waiters, leases }: Inspection, last: Seen, now: number): Seen => ({
  waiters: new Map(
    waiters.map((waiter) => {
      const key = bytesToHex(waiter.clientKey);
      const before = last.waiters.get(key);
      const since = before?.sequence === waiter.sequence ? before.turnSince : undefined;
      return [
        key,
        { ...waiter, turnSince: waiter.claim === undefined ? undefined : (since ?? now) },
      ];
    }),
  ),
  entries: new Set(leases.map(({ entry }) => entry)),
});

/** Turns are given in order, and kept for their time and no longer. */
const checkTurns = (host: AgentHost, seen: Seen, last: Seen): void => {
  const now = host.host.mono();
  for (const [key, waiter] of seen.waiters) {
    if (waiter.turnSince === undefined) continue;
    if (now - waiter.turnSince > TURN_MS + LATE_MS) {
      throw new Violation('a turn that is not taken passes on', `${host.name}: ${key}`);
    }
    if (last.waiters.get(key)?.turnSince !== undefined) continue;
    for (const [other, before] of seen.waiters) {
      const isWaiting =
        before.turnSince === undefined && before.group === waiter.group && !before.isYielding;
      if (!isWaiting || !isBefore(before, waiter)) continue;
      throw new Violation('turns are given in order', `${host.name}: ${key} before ${other}`);
    }
  }
};

/** Seats lent are those of the claims of all leases, and of the turns that are kept. */
const checkPools = (host: AgentHost, agent: Agent, inspection: Inspection): void => {
  const { leases, waiters, claims } = inspection;
  const uses = new Map<number, number>();
  for (const { claim } of [...leases, ...waiters]) {
    if (claim !== undefined) uses.set(claim, (uses.get(claim) ?? 0) + 1);
  }
  const lent = new Map<SeatPool, number>();
  for (const [number, { parts, isPlain, leases: counted }] of claims) {
    const used = uses.get(number) ?? 0;
    if (used !== counted) {
      const detail = `${host.name}: ${used} leases and turns are of a claim of ${counted}`;
      throw new Violation('a claim counts its leases', detail);
    }
    for (const { pool, seats } of parts) {
      const times = isPlain ? used : Math.min(1, used);
      lent.set(pool.counting, (lent.get(pool.counting) ?? 0) + seats * times);
    }
  }
  for (const pool of agent.pools()) {
    if (pool.lent === (lent.get(pool) ?? 0)) continue;
    const detail = `${host.name}: ${pool.lent} of ${pool.licenseId}/${pool.class}, ${lent.get(pool) ?? 0} by claims`;
    throw new Violation('a pool has lent what its claims say', detail);
  }
};

/** What rules count is the weight of all claims. */
const checkTallies = (host: AgentHost, { claims, tallies }: Inspection): void => {
  const sums = new Map<string, number>();
  for (const claim of claims.values()) {
    if (claim.leases === 0) continue;
    for (const key of claim.tallies) sums.set(key, (sums.get(key) ?? 0) + weightOf(claim));
  }
  for (const key of new Set([...sums.keys(), ...tallies.keys()])) {
    if (sums.get(key) === tallies.get(key)) continue;
    const detail = `${host.name}: ${tallies.get(key)} under ${key}, ${sums.get(key)} by claims`;
    throw new Violation('rules count what is lent', detail);
  }
};
