import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TRIAL_PREFIX, TrialLedger } from '../../../../agent/core/licenses/trial-ledger.ts';
import { pack } from '../../../../protocol/msgpack.ts';
import { epochSeconds, seconds } from '../../../../protocol/units.ts';
import { StoreModel } from '../store-model.ts';

const trials = suite('trial ledger');

const VENDOR = new Uint8Array(32).fill(7);
const OTHER_VENDOR = new Uint8Array(32).fill(8);
const NOW = epochSeconds(1_800_000_000);
const DAY = 86_400;

const restart = (store: StoreModel): TrialLedger => {
  const real = new TrialLedger();
  for (const [key, value] of store.entries()) assert.ok(real.restore(key, value), key);
  return real;
};

trials('a trial counts from its first use, for its vendor and product', () => {
  const real = new TrialLedger();
  assert.is(real.firstUse(VENDOR, 'cad'), undefined);
  assert.is(real.ends(VENDOR, 'cad', seconds(30 * DAY)), undefined);
  assert.ok(real.begin(VENDOR, 'cad', NOW));
  assert.is(real.firstUse(VENDOR, 'cad'), NOW);
  assert.is(real.ends(VENDOR, 'cad', seconds(30 * DAY)), NOW + 30 * DAY);
  assert.is(real.begin(VENDOR, 'cad', epochSeconds(NOW + DAY)), undefined);
  assert.is(real.firstUse(VENDOR, 'cad'), NOW);
  assert.is(real.firstUse(OTHER_VENDOR, 'cad'), undefined);
  assert.is(real.firstUse(VENDOR, 'cam'), undefined);
});

trials('a trial longer than dates go ends with the last one', () => {
  const real = new TrialLedger();
  real.begin(VENDOR, 'cad', NOW);
  assert.is(real.ends(VENDOR, 'cad', seconds(0xffff_ffff)), 0xffff_ffff);
});

trials('a damaged record is not taken up', () => {
  const write = new TrialLedger().begin(VENDOR, 'cad', NOW);
  assert.ok(write?.value);
  const real = new TrialLedger();
  const damaged = [
    [1, VENDOR, 'cad'],
    [1, VENDOR, 'cad', NOW, 0],
    [2, VENDOR, 'cad', NOW],
    [1, VENDOR, 'cam', NOW],
  ];
  for (const value of damaged) assert.not(real.restore(write.key, pack(value)));
  assert.not(real.restore(`${TRIAL_PREFIX}00`, write.value));
  assert.is(real.firstUse(VENDOR, 'cad'), undefined);
  assert.ok(real.restore(write.key, write.value));
});

trials('no order of uses and restarts begins a trial twice', () => {
  const anyStep = fc.record({
    restarts: fc.boolean(),
    vendor: fc.constantFrom(VENDOR, OTHER_VENDOR),
    product: fc.constantFrom('cad', 'cad/pro', 'Cad', 'ü'),
  });
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40, size: 'max' }), (steps) => {
      let real = new TrialLedger();
      const store = new StoreModel();
      const begun = new Map<string, number>();
      for (const [i, { restarts, vendor, product }] of steps.entries()) {
        if (restarts) real = restart(store);
        const wall = epochSeconds(NOW + i);
        const name = `${vendor[0]} ${product}`;
        const write = real.begin(vendor, product, wall);
        assert.is(write === undefined, begun.has(name));
        if (write !== undefined) store.write([write]);
        begun.set(name, begun.get(name) ?? wall);
        assert.is(real.firstUse(vendor, product), begun.get(name));
        assert.is(real.ends(vendor, product, seconds(14 * DAY)), (begun.get(name) ?? 0) + 14 * DAY);
      }
    }),
  );
});

trials.run();
