import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Agent } from '../../agent/core/agent.ts';
import type { Effect } from '../../agent/core/effects.ts';
import { KEPT_SEEDS } from './kept-seeds.ts';
import { type Run, simulate } from './simulate.ts';

const simulation = suite('simulation');

/** `npm run simulate` runs many more. */
const SEEDS = 30;

const explain = ({ seed, failure, trace }: Run): string =>
  `seed ${seed}: ${failure?.invariant}: ${failure?.detail}\n${trace.join('\n')}`;

const keepsPromises = (seed: number): void => {
  const run = simulate(seed);
  assert.is(run.failure, undefined, explain(run));
  assert.is(simulate(seed).digest, run.digest, `seed ${seed} is not the same twice`);
};

simulation(`seeds 1 to ${SEEDS} keep every promise, twice with equal digests`, () => {
  for (let seed = 1; seed <= SEEDS; seed++) keepsPromises(seed);
});

for (const { seed, proved } of KEPT_SEEDS) {
  if (seed <= SEEDS) continue;
  simulation(`seed ${seed} once proved: ${proved}`, () => keepsPromises(seed));
}

simulation('different seeds are different worlds', () => {
  assert.is.not(simulate(1).digest, simulate(2).digest);
});

simulation('a broken promise is seen, and told with what led to it', () => {
  const { step } = Agent.prototype;
  // An agent that forgets to ask for its next wake-up: no lease lapses, no session is forgotten.
  Agent.prototype.step = function (...args): readonly Effect[] {
    return step.apply(this, args).filter((effect) => effect.kind !== 'wake-at');
  };
  try {
    const run = simulate(1);
    assert.ok(run.failure);
    assert.ok(run.trace.length > 0);
  } finally {
    Agent.prototype.step = step;
  }
});

simulation('a step that throws is a broken promise', () => {
  const { step } = Agent.prototype;
  Agent.prototype.step = () => {
    throw new Error('planted');
  };
  try {
    assert.is(simulate(1).failure?.invariant, 'no step throws');
  } finally {
    Agent.prototype.step = step;
  }
});

simulation.run();
