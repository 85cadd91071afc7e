/**
 * What usage and audit cost while seats come and go: the same agent with its history and without, in
 * this process, on the disk, in rounds that take turns. The clients are in this process, too, and
 * cost both the same; so the time inside the history itself is measured as well.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { AgentDriver } from '../../agent/edges/agent-driver.ts';
import { History } from '../../agent/edges/history/history.ts';
import { LevelStore } from '../../agent/edges/level-store.ts';
import { KEY_SIZE } from '../../protocol/limits.ts';
import { timerMs } from '../../protocol/node/clock.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import type { Moment } from '../../protocol/units.ts';
import { makeBenchFolder, PRODUCT } from './bench-agent.ts';
import { askOffer, endpointOf, makeAgent, momentOf, PHYSICAL } from './bench-core.ts';
import type { Bench } from './bench-run.ts';
import { BenchSession } from './bench-session.ts';
import { median, spread } from './statistics.ts';

const SEATS = 50;
const CLIENTS = 32;
const ROUNDS = 7;
const ROUND_MS = 2500;

interface Round {
  readonly pairs: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Seconds inside the history. */
  readonly inside: number;
}

/** An agent of this process, and how often its clients get a reply. */
interface Site {
  readonly run: () => Promise<Round>;
  readonly close: () => Promise<void>;
}

const openSite = async (folder: string, hasHistory: boolean): Promise<Site> => {
  const agent = makeAgent(SEATS);
  const started = timerMs();
  const now = (): Moment => momentOf(timerMs() - started);
  const store = await LevelStore.open(folder);
  const sessions = Array.from({ length: CLIENTS }, (_, i) => {
    const offer = askOffer(agent, i);
    return { session: new BenchSession(offer, endpointOf(i), i), from: endpointOf(i) };
  });
  const waiting = new Map<string, (bytes: Uint8Array) => void>();
  let inside = 0;
  const timed = <T>(work: () => T): T => {
    const begun = performance.now();
    const done = work();
    inside += performance.now() - begun;
    return done;
  };
  const history = new History({
    store: { reader: () => store, write: (writes) => driver.also(writes) },
    now,
    primitives: nativePrimitives,
    secret: systemEntropy(KEY_SIZE),
    isNewAgent: true,
    levels: () => agent.pools(),
    seats: async () => [],
  });
  const { witness } = history;
  const withHistory = {
    observe: (...step: Parameters<History['observe']>) =>
      void timed(() => history.observe(...step)),
    witness: {
      alongside: (writes: Parameters<typeof witness.alongside>[0]) =>
        timed(() => witness.alongside(writes)),
      settled: (isWritten: boolean) => timed(() => witness.settled(isWritten)),
    },
  };
  const driver: AgentDriver = new AgentDriver(agent, {
    clock: { now },
    store,
    send: (to, bytes) => waiting.get(to.address)?.(bytes),
    log: () => {},
    lookAtHost: async (report) => report({ verdict: PHYSICAL, code: new Uint8Array() }),
    keepHost: async () => {},
    askMaster: async ({ url }) => ({
      ok: false,
      code: 'unreachable',
      sentence: url,
      version: null,
    }),
    keepMarks: async () => {},
    drawSecret: () => systemEntropy(KEY_SIZE),
    askAround: () => {},
    ...(hasHistory ? withHistory : {}),
  });
  await driver.lookAtHost();

  const ask = (from: ReturnType<typeof endpointOf>, bytes: Uint8Array): Promise<Uint8Array> =>
    new Promise((resolve) => {
      waiting.set(from.address, resolve);
      driver.feed({ kind: 'datagram', from, bytes });
    });
  const live = async (client: (typeof sessions)[number], until: number): Promise<number> => {
    const { session, from } = client;
    let pairs = 0;
    for (; timerMs() < until; pairs++) {
      const granted = session.open(await ask(from, session.acquire(PRODUCT)));
      if (granted?.kind !== 'granted') throw new Error(`No seat: ${granted?.kind}.`);
      await ask(from, session.release());
      // The timer of the disk is not starved.
      await nextTurn();
    }
    return pairs;
  };
  const run = async (): Promise<Round> => {
    const [begun, cpu] = [timerMs(), process.cpuUsage()];
    inside = 0;
    const all = await Promise.all(sessions.map((one) => live(one, begun + ROUND_MS)));
    const { user, system } = process.cpuUsage(cpu);
    return {
      pairs: all.reduce((sum, one) => sum + one, 0),
      seconds: (timerMs() - begun) / 1000,
      cpuSeconds: (user + system) / 1e6,
      inside: inside / 1000,
    };
  };
  const close = async (): Promise<void> => {
    if (hasHistory) await history.stop();
    await driver.stop();
    await store.close();
  };
  return { run, close };
};

export const historyBench: Bench = async (progress) => {
  await using folder = await makeBenchFolder();
  const sites = [
    await openSite(`${folder.path}/with`, true),
    await openSite(`${folder.path}/without`, false),
  ];
  const rounds: [Round[], Round[]] = [[], []];
  for (let i = 0; i <= ROUNDS; i++) {
    for (const [k, site] of sites.entries()) {
      const round = await site.run();
      // The first one warms up.
      if (i > 0) rounds[k]?.push(round);
    }
    progress(`round ${i} of ${ROUNDS}`);
  }
  for (const site of sites) await site.close();
  const [on, off] = rounds;
  const rate = (all: readonly Round[]): number => median(all.map((one) => one.pairs / one.seconds));
  const cpu = (all: readonly Round[]): number =>
    median(all.map((one) => (one.cpuSeconds / one.pairs) * 1e6));
  // Round by round: what else the machine does changes slowly.
  const paired = on.map((one, i) => {
    const other = off[i];
    return other === undefined
      ? Number.NaN
      : one.pairs / one.seconds / (other.pairs / other.seconds);
  });
  return [
    {
      name: `acquire+release with history, ${CLIENTS} clients, one process`,
      value: median(paired) * rate(off),
      unit: 'pairs/s',
      baseline: { name: 'without', value: rate(off) },
      bar: { of: 'ratio', least: 0.9 },
      details: { paired, spread: spread(paired), rounds: ROUNDS },
    },
    {
      name: 'processor time of such a pair, clients included',
      value: cpu(on),
      unit: 'µs',
      baseline: { name: 'without', value: cpu(off) },
    },
    {
      name: 'of it inside usage and audit',
      value: median(on.map(({ inside, pairs }) => (inside / pairs) * 1e6)),
      unit: 'µs a pair',
    },
  ];
};
