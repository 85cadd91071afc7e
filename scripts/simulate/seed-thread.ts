/** A thread that runs the seeds it is given, one after the other. */

import { parentPort } from 'node:worker_threads';
import { type Failure, type Run, simulate } from '../../test/simulation/simulate.ts';
import { withoutChance } from './without-chance.ts';

const CHANCE: Failure = {
  invariant: 'a seed always means the same',
  detail: 'It ran differently the second time: something reads a clock or chance of its own.',
};

/** A seed, and whether it runs once more to see that it means the same. */
export interface Task {
  readonly seed: number;
  readonly twice: boolean;
}

const judge = ({ seed, twice }: Task): Run => {
  const run = withoutChance(() => simulate(seed));
  const isSame = (): boolean => withoutChance(() => simulate(seed)).digest === run.digest;
  if (!twice || run.failure !== undefined || isSame()) return run;
  return { ...run, failure: CHANCE };
};

parentPort?.on('message', (task: Task) => parentPort?.postMessage(judge(task)));
