/** Durable acquire+release pairs per second, and how long an acquire takes, beside the disk's sync. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AcquireQuestion, AcquireRun } from './acquire-load-process.ts';
import { BenchAgent, makeBenchFolder } from './bench-agent.ts';
import type { Bench, Progress } from './bench-run.ts';
import { measureDiskSync } from './disk-sync.ts';
import type { Measurement } from './figure.ts';
import { HelperProcess } from './helper-process.ts';
import { systemMilliseconds, threadMilliseconds } from './process-usage.ts';
import { measureRelay, measureRelayRenewals } from './relay.ts';
import { median, quantile, rounded, spread } from './statistics.ts';

const SEATS = [50, 5_000, 20_000] as const;
const CLIENTS = [1, 32] as const;
const ROUNDS = 5;
const ROUND_MS = 1200;
const SYNC_MS = 500;
/** Seats that an agent has lent before it is measured, and the pace of getting there. */
const SERVED_BEFORE = 20_000;
const WARM_MS = 500;
/** Seats left free: what is asked for must not be refused. */
const FREE = 40;
const TIMES_RELAY = 20;
/** The slowest size may be this much slower than the fastest. */
const FLATNESS = 0.9;
const BEYOND_SYNC_MS = 10;

type RelayPairs = Awaited<ReturnType<typeof measureRelay>>;

interface MeasuredRun extends AcquireRun {
  readonly agentCpuSeconds: number;
  /** How many processors were busy meanwhile with something else, as far as is known. */
  readonly othersCpuUse: number;
}

/** One cell of the table: a size, a number of clients, and how sessions are used. */
interface Cell {
  readonly agent: BenchAgent;
  readonly seats: number;
  readonly clients: number;
  readonly fresh: boolean;
  readonly runs: MeasuredRun[];
}

const startAgents = async (
  folder: string,
  stack: AsyncDisposableStackLike,
): Promise<readonly BenchAgent[]> => {
  const agents: BenchAgent[] = [];
  for (const seats of SEATS) {
    const home = join(folder, String(seats));
    await mkdir(home);
    agents.push(stack.use(await BenchAgent.start(home, seats)));
  }
  return agents;
};

/** What `AsyncDisposableStack` will be where every supported Node has it. */
interface AsyncDisposableStackLike {
  use<T extends AsyncDisposable>(one: T): T;
}

const makeStack = (): AsyncDisposableStackLike & AsyncDisposable => {
  const used: AsyncDisposable[] = [];
  return {
    use: (one) => {
      used.push(one);
      return one;
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of used.reverse()) await one[Symbol.asyncDispose]();
    },
  };
};

const fillAgents = async (
  load: HelperProcess,
  agents: readonly BenchAgent[],
  progress: Progress,
): Promise<void> => {
  for (const [i, { port }] of agents.entries()) {
    const count = Math.max(0, (SEATS[i] ?? 0) - FREE);
    const start = performance.now();
    await load.ask<number>({ kind: 'fill', port, count } satisfies AcquireQuestion);
    const took = ((performance.now() - start) / 1000).toFixed(1);
    progress(`${count} of ${SEATS[i]} seats taken in ${took} s`);
    // Code that has run seldom is not compiled yet, whatever the size: all have served as many then.
    for (let served = count; served < SERVED_BEFORE; ) {
      const run = { kind: 'run', port, clients: CLIENTS[1], milliseconds: WARM_MS } as const;
      served += (await load.ask<AcquireRun>({ ...run, fresh: false } satisfies AcquireQuestion))
        .pairs;
    }
  }
};

/** Seconds of the clock and of processors so far: the agent's, and all but its and the load's. */
const readClocks = (agent: number, load: number) => {
  const agentSeconds = (threadMilliseconds(agent) ?? Number.NaN) / 1000;
  const loadSeconds = (threadMilliseconds(load) ?? Number.NaN) / 1000;
  const others = systemMilliseconds() / 1000 - agentSeconds - loadSeconds;
  return { clock: performance.now() / 1000, agent: agentSeconds, others };
};

const runCell = async (load: HelperProcess, cell: Cell): Promise<void> => {
  const { agent, clients, fresh } = cell;
  const before = readClocks(agent.pid, load.pid);
  const question = {
    kind: 'run',
    port: agent.port,
    clients,
    milliseconds: ROUND_MS,
    fresh,
  } as const;
  const run = await load.ask<AcquireRun>(question satisfies AcquireQuestion);
  const after = readClocks(agent.pid, load.pid);
  const others = (after.others - before.others) / (after.clock - before.clock);
  const agentCpuSeconds = after.agent - before.agent;
  cell.runs.push({ ...run, agentCpuSeconds, othersCpuUse: Math.max(0, others) });
};

const pairsPerSecond = (cell: Cell): number =>
  median(cell.runs.map((run) => run.pairs / run.seconds));

const cellName = ({ seats, clients, fresh }: Cell): string =>
  `acquire+release, ${seats} seats, ${clients} client${clients > 1 ? 's' : ''}${fresh ? ', new sessions' : ''}`;

