/** Runs many seeds on several threads. */

import { Worker } from 'node:worker_threads';
import type { Run } from '../../test/simulation/simulate.ts';
import type { Task } from './seed-thread.ts';
import type { WorldName } from './worlds.ts';

export interface SeedRange {
  readonly from: number;
  readonly seeds: number;
  readonly world: WorldName;
  /**
   * Of so many seeds one runs twice, which shows whether chance alone decides; 0 for none. The others
   * run where nobody can read a clock or draw chance.
   */
  readonly repeat: number;
  /** Does not stop at the first seed that breaks a promise. */
  readonly all: boolean;
  readonly threads: number;
}

/** A world is short-lived and full of short-lived things: room for them spares a tenth of the time. */
const YOUNG_MB = 192;

/** Given to a thread at a time, so that none waits for the next. */
const AHEAD = 2;

/**
 * Calls `onRun` for each seed as it ends, in any order. Unless `all` are wanted no seed is begun
 * after one has failed; those under way are ended, so the lowest that fails is always among them.
 */
export const runSeeds = async (range: SeedRange, onRun: (run: Run) => void): Promise<void> => {
  let next = range.from;
  let hasFailed = false;
  const take = (): Task | undefined => {
    if ((hasFailed && !range.all) || next >= range.from + range.seeds) return undefined;
    const seed = next++;
    return {
      seed,
      world: range.world,
      twice: range.repeat > 0 && (seed - range.from) % range.repeat === 0,
    };
  };
  const hear = (run: Run): void => {
    hasFailed ||= run.failure !== undefined;
    onRun(run);
  };
  const threads = Math.min(range.threads, range.seeds);
  await Promise.all(Array.from({ length: threads }, () => runThread(take, hear)));
};

const runThread = (take: () => Task | undefined, hear: (run: Run) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./seed-thread.js', import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    let running = 0;
    const feed = (): void => {
      while (running < AHEAD) {
        const task = take();
        if (task === undefined) break;
        running++;
        worker.postMessage(task);
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
