/** A thread that runs the seeds it is given, one after the other. */

import { parentPort } from 'node:worker_threads';
import {
  type Failure,
  type Run,
  simulate,
  simulateActivation,
  simulateFamily,
  simulateShared,
} from '../../test/simulation/simulate.ts';
import { withoutChance } from './without-chance.ts';
import type { WorldName } from './worlds.ts';

const CHANCE: Failure = {
  invariant: 'a seed always means the same',
  detail: 'It ran differently the second time: something reads a clock or chance of its own.',
};

const RUNS: Readonly<Record<WorldName, (seed: number) => Run>> = {
  all: simulate,
  family: simulateFamily,
  activation: simulateActivation,
  shared: simulateShared,
};

/** A seed, and whether it runs once more to see that it means the same. */
export interface Task {
  readonly seed: number;
  readonly world: WorldName;
  readonly twice: boolean;
}

const judge = ({ seed, world, twice }: Task): Run => {
  const once = (): Run => withoutChance(() => RUNS[world](seed));
  const run = once();
  const isSame = (): boolean => once().digest === run.digest;
  if (!twice || run.failure !== undefined || isSame()) return run;
  return { ...run, failure: CHANCE };
};

parentPort?.on('message', (task: Task) => parentPort?.postMessage(judge(task)));