const measureCell = (
  cell: Cell,
  syncs: readonly number[],
  relayPairs: RelayPairs,
): readonly Measurement[] => {
  const { seats, clients, fresh, runs } = cell;
  const latencies = runs.flatMap((run) => run.latencies);
  const rates = runs.map((run) => run.pairs / run.seconds);
  const busy = (of: (run: Cell['runs'][number]) => number): number =>
    rounded(median(runs.map((run) => of(run) / run.seconds)), 2);
  const p99 = quantile(latencies, 0.99);
  const details = {
    'spread of rounds': rounded(spread(rates), 2),
    'acquire p50 (ms)': rounded(median(latencies)),
    'acquire p99 (ms)': rounded(p99),
    'pairs per sync of the disk alone': rounded((median(rates) * median(syncs)) / 1000),
    "agent's CPU a pair (µs)": rounded(cpuPerPair(cell), 3),
    "agent's CPU use": busy((run) => run.agentCpuSeconds),
    "load's CPU use": busy((run) => run.cpuSeconds),
    "others' CPU use": rounded(median(runs.map((run) => run.othersCpuUse)), 2),
    'asked again': runs.reduce((sum, run) => sum + run.resent, 0),
  };
  const bar = { of: 'ratio', least: TIMES_RELAY } as const;
  const pairs: Measurement = {
    name: cellName(cell),
    value: median(rates),
    unit: 'per second',
    baseline: relayPairs(seats, clients),
    ...(clients > 1 && !fresh ? { bar } : {}),
    details,
  };
  if (clients === 1 || fresh) return [pairs];
  const beyond: Measurement = {
    name: `acquire p99 beyond a sync, ${seats} seats, ${clients} clients`,
    value: p99 - median(syncs),
    unit: 'ms',
    baseline: { name: 'sync p50', value: median(syncs) },
    bar: { of: 'value', most: BEYOND_SYNC_MS },
    details: { 'sync p99 (ms)': rounded(quantile(syncs, 0.99)) },
  };
  return [pairs, beyond];
};

/** Microseconds of the agent's own processor time for a pair: what other programs do not disturb. */
const cpuPerPair = ({ runs }: Cell): number =>
  median(runs.map((run) => (run.agentCpuSeconds / run.pairs) * 1e6));

const measureFlatness = (cells: readonly Cell[]): readonly Measurement[] =>
  CLIENTS.flatMap((clients): readonly Measurement[] => {
    const same = cells.filter((cell) => cell.clients === clients && !cell.fresh);
    const rates = same.map(pairsPerSecond);
    const costs = same.map(cpuPerPair);
    const name = `flatness from 50 to 20,000 seats, ${clients} client${clients > 1 ? 's' : ''}`;
    return [
      {
        name,
        value: Math.min(...rates),
        unit: 'per second',
        baseline: { name: 'fastest size', value: Math.max(...rates) },
        bar: { of: 'ratio', least: FLATNESS },
        details: { 'spread of rounds, worst size': rounded(worstSpread(same), 2) },
      },
      {
        name: `${name}, agent's CPU`,
        value: Math.max(...costs),
        unit: 'µs a pair',
        baseline: { name: 'cheapest size', value: Math.min(...costs) },
        bar: { of: 'ratio', most: 1 / FLATNESS },
      },
    ];
  });

/** Where rounds of one size differ more than sizes do, the machine was busy with something else. */
const worstSpread = (cells: readonly Cell[]): number =>
  Math.max(...cells.map(({ runs }) => spread(runs.map((run) => run.pairs / run.seconds))));

const measureSync = (syncs: readonly number[]): Measurement => ({
  name: 'sync of one record, LevelDB alone',
  value: median(syncs),
  unit: 'ms',
  details: {
    'p99 (ms)': rounded(quantile(syncs, 0.99)),
    'per second': rounded(1000 / (syncs.reduce((sum, one) => sum + one, 0) / syncs.length)),
  },
});

const renewalsOf = async (relay: URL): Promise<Measurement> => ({
  name: `renewals of ${relay.host}, ${CLIENTS[1]} clients`,
  value: await measureRelayRenewals(relay, CLIENTS[1]),
  unit: 'per second',
});

/** `acquire`: sizes take turns in every round, so that what disturbs one disturbs all. */
export const acquireBench: Bench = async (progress, { relay }) => {
  const relayPairs = await measureRelay(relay, CLIENTS);
  const others = relay === undefined ? [] : [await renewalsOf(relay)];
  await using folder = await makeBenchFolder();
  await using stack = makeStack();
  const agents = await startAgents(folder.path, stack);
  const load = stack.use(await HelperProcess.start('acquire-load-process'));
  await fillAgents(load, agents, progress);
  const cells: Cell[] = agents.flatMap((agent, i) =>
    CLIENTS.map((clients) => ({ agent, seats: SEATS[i] ?? 0, clients, fresh: false, runs: [] })),
  );
  const [, middle] = agents;
  if (middle !== undefined) {
    cells.push({ agent: middle, seats: SEATS[1], clients: 32, fresh: true, runs: [] });
  }
  const syncs: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    syncs.push(...(await measureDiskSync(folder.path, SYNC_MS)));
    for (const cell of cells) await runCell(load, cell);
    // The first round warms up and is not counted.
    if (round === 0) for (const cell of cells) cell.runs.length = 0;
    progress(round === 0 ? 'warmed up' : `round ${round} of ${ROUNDS}`);
  }
  return [
    measureSync(syncs),
    ...cells.flatMap((cell) => measureCell(cell, syncs, relayPairs)),
    ...measureFlatness(cells),
    ...others,
  ];
};
