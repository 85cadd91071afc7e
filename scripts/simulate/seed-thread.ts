/** A thread that runs the seeds it is given, one after the other. */

import { parentPort, workerData } from 'node:worker_threads';
import { type Failure, type Run, simulate } from '../../test/simulation/simulate.ts';

const CHANCE: Failure = {
  invariant: 'a seed always means the same',
  detail: 'It ran differently the second time: something reads a clock or chance of its own.',
};

/** Runs a seed, and mostly once more to see that it means the same. */
const judge = (seed: number, once: boolean): Run => {
  const run = simulate(seed);
  if (once || run.failure !== undefined || simulate(seed).digest === run.digest) return run;
  return { ...run, failure: CHANCE };
};

const { once } = workerData as { readonly once: boolean };
parentPort?.on('message', (seed: number) => parentPort?.postMessage(judge(seed, once)));
