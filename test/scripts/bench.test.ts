import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Measurement, renderFigures, toFigure } from '../../scripts/bench/figure.ts';
import { relayPairs } from '../../scripts/bench/relay.ts';
import { median, quantile, rounded, spread } from '../../scripts/bench/statistics.ts';

const statistics = suite('bench: statistics');

statistics('a quantile is a value that was measured', () => {
  const samples = [5, 1, 4, 2, 3];
  assert.is(quantile(samples, 0), 1);
  assert.is(quantile(samples, 0.5), 3);
  assert.is(quantile(samples, 0.99), 5);
  assert.is(quantile(samples, 1), 5);
  assert.equal(samples, [5, 1, 4, 2, 3], 'the samples stay in their order');
});

statistics('p99 of a hundred samples is the ninety-ninth', () => {
  const samples = Array.from({ length: 100 }, (_, i) => i + 1);
  assert.is(quantile(samples, 0.99), 99);
});

statistics('no samples give no number', () => {
  assert.ok(Number.isNaN(median([])));
  assert.ok(Number.isNaN(spread([])));
});

statistics('the spread is half the range as a share of the median', () => {
  assert.is(spread([90, 100, 110]), 0.1);
});

statistics('rounding keeps the digits that count', () => {
  assert.is(rounded(12_345.678), 12_350);
  assert.is(rounded(0.012345), 0.01235);
});

statistics.run();

const figures = suite('bench: figures');

const renewals: Measurement = {
  name: 'renew',
  value: 30_000,
  unit: 'per second',
  baseline: { name: 'echo', value: 50_000 },
  bar: { of: 'ratio', least: 0.6 },
  details: { rounds: 7 },
};

figures('a figure as JSON has its ratio, its bar and its verdict', () => {
  assert.equal(JSON.parse(JSON.stringify(toFigure(renewals))), {
    name: 'renew',
    value: 30_000,
    unit: 'per second',
    baseline: 'echo',
    baselineValue: 50_000,
    ratio: 0.6,
    bar: '≥ 0.6 ×',
    met: true,
    details: { rounds: 7 },
  });
});

figures('a bar may be of the value, and may be an upper one', () => {
  const bar = { of: 'value', most: 10 } as const;
  const measured = { name: 'p99', unit: 'ms', bar };
  assert.is(toFigure({ ...measured, value: 10 }).met, true);
  assert.is(toFigure({ ...measured, value: 10.1 }).met, false);
  assert.is(toFigure({ ...measured, value: 10 }).bar, '≤ 10 ms');
});

figures('what could not be measured is neither met nor missed', () => {
  const figure = toFigure({ ...renewals, value: null });
  assert.is(figure.ratio, null);
  assert.is(figure.met, null);
  assert.is(toFigure({ ...renewals, value: Number.NaN }).met, null);
});

figures('the verdict is of the exact ratio, not of the rounded one', () => {
  assert.is(toFigure({ ...renewals, value: 29_999.9 }).met, false);
});

figures('the table says plainly which bars are not met, and why a value is missing', () => {
  const text = renderFigures([
    toFigure({ ...renewals, value: 10_000 }),
    toFigure({ name: 'start', value: null, unit: 'ms', details: { note: 'no binary here' } }),
  ]);
  assert.match(text, /^NAME +VALUE +UNIT +BASELINE +RATIO +BAR/);
  assert.match(text, /renew +10000 +per second +echo 50000 +0\.20 +≥ 0\.6 × +NOT MET/);
  assert.match(text, /start +– +ms .*no binary here/);
});

figures('keygen-relay at a size that it does not manage stands in with its largest', () => {
  assert.equal(relayPairs(50, 32), { name: 'keygen-relay', value: 257 });
  assert.equal(relayPairs(20_000, 32), { name: 'keygen-relay at 5,000', value: 32 });
});

figures.run();
