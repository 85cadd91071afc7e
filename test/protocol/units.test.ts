import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { between, epochSeconds, instant, millis, seconds } from '../../protocol/units.ts';

const units = suite('units');

units('makers refuse what is out of range', () => {
  for (const wrong of [-1, 0.5, 2 ** 32, Number.NaN]) {
    assert.throws(() => seconds(wrong));
    assert.throws(() => epochSeconds(wrong));
  }
  assert.throws(() => millis(-1));
  assert.throws(() => instant(Number.POSITIVE_INFINITY));
});

units('a length is never negative', () => {
  assert.is(between(instant(5), instant(9)), 4);
  assert.is(between(instant(9), instant(5)), 0);
});

units.run();
