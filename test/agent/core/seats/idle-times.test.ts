import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { IdleTimes } from '../../../../agent/core/seats/idle-times.ts';
import { seconds } from '../../../../protocol/units.ts';

test('each stretch of no use counts once, as long as it was said to be', () => {
  const stretches = fc.array(fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 5 }));
  fc.assert(
    fc.property(stretches, (all) => {
      const times = new IdleTimes();
      let expected = 0;
      for (const steps of all) {
        let idle = 0;
        for (const step of steps) {
          idle += step;
          times.heard(3, seconds(idle));
        }
        expected += idle;
        times.heard(3, seconds(0));
        assert.is(times.last(3), 0);
      }
      assert.is(times.total(3), expected);
      times.forget(3);
      assert.is(times.total(3), 0);
    }),
  );
});

test('a new stretch that is shorter than the last one is counted as its own', () => {
  const times = new IdleTimes();
  for (const idle of [300, 600, 200, 200, 500]) times.heard(1, seconds(idle));
  assert.equal([times.total(1), times.last(1), times.total(2)], [1100, 500, 0]);
});

test.run();
