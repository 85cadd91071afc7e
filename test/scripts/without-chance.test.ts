import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withoutChance } from '../../scripts/simulate/without-chance.ts';

const chance = suite('simulate: without chance');

chance('work that draws chance or looks at a clock is stopped, and only while it runs', () => {
  const asks: readonly (() => unknown)[] = [
    () => Math.random(),
    () => performance.now(),
    () => Date.now(),
    () => new Date(),
  ];
  for (const ask of asks) {
    assert.throws(() => withoutChance(ask), /while a seed ran/);
    ask();
  }
  assert.is(
    withoutChance(() => new Date(0).getTime()),
    0,
  );
});

chance.run();
