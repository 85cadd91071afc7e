import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { killOne } from './site-death.ts';

const SEEDS = 30;
/** Of a hundred guests ninety-nine are renewed elsewhere within so many milliseconds. */
const WITHIN = 3000;

const death = suite('the death of a member');

death('its guests are renewed by others within three seconds, and none loses its seat', () => {
  const runs = Array.from({ length: SEEDS }, (_, i) => killOne(i + 1));
  const times = runs.flatMap(({ times }) => times).sort((one, other) => one - other);
  const lost = runs.reduce((sum, one) => sum + one.lost, 0);
  assert.is(lost, 0);
  assert.ok(times.length > 5 * SEEDS, 'there were guests to be taken over');
  const slow = times[Math.ceil(times.length * 0.99) - 1] ?? Number.POSITIVE_INFINITY;
  assert.ok(slow <= WITHIN, `p99 is ${slow} ms`);
});

death.run();
