/** From a cold client with no configuration to a lease, on loopback. */

import { CClient } from '../../test/interop/c-client.ts';
import { CWorkshop, findCompiler } from '../../test/interop/c-program.ts';
import { BenchAgent, makeBenchFolder, PRODUCT } from './bench-agent.ts';
import type { Bench } from './bench-run.ts';
import type { DiscoverQuestion } from './discover-client-process.ts';
import { measureDiskSync } from './disk-sync.ts';
import type { Measurement } from './figure.ts';
import { HelperProcess } from './helper-process.ts';
import { median, quantile, rounded } from './statistics.ts';

const CONNECTIONS = 300;
const PROCESSES = 40;
const SYNC_MS = 1000;
/** LM-X documents 500 to 1,000 ms for its broadcast discovery; the better end of it. */
const LMX = { name: 'LM-X, as documented', value: 500 };
const P50_MS = 10;
const P99_MS = 50;

const askOnce = async (question: DiscoverQuestion): Promise<number> => {
  await using client = await HelperProcess.start('discover-client-process');
  const [took = Number.NaN] = await client.ask<readonly number[]>(question);
  return took;
};

/** The time of the acquire in a new process of the client in C; none where there is no compiler. */
const askInC = async ({ port, vendorKey }: BenchAgent): Promise<readonly number[]> => {
  const compiler = findCompiler('gcc', 'clang', 'cc');
  if (compiler === undefined) return [];
  using workshop = new CWorkshop();
  const driver = workshop.make(compiler, 'driver', '-O2');
  const site = { port, vendorKey };
  const took: number[] = [];
  for (let i = 0; i < PROCESSES; i++) {
    const client = new CClient([driver], site, '--product', PRODUCT);
    const acquired = await client.told('acquired');
    took.push((acquired?.micros ?? Number.NaN) / 1000);
    await client.code;
  }
  return took;
};

const measure = (
  who: string,
  times: readonly number[],
  syncs: readonly number[],
): Measurement[] => {
  const details = {
    samples: times.length,
    'longest (ms)': rounded(Math.max(...times)),
    'sync of one record p50 (ms)': rounded(median(syncs)),
  };
  const figure = (share: string, q: number, most: number): Measurement => ({
    name: `cold client to a lease, ${who}, ${share}`,
    value: quantile(times, q),
    unit: 'ms',
    baseline: LMX,
    bar: { of: 'value', most },
    details,
  });
  return [figure('p50', 0.5, P50_MS), figure('p99', 0.99, P99_MS)];
};

/** `discover`: new connections in one process, and processes that have never sent a datagram. */
export const discoverBench: Bench = async (progress) => {
  await using folder = await makeBenchFolder();
  await using agent = await BenchAgent.start(folder.path, 50);
  const { port } = agent;
  const cold: number[] = [];
  for (let i = 0; i < PROCESSES; i++) cold.push(await askOnce({ port, times: 1 }));
  progress(`${PROCESSES} new processes`);
  await using client = await HelperProcess.start('discover-client-process');
  // The very first connection of a process is in the other figure.
  await client.ask({ port, times: 1 } satisfies DiscoverQuestion);
  const question: DiscoverQuestion = { port, times: CONNECTIONS };
  const warm = await client.ask<readonly number[]>(question);
  progress(`${CONNECTIONS} new connections`);
  const inC = await askInC(agent);
  progress(`${inC.length} new processes of the client in C`);
  const syncs = await measureDiskSync(folder.path, SYNC_MS);
  return [
    ...measure('new connection', warm, syncs),
    ...measure('new process', cold, syncs),
    ...(inC.length === 0 ? [] : measure('new process, client in C', inC, syncs)),
  ];
};
