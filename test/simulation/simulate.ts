/** Runs the world of one seed: faults first, then peace, then everybody goes home. */

import { LEASE_PREFIX } from '../../agent/core/seats/lease-record.ts';
import { SESSION_IDLE } from '../../agent/core/sessions/session-table.ts';
import { makeHostCode } from '../../protocol/host-code.ts';
import { liveActivated } from './activation-world.ts';
import { Adversary } from './adversary.ts';
import { AgentHost } from './agent-host.ts';
import { Application } from './application.ts';
import { Chaos, type ClientHost } from './chaos.ts';
import { Host } from './clocks.ts';
import { Disk } from './disk.ts';
import { liveAsFamily } from './family.ts';
import { drawFirstRecords } from './first-records.ts';
import { MeterWatch } from './meter-watch.ts';
import { Network } from './network.ts';
import { Operator } from './operator.ts';
import { ANSWER_WITHIN, demandAnswer, demandNoWaste } from './peace.ts';
import { PromiseWatch } from './promise-watch.ts';
import { Random } from './random.ts';
import { SeatWatch } from './seat-watch.ts';
import { liveAsSite } from './site-world.ts';
import { drawPlan, type Plan } from './swarm.ts';
import { swiftPrimitives } from './swift-primitives.ts';
import { WireWatch } from './wire-watch.ts';
import { Violation, World } from './world.ts';

/** Far more than any seed needs. */
const EVENTS_MAX = 600_000;

/** Every so many seeds there is a family of agents beside the site, */
const FAMILY_EVERY = 20;
/** and as often, where this is left, a vendor with the computers that it activates. */
const ACTIVATION_LEFT = 4;
/**
 * What is drawn of allowances in a site, who wants what of the customer's, and who has whom forgotten,
 * have chances of their own.
 */
const DRAWS_APART = 0x1_0000_0000;
const RESOURCES_APART = 0x2_0000_0000;
/** When its register is brought back from an older copy. */
const COPIES_APART = 0x3_0000_0000;
const MOURNERS_APART = 0x4_0000_0000;
/** and, where that is, members that share seats by a register. */
const SHARED_LEFT = 8;

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
  readonly promises: PromiseWatch;
  readonly chaos: Chaos;
}

/** Runs one seed to its end or to the first broken promise: a site and, now and then, more. */
export const simulate = (seed: number): Run => {
  const site = runWorld(seed, (world) => live(buildSite(world, new Random(seed))));
  if (site.failure !== undefined) return site;
  if (seed % FAMILY_EVERY === 0) return joinRuns(site, simulateFamily(seed));
  if (seed % FAMILY_EVERY === ACTIVATION_LEFT) return joinRuns(site, simulateActivation(seed));
  if (seed % FAMILY_EVERY === SHARED_LEFT) return joinRuns(site, simulateShared(seed));
  return site;
};

/** One vendor and the computers of a customer, which seeds of any number make. */
export const simulateActivation = (seed: number): Run =>
  runWorld(seed, (world) => liveActivated(world, new Random(seed)));

/** Members of one site that share its seats, which seeds of any number make. */
export const simulateShared = (seed: number): Run =>
  runWorld(seed, (world) => {
    const draws = new Random(seed + DRAWS_APART);
    const resources = new Random(seed + RESOURCES_APART);
    const copies = new Random(seed + COPIES_APART);
    const mourners = new Random(seed + MOURNERS_APART);
    liveAsSite(world, new Random(seed), { draws, resources, copies, mourners });
  });

/** One family, which seeds of any number make. */
export const simulateFamily = (seed: number): Run =>
  runWorld(seed, (world) => liveAsFamily(world, new Random(seed)));

const runWorld = (seed: number, run: (world: World) => void): Run => {
  const world = new World(EVENTS_MAX);
  const failure = failureOf(() => run(world));
  return { seed, events: world.events, failure, trace: world.trace(), digest: world.digest() };
};

const joinRuns = (one: Run, other: Run): Run => ({
  ...other,
  digest: `${one.digest} ${other.digest}`,
  events: one.events + other.events,
});

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

interface Watches {
  readonly meters: MeterWatch;
  readonly promises: PromiseWatch;
  readonly wire: WireWatch;
}

const buildWatches = (world: World, plan: Plan): Watches => {
  const plans = new Map(plan.agents.map((one, i) => [agentName(i), one]));
  const meters = new MeterWatch(plan.agents.flatMap(({ licenses }) => licenses));
  const promises = new PromiseWatch(world, meters, plans);
  return { meters, promises, wire: new WireWatch(world, promises) };
};

const agentName = (i: number): string => `agent-${i + 1}`;

