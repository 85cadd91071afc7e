/** Runs the world of one seed: faults first, then peace, then everybody goes home. */

import { LEASE_PREFIX } from '../../agent/core/lease-record.ts';
import { SESSION_IDLE } from '../../agent/core/session-table.ts';
import { Adversary } from './adversary.ts';
import { AgentHost } from './agent-host.ts';
import { Application } from './application.ts';
import { Chaos } from './chaos.ts';
import { Host } from './clocks.ts';
import { Disk } from './disk.ts';
import { Network } from './network.ts';
import { Operator } from './operator.ts';
import { Random } from './random.ts';
import { SeatWatch } from './seat-watch.ts';
import { drawPlan, type Plan } from './swarm.ts';
import { WireWatch } from './wire-watch.ts';
import { Violation, World } from './world.ts';

/** In peace every willing client has an answer within this many virtual milliseconds. */
export const ANSWER_WITHIN = 30_000;
/** Far more than any seed needs. */
const EVENTS_MAX = 400_000;

export interface Failure {
  readonly invariant: string;
  readonly detail: string;
}

export interface Run {
  readonly seed: number;
  /** Names everything that happened: equal for equal code and seed. */
  readonly digest: string;
  readonly events: number;
  readonly failure: Failure | undefined;
  /** The last events, one sentence each. */
  readonly trace: readonly string[];
}

interface Site {
  readonly world: World;
  readonly plan: Plan;
  readonly agents: readonly AgentHost[];
  readonly applications: readonly Application[];
  readonly operators: readonly Operator[];
  readonly chaos: Chaos;
}

/** Runs one seed to its end or to the first broken promise. */
export const simulate = (seed: number): Run => {
  const world = new World(EVENTS_MAX);
  const failure = failureOf(() => live(buildSite(world, new Random(seed))));
  return { seed, events: world.events, failure, trace: world.trace(), digest: world.digest() };
};

const failureOf = (work: () => void): Failure | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return { invariant: error.invariant, detail: error.message };
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { invariant: 'no step throws', detail };
  }
};

const buildSite = (world: World, random: Random): Site => {
  const plan = drawPlan(random.fork());
  const network = new Network(world, random.fork(), plan.link);
  const wire = new WireWatch(world);
  const agents = plan.agents.map((_, i) => {
    const host = new Host(`agent-${i + 1}`, world, random.fork(), plan.drift);
    const disk = new Disk(world, random.fork(), plan.disk);
    const address = `10.0.0.${i + 1}`;
    const parts = { world, network, host, disk, address, watch: wire, random: random.fork() };
    return new AgentHost(parts);
  });
  const clients = plan.clients.map((_, i) => ({
    host: new Host(`client-${i + 1}`, world, random.fork(), plan.drift),
    address: `10.0.1.${i + 1}`,
  }));
  const applications = clients.flatMap(({ host, address }, i) => {
    const documents = new Map<string, Uint8Array>();
    return Array.from({ length: plan.clients[i] ?? 0 }, (_, j) => {
      const name = `${host.name}.${j + 1}`;
      const socket = { address, port: 10_000 * (j + 1) };
      const shared = { world, network, host, socket, plan, documents };
      return new Application({ ...shared, name, watch: wire, random: random.fork() });
    });
  });
  const seats = new SeatWatch(agents, applications, plan.agents);
  world.watch = () => seats.check();
  const operators = agents.map((agent, i) => {
    const licenses = plan.agents[i] ?? [];
    return new Operator({ world, agent, licenses, wire, seats, random: random.fork() });
  });
  const adversary = new Adversary(world, network, random.fork());
  network.tap = (flight) => adversary.overhear(flight);
  const actors = { agents, clients, applications, operators, adversary };
  const chaos = new Chaos({ world, network, plan, random: random.fork(), ...actors });
  return { world, plan, agents, applications, operators, chaos };
};

const live = (site: Site): void => {
  const { world, plan, agents, operators } = site;
  for (const agent of agents) agent.boot();
  for (const operator of operators) operator.addAll();
  world.runUntil(plan.chaos);
  livePeacefully(site);
  goHome(site);
};

/** Liveness: with everything working, everybody is answered, and nobody loses what he has. */
const livePeacefully = (site: Site): void => {
  const { world, plan, applications, operators, chaos } = site;
  const begin = world.now;
  world.note('peace begins');
  chaos.stop();
  for (const operator of operators) operator.addAll();
  for (const application of applications) application.change('willing');
  world.runUntil(begin + ANSWER_WITHIN);
  for (const application of applications) demandAnswer(application, begin);
  // Seats of the crashed come back, leases of removed licenses end, stragglers arrive.
  world.runUntil(begin + Math.max(1.2 * plan.term, plan.link.detour) + 2 * ANSWER_WITHIN);
  const losses = applications.map((application) => application.losses);
  world.runUntil(world.now + plan.term);
  applications.forEach((application, i) => {
    if (application.losses === losses[i]) return;
    throw new Violation('in peace nobody loses a seat', application.name);
  });
  for (const application of applications) demandNoWaste(application, site);
  for (const operator of operators) operator.audit();
};

/** `untrusted`: an expired license, by the client's calendar. */
const REASONED: ReadonlySet<string> = new Set(['refused', 'untrusted']);

const demandAnswer = (application: Application, since: number): void => {
  if (application.belief() !== undefined) return;
  const outcome = application.outcome;
  const state = outcome !== undefined && outcome.at > since ? outcome.state : undefined;
  if (state?.kind === 'failed' && REASONED.has(state.failure.kind)) return;
  const told = state?.kind === 'failed' ? state.failure.kind : state?.kind;
  const detail = `${application.name} was told: ${told ?? 'nothing'}`;
  throw new Violation(`a willing client is answered in ${ANSWER_WITHIN / 1000} s`, detail);
};

/** Nobody goes without a seat that could be lent. */
const demandNoWaste = (application: Application, { agents, plan }: Site): void => {
  const dated = plan.agents.flat().some(({ license }) => license.expires !== null);
  if (dated || application.belief() !== undefined) return;
  for (const { agent, name } of agents) {
    for (const pool of agent?.pools() ?? []) {
      const serves = pool.class === 'generic' || pool.class === application.class;
      if (!serves || pool.free === 0) continue;
      const detail = `${application.name} has none, ${name} has ${pool.free} of ${pool.class}`;
      throw new Violation('in peace no seat stays free while somebody waits', detail);
    }
  }
};

/** Everybody leaves or crashes; within a term and a session's memory nothing is left of them. */
const goHome = ({ world, plan, agents, applications }: Site): void => {
  for (const application of applications) application.change('going');
  world.runUntil(world.now + 1.1 * plan.term + SESSION_IDLE + 20_000);
  for (const { agent, name, disk } of agents) {
    const sessions = agent?.tableSizes.sessions ?? -1;
    const records = [...disk.durable.keys()].filter((key) => key.startsWith(LEASE_PREFIX)).length;
    if (sessions === 0 && agent?.leaseCount === 0 && records === 0) continue;
    const detail = `${name} has ${sessions} sessions and ${records} lease records left`;
    throw new Violation('nothing is left of those who are gone', detail);
  }
};
