/** Lets faults happen, each kind in its own rhythm, until it is told to stop. */

import type { Adversary } from './adversary.ts';
import type { AgentHost } from './agent-host.ts';
import type { Application } from './application.ts';
import type { Host } from './clocks.ts';
import type { Network } from './network.ts';
import type { Operator } from './operator.ts';
import type { Random } from './random.ts';
import type { Plan, Rhythm } from './swarm.ts';
import type { World } from './world.ts';

/** A client's computer, its address and the hosts' common noun. */
export interface ClientHost {
  readonly host: Host;
  readonly address: string;
}

export interface ChaosParts {
  readonly world: World;
  readonly network: Network;
  readonly random: Random;
  readonly plan: Plan;
  readonly agents: readonly AgentHost[];
  readonly clients: readonly ClientHost[];
  readonly applications: readonly Application[];
  readonly operators: readonly Operator[];
  readonly adversary: Adversary;
}

/** Agents stall for at most this long: they are servers. Laptops sleep for longer than a term. */
const STALL_MAX = 5000;

export class Chaos {
  readonly #parts: ChaosParts;
  #stopped = false;

  constructor(parts: ChaosParts) {
    this.#parts = parts;
    this.#every('cut', () => this.#cut());
    this.#every('crash', () => this.#anyAgent()?.crash(parts.random.skewed(20, 20_000)));
    this.#every('diskFailure', () => this.#anyAgent()?.disk.fail(parts.random.skewed(100, 15_000)));
    this.#every('sleep', () =>
      parts.random.pick(parts.clients)?.host.sleep(parts.random.skewed(50, 1.5 * parts.plan.term)),
    );
    this.#every('stall', () => this.#anyAgent()?.host.sleep(parts.random.skewed(20, STALL_MAX)));
    this.#every('wallStep', () => this.#stepWall());
    this.#every('roam', () => parts.random.pick(parts.applications)?.roam());
    this.#every('kill', () => parts.random.pick(parts.applications)?.kill());
    this.#every('fidget', () => parts.random.pick(parts.applications)?.fidget());
    this.#every('replay', () => parts.adversary.act());
    this.#every('operation', () => parts.random.pick(parts.operators)?.meddle());
    this.#every('audit', () => parts.random.pick(parts.operators)?.audit());
  }

  /** No more faults, and those that last are over. */
  stop(): void {
    const { network, agents, clients } = this.#parts;
    this.#stopped = true;
    network.calm();
    for (const { host } of clients) host.wakeUp();
    for (const agent of agents) {
      agent.disk.heal();
      agent.host.wakeUp();
      agent.boot();
    }
  }

  #every(fault: keyof Rhythm, happen: () => void): void {
    const { world, random, plan } = this.#parts;
    const mean = plan.rhythm[fault];
    if (mean === 0) return;
    const next = (): void =>
      world.in(random.between(0.1, 1.9) * mean, () => {
        if (this.#stopped) return;
        happen();
        next();
      });
    next();
  }

  #anyAgent(): AgentHost | undefined {
    return this.#parts.random.pick(this.#parts.agents);
  }

  /** One direction, or both, between a client and an agent. */
  #cut(): void {
    const { random, network, clients, plan } = this.#parts;
    const client = random.pick(clients);
    const agent = this.#anyAgent();
    if (client === undefined || agent === undefined) return;
    const length = random.skewed(100, 2 * plan.term);
    const { address } = agent.endpoint;
    if (random.chance(0.6)) network.cut(client.address, address, length);
    if (random.chance(0.6)) network.cut(address, client.address, length);
  }

  #stepWall(): void {
    const { random, agents, clients, plan } = this.#parts;
    const host = random.pick([...agents.map((agent) => agent.host), ...clients.map((c) => c.host)]);
    const step = random.pick([-1, 1]) * random.skewed(1, plan.calendarError);
    host?.clock.stepWall(step, plan.calendarError);
    // A token may be believed in again.
    this.#parts.world.isDirty = true;
  }
}
