/** A million leases in one process: the shipping core, its driver and a real store on the disk. */

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Agent } from '../../agent/core/agent.ts';
import { SEED_SIZE } from '../../agent/core/agent-parts.ts';
import { encodeLeaseRecord, leaseStoreKey } from '../../agent/core/seats/lease-record.ts';
import { AgentDriver } from '../../agent/edges/agent-driver.ts';
import { LevelStore } from '../../agent/edges/level-store.ts';
import type { LicenseId } from '../../protocol/ids.ts';
import { KEY_SIZE } from '../../protocol/limits.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { nativePrimitives } from '../../protocol/node/native-primitives.ts';
import { epochSeconds, seconds } from '../../protocol/units.ts';
import { benchHolder } from './bench-session.ts';
import { answerQuestions } from './helper-process.ts';
import { loopMilliseconds, ownBytes } from './process-usage.ts';
import { quantile } from './statistics.ts';
import { VirtualClock } from './virtual-clock.ts';

export interface MillionQuestion {
  /** `fill` writes the store, in a process of its own: what that leaves in memory is not the agent's. */
  readonly kind: 'fill' | 'measure';
  readonly folder: string;
  readonly leases: number;
}

export interface MillionAnswer {
  /** Resident memory, which counts what the collector has not given back, too. */
  readonly bytesPerLease: number;
  /** Without pages of the store's files, which the system keeps while it has room for them. */
  readonly ownBytesPerLease: number;
  /** What is really in use, on the engine's heap and beside it. */
  readonly liveBytesPerLease: number;
  readonly restoreSeconds: number;
  readonly restoreStalls: Stalls;
  readonly lapseSeconds: number;
  readonly lapseStalls: Stalls;
  readonly left: number;
}

/** How long the event loop was held up in one turn, in milliseconds by the clock and of the processor. */
export interface Stalls {
  readonly longest: number;
  /** One turn of the loop in a thousand took longer than this. */
  readonly p999: number;
  /** What the loop itself worked in one turn: the same on a machine that others use, too. */
  readonly longestOfProcessor: number;
}

const TERM = seconds(600);
const WRITE_AT_ONCE = 20_000;
const LOOK_MS = 1;

const makeEntry = (number: number): readonly [string, Uint8Array] => {
  const clientKey = systemEntropy(KEY_SIZE);
  const record = {
    clientKey,
    requestId: 1,
    product: 'acme-cad',
    parts: [{ licenseId: 'bench0000000000000000000000' as LicenseId, class: 'generic', seats: 1 }],
    overdraft: false,
    asked: 'generic',
    share: undefined,
    term: TERM,
    granted: epochSeconds(1_800_000_000),
    holder: benchHolder(number),
    ending: undefined,
    borrowing: undefined,
  };
  return [leaseStoreKey(clientKey), encodeLeaseRecord(record)];
};

const fillStore = async (store: LevelStore, count: number): Promise<void> => {
  for (let done = 0; done < count; done += WRITE_AT_ONCE) {
    const many = Array.from({ length: Math.min(WRITE_AT_ONCE, count - done) }, (_, i) =>
      makeEntry(done + i),
    );
    await store.write(many.map(([key, value]) => ({ key, value })));
  }
};

/** Resident memory once what is garbage has been collected. */
const settledMemory = async () => {
  for (let i = 0; i < 3; i++) {
    globalThis.gc?.();
    await sleep(100);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const own = ownBytes(process.pid) ?? Number.NaN;
  return { rss, own, live: heapUsed + external };
};

/** How long the event loop was held up while `work` went on: a timer of a millisecond looks. */
const measureStalls = async (work: () => Promise<void>): Promise<Stalls> => {
  const gaps: number[] = [];
  const works: number[] = [];
  let [then, ranThen] = [performance.now(), loopMilliseconds()];
  const look = (): void => {
    const [now, ran] = [performance.now(), loopMilliseconds()];
    gaps.push(Math.max(0, now - then - LOOK_MS));
    works.push(ran - ranThen);
    [then, ranThen] = [now, ran];
  };
  const timer = setInterval(look, LOOK_MS);
  await work();
  await sleep(20);
  clearInterval(timer);
  return {
    longest: quantile(gaps, 1),
    p999: quantile(gaps, 0.999),
    longestOfProcessor: quantile(works, 1),
  };
};

const makeAgent = (): Agent =>
  new Agent({
    name: 'bench',
    version: '0',
    primitives: nativePrimitives,
    secret: systemEntropy(KEY_SIZE),
    seed: systemEntropy(SEED_SIZE),
    vendorKeys: null,
  });

/** Gives the agent the store's entries as its start does, but spread over one second of its clock. */
const restore = async (
  store: LevelStore,
  driver: AgentDriver,
  clock: VirtualClock,
  leases: number,
): Promise<void> => {
  let restored = 0;
  for await (const entries of store.read()) {
    clock.freeze((restored / leases) * 1000);
    driver.feed({ kind: 'restored', entries });
    restored += entries.length;
  }
};

const timed = async (work: () => Promise<void>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

/** Lets every lease lapse within one second, and waits until the last is gone from core and disk. */
const lapse = async (agent: Agent, driver: AgentDriver, clock: VirtualClock): Promise<void> => {
  // Any deadline of the agent's is later than the term that the client counts.
  clock.runFrom(TERM * 1000);
  driver.feed({ kind: 'wake' });
  while (agent.leaseCount > 0) await sleep(50);
  await driver.stop();
};

const fill = async ({ folder, leases }: MillionQuestion): Promise<undefined> => {
  await using store = await LevelStore.open(folder);
  await fillStore(store, leases);
};

const measure = async ({ folder, leases }: MillionQuestion): Promise<MillionAnswer> => {
  await using store = await LevelStore.open(folder);
  const clock = new VirtualClock();
  const agent = makeAgent();
  const driver = new AgentDriver(agent, {
    clock,
    store,
    send: () => {},
    log: () => {},
    lookAtHost: async () => {},
    keepHost: async () => {},
    askMaster: async () => ({ ok: false, code: 'unreachable', sentence: '', version: null }),
    keepMarks: async () => {},
    drawSecret: () => systemEntropy(KEY_SIZE),
    askAround: () => {},
  });
  const before = await settledMemory();
  let restoreSeconds = 0;
  const restoreStalls = await measureStalls(async () => {
    restoreSeconds = await timed(() => restore(store, driver, clock, leases));
  });
  await nextTurn();
  const filled = await settledMemory();
  const bytesPerLease = (filled.rss - before.rss) / leases;
  const ownBytesPerLease = (filled.own - before.own) / leases;
  const liveBytesPerLease = (filled.live - before.live) / leases;
  let lapseSeconds = 0;
  const lapseStalls = await measureStalls(async () => {
    lapseSeconds = await timed(() => lapse(agent, driver, clock));
  });
  const left = agent.leaseCount;
  const memory = { bytesPerLease, ownBytesPerLease, liveBytesPerLease };
  return { ...memory, restoreSeconds, restoreStalls, lapseSeconds, lapseStalls, left };
};

answerQuestions((question: MillionQuestion): Promise<MillionAnswer | undefined> => {
  return question.kind === 'fill' ? fill(question) : measure(question);
});
