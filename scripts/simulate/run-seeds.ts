/** Runs many seeds on several threads. */

import { Worker } from 'node:worker_threads';
import type { Run } from '../../test/simulation/simulate.ts';

export interface SeedRange {
  readonly from: number;
  readonly seeds: number;
  /** Without the second run that shows whether chance alone decides. */
  readonly once: boolean;
  /** Does not stop at the first seed that breaks a promise. */
  readonly all: boolean;
  readonly threads: number;
}

/** Given to a thread at a time, so that none waits for the next. */
const AHEAD = 2;

/**
 * Calls `onRun` for each seed as it ends, in any order. Unless `all` are wanted no seed is begun
 * after one has failed; those under way are ended, so the lowest that fails is always among them.
 */
export const runSeeds = async (range: SeedRange, onRun: (run: Run) => void): Promise<void> => {
  let next = range.from;
  let hasFailed = false;
  const take = (): number | undefined => {
    if ((hasFailed && !range.all) || next >= range.from + range.seeds) return undefined;
    return next++;
  };
  const hear = (run: Run): void => {
    hasFailed ||= run.failure !== undefined;
    onRun(run);
  };
  const threads = Math.min(range.threads, range.seeds);
  await Promise.all(Array.from({ length: threads }, () => runThread(range.once, take, hear)));
};

const runThread = (
  once: boolean,
  take: () => number | undefined,
  hear: (run: Run) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./seed-thread.js', import.meta.url), {
      workerData: { once },
    });
    let running = 0;
    const feed = (): void => {
      while (running < AHEAD) {
        const seed = take();
        if (seed === undefined) break;
        running++;
        worker.postMessage(seed);
      }
      if (running === 0) worker.terminate().then(() => resolve(), reject);
    };
    worker.on('error', reject);
    worker.on('message', (run: Run) => {
      running--;
      hear(run);
      feed();
    });
    feed();
  });