const buildSite = (world: World, random: Random): Site => {
  const plan = drawPlan(random.fork());
  const network = new Network(world, random.fork(), plan.link);
  const watches = buildWatches(world, plan);
  const common: Common = { world, plan, network, watches, random };
  const agents = buildAgents(common);
  const clients = plan.clients.map((_, i) => ({
    host: new Host(`client-${i + 1}`, 'clients', world, random.fork(), plan.drift),
    address: `10.0.1.${i + 1}`,
  }));
  const applications = clients.flatMap((client, i) => buildApplications(common, client, i));
  const seats = new SeatWatch(agents, plan.agents, applications, watches.promises);
  world.watch = () => seats.check();
  const operators = agents.map((agent, i) => {
    const licenses = plan.agents[i]?.licenses ?? [];
    return new Operator({ world, plan, agent, licenses, seats, ...watches, random: random.fork() });
  });
  const adversary = new Adversary(world, network, random.fork());
  network.tap = (flight) => adversary.overhear(flight);
  const actors = { agents, clients, applications, operators, adversary };
  const chaos = new Chaos({ world, network, plan, random: random.fork(), ...actors });
  const { promises } = watches;
  return { world, plan, agents, applications, operators, promises, chaos };
};

interface Common {
  readonly world: World;
  readonly plan: Plan;
  readonly network: Network;
  readonly watches: Watches;
  readonly random: Random;
}

const buildAgents = ({ world, plan, network, watches, random }: Common): readonly AgentHost[] =>
  plan.agents.map(({ idleSessionsMax, licenses }, i) => {
    const host = new Host(agentName(i), 'agents', world, random.fork(), plan.drift);
    const disk = new Disk(world, random.fork(), plan.disk);
    for (const { key, value } of drawFirstRecords(random, licenses, plan.users)) {
      if (value !== null) disk.durable.set(key, value);
    }
    const address = `10.0.0.${i + 1}`;
    const shared = { world, network, host, disk, address, idleSessionsMax, watch: watches.wire };
    return new AgentHost({ ...shared, random: random.fork() });
  });

const buildApplications = (
  { world, plan, network, watches, random }: Common,
  { host, address }: ClientHost,
  i: number,
): readonly Application[] => {
  const documents = new Map<string, Uint8Array>();
  const component = { kind: 'machine-id', value: host.name } as const;
  const hostCode = makeHostCode([component], swiftPrimitives.sha512);
  let port = 10_000;
  return Array.from({ length: plan.clients[i] ?? 0 }, (_, j) => {
    const name = `${host.name}.${j + 1}`;
    const nextSocket = () => ({ address, port: ++port });
    const shared = { world, network, host, nextSocket, plan, documents, hostCode };
    const drawAsked = ({ id, amount }: { id: Uint8Array; amount: number }) =>
      watches.meters.planned(id, amount);
    return new Application({
      ...shared,
      name,
      drawAsked,
      watch: watches.wire,
      random: random.fork(),
    });
  });
};

const live = (site: Site): void => {
  const { world, plan, agents, operators } = site;
  for (const agent of agents) agent.boot();
  for (const operator of operators) operator.addSome();
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
  for (const operator of operators) operator.calm();
  for (const application of applications) application.change('willing');
  world.runUntil(begin + ANSWER_WITHIN);
  for (const application of applications) demandAnswer(application, begin);
  // Seats of the crashed come back, leases of removed licenses end, stragglers arrive.
  world.runUntil(begin + Math.max(1.2 * plan.term, plan.link.detour) + 2 * ANSWER_WITHIN);
  const losses = applications.map((application) => application.losses);
  world.runUntil(world.now + plan.term);
  applications.forEach((application, i) => {
    if (application.losses === losses[i] || hasDates(plan)) return;
    throw new Violation('in peace nobody loses a seat', application.name);
  });
  for (const application of applications) {
    demandNoWaste(application, { ...site, plans: plan.agents }, world.now - ANSWER_WITHIN);
  }
  for (const operator of operators) operator.audit();
};

/** Seats may change by the calendar even in peace. */
const hasDates = ({ clauses }: Plan): boolean =>
  clauses.dates || clauses.stages || clauses.trial || clauses.chains;

/** The longest that an agent counts a token which nobody knows of, with its margin. */
const TOKEN_MS = 1.1 * (1000 + 3600) * 1000;

/** Everybody leaves or crashes; within a term and a session's memory nothing is left of them. */
const goHome = ({ world, plan, agents, applications }: Site): void => {
  for (const application of applications) application.change('going');
  world.runUntil(world.now + 1.1 * plan.term + SESSION_IDLE + 20_000);
  if (plan.clauses.borrow) world.runUntil(world.now + TOKEN_MS + 2000 * plan.calendarError);
  for (const { agent, name, disk } of agents) {
    const sessions = agent?.tableSizes.sessions ?? -1;
    const records = [...disk.durable.keys()].filter((key) => key.startsWith(LEASE_PREFIX)).length;
    const lent = [...(agent?.pools() ?? [])].reduce((sum, pool) => sum + pool.lent, 0);
    if (sessions === 0 && agent?.leaseCount === 0 && records === 0 && lent === 0) continue;
    const detail = `${name} has ${sessions} sessions and ${records} lease records left`;
    throw new Violation('nothing is left of those who are gone', detail);
  }
};
