import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CLOCK_KEY,
  CLOCK_RESET_KEY,
  CLOCK_RESETS_MAX,
  CLOCK_TOLERANCE,
  MARK_STORED_EVERY,
  WallGuard,
} from '../../../agent/core/wall-guard.ts';
import { pack } from '../../../protocol/msgpack.ts';
import { type EpochSeconds, epochSeconds, instant, type Moment } from '../../../protocol/units.ts';
import { StoreModel } from './store-model.ts';

const guard = suite('wall guard');

const START = 1_800_000_000;
const DAY = 86_400;
/** No time passes on the other clock. */
const still = (wall: EpochSeconds): Moment => ({ mono: instant(0), wall });

const at = (offset: number): EpochSeconds => epochSeconds(START + offset);

const restart = (store: StoreModel, backwards = false): WallGuard => {
  const real = new WallGuard();
  const entries = backwards ? [...store.entries()].reverse() : store.entries();
  for (const [key, value] of entries) assert.ok(real.restore(key, value), key);
  return real;
};

/** Sees a wrong date far in the future, then asks to go back to `wall`; whether it may. */
const resetTo = (
  real: WallGuard,
  store: StoreModel,
  wall: EpochSeconds,
  newestIssued: EpochSeconds,
): string => {
  real.guard(still(epochSeconds(wall + 400 * DAY)));
  const reset = real.reset(wall, newestIssued);
  if (!reset.ok) return reset.error;
  store.write(reset.value.writes);
  real.apply(reset.value.writes);
  return 'reset';
};

guard('time that was seen stays, over a restart too', () => {
  const store = new StoreModel();
  const real = new WallGuard();
  assert.is(real.guard(still(at(0))), at(0));
  assert.ok(real.due(), 'nothing is stored yet');
  store.write([real.write()]);
  assert.not(real.due());
  assert.is(real.guard(still(at(-DAY))), at(0));
  assert.is(real.guard(still(at(5))), at(5));
  assert.is(restart(store).guard(still(at(-DAY))), at(0));
  real.guard(still(at(MARK_STORED_EVERY - 1)));
  assert.not(real.due());
  real.guard(still(at(MARK_STORED_EVERY)));
  assert.ok(real.due());
  store.write([real.write()]);
  const again = restart(store);
  assert.not(again.due());
  assert.is(again.guard(still(at(0))), at(MARK_STORED_EVERY));
});

guard('while the clock is behind time goes on, a little slower, and is kept in mind', () => {
  const store = new StoreModel();
  const real = new WallGuard();
  const see = (seconds: number, offset: number): number =>
    real.guard({ mono: instant(seconds * 1000), wall: at(offset) }) - START;
  assert.is(see(0, 0), 0);
  store.write([real.write()]);
  assert.is(see(10, -DAY), 9);
  assert.is(see(640, -DAY), 630);
  assert.ok(real.due(), 'though it is no hour');
  store.write([real.write()]);
  assert.is(see(64 * 3600, -DAY), 63 * 3600);
  const again = restart(store);
  assert.is(again.guard({ mono: instant(5), wall: at(-DAY) }), at(630));
  assert.is(again.guard({ mono: instant(64_005), wall: at(-DAY) }), at(630 + 63));
});

guard('a small correction is made up for', () => {
  const real = new WallGuard();
  const see = (seconds: number, offset: number): number =>
    real.guard({ mono: instant(seconds * 1000), wall: at(offset) }) - START;
  assert.is(see(0, 0), 0);
  assert.is(see(64, 59), 63);
  assert.is(see(640, 635), 635);
});

guard('small corrections are no news', () => {
  const real = new WallGuard();
  real.guard(still(at(0)));
  assert.is(real.behind(at(5)), 0);
  assert.is(real.behind(at(-CLOCK_TOLERANCE)), 0);
  assert.is(real.behind(at(-CLOCK_TOLERANCE - 1)), CLOCK_TOLERANCE + 1);
  assert.equal(real.reset(at(-CLOCK_TOLERANCE), at(-DAY)), { ok: false, error: 'not-behind' });
});

guard('an administrator whose clock was in the future can go back', () => {
  const store = new StoreModel();
  const real = new WallGuard();
  real.guard(still(at(400 * DAY)));
  store.write([real.write()]);
  assert.is(real.behind(at(0)), 400 * DAY);
  const reset = real.reset(at(0), at(-DAY));
  assert.ok(reset.ok);
  assert.is(real.guard(still(at(0))), at(400 * DAY), 'not before it is applied');
  store.write(reset.value.writes);
  real.apply(reset.value.writes);
  assert.is(real.guard(still(at(0))), at(0));
  assert.is(restart(store).guard(still(at(1))), at(1));
  assert.is(real.guard(still(at(-DAY))), at(0), 'and not further');
});

guard('a mark that is written while a reset is does not undo it', () => {
  const store = new StoreModel();
  const real = new WallGuard();
  real.guard(still(at(400 * DAY)));
  const reset = real.reset(at(0), at(-DAY));
  assert.ok(reset.ok);
  store.write(reset.value.writes);
  store.write([real.write()]);
  real.apply(reset.value.writes);
  assert.is(real.guard(still(at(0))), at(0));
  assert.is(restart(store).guard(still(at(0))), at(0));
  assert.is(restart(store, true).guard(still(at(0))), at(0), 'in whatever order they come');
  real.guard(still(at(MARK_STORED_EVERY)));
  assert.ok(real.due());
  store.write([real.write()]);
  assert.is(restart(store).guard(still(at(0))), at(MARK_STORED_EVERY));
});

guard('never goes back before the newest license was issued', () => {
  const store = new StoreModel();
  const real = new WallGuard();
  assert.is(resetTo(real, store, at(-1), at(0)), 'before-license');
  assert.is(resetTo(real, store, at(0), at(0)), 'reset');
});

guard('goes back a few times, and once more for a license issued since', () => {
  const store = new StoreModel();
  let real = new WallGuard();
  for (let i = 0; i < CLOCK_RESETS_MAX; i++)
    assert.is(resetTo(real, store, at(i * DAY), at(0)), 'reset');
  assert.is(resetTo(real, store, at(3 * DAY), at(2 * DAY)), 'no-resets-left');
  real = restart(store);
  assert.is(
    resetTo(real, store, at(3 * DAY), at(2 * DAY)),
    'no-resets-left',
    'not after a restart',
  );
  assert.is(resetTo(real, store, at(3 * DAY), at(2 * DAY + 1)), 'reset');
  assert.is(resetTo(real, store, at(4 * DAY), at(2 * DAY + 1)), 'no-resets-left');
});

guard('a reset that failed is none', () => {
  const store = new StoreModel();
  const real = new WallGuard();
  assert.is(resetTo(real, store, at(0), at(0)), 'reset');
  real.guard(still(at(9 * DAY)));
  store.write([real.write()]);
  const reset = real.reset(at(DAY), at(0));
  assert.ok(reset.ok);
  const former = store.entries();
  store.write(reset.value.writes);
  store.write(reset.value.onFailure);
  assert.equal(store.entries(), former);
  assert.is(restart(store).guard(still(at(0))), at(9 * DAY));
  const first = new WallGuard();
  first.guard(still(at(DAY)));
  const failed = first.reset(at(0), at(0));
  assert.ok(failed.ok);
  assert.equal(failed.value.onFailure, [{ key: CLOCK_RESET_KEY, value: null }]);
});

guard('a damaged record is not taken up', () => {
  const real = new WallGuard();
  for (const value of [
    [1, START],
    [1, START, 0, 0],
    [2, START, 0],
    [3, START, 0, 0],
    [1, 'x', 0],
  ])
    assert.not(real.restore(CLOCK_KEY, pack(value)), JSON.stringify(value));
  assert.not(real.restore('clock/other', pack([1, START, 0])));
  assert.is(real.guard(still(at(-1))), at(-1));
  assert.throws(() => real.apply([{ key: CLOCK_KEY, value: pack([1, START, 0]) }]), /no reset/);
});

type Step =
  | { readonly kind: 'see'; readonly wall: number }
  | { readonly kind: 'reset'; readonly wall: number; readonly lands: boolean }
  | { readonly kind: 'license'; readonly issued: number }
  | { readonly kind: 'restart' };

// Ten days, in steps of a quarter of an hour.
const anyWall = fc.nat(960).map((quarters) => quarters * 900);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('see'), wall: anyWall }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('reset'), wall: anyWall, lands: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('license'), issued: anyWall }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
);

/** What must be so of a guard whose mark is stored whenever it is due. */
class Life {
  real = new WallGuard();
  readonly store = new StoreModel();
  /** Nothing is seen below it; a restart may lose an hour. */
  floor = 0;
  newestIssued = 0;
  resets = 0;
  licenses = 0;

  step(step: Step): void {
    switch (step.kind) {
      case 'see': {
        const seen = this.real.guard(still(at(step.wall))) - START;
        assert.ok(seen >= step.wall && seen >= this.floor, `${seen} after ${this.floor}`);
        this.floor = seen;
        if (this.real.due()) this.store.write([this.real.write()]);
        return;
      }
      case 'license':
        if (step.issued > this.newestIssued) this.licenses++;
        this.newestIssued = Math.max(this.newestIssued, step.issued);
        return;
      case 'reset':
        return this.#reset(step.wall, step.lands);
      case 'restart':
        this.real = restart(this.store);
        this.floor = Math.max(0, this.floor - MARK_STORED_EVERY + 1);
    }
  }

  #reset(wall: number, lands: boolean): void {
    const reset = this.real.reset(at(wall), at(this.newestIssued));
    if (!reset.ok) return;
    assert.ok(wall >= this.newestIssued);
    this.store.write(reset.value.writes);
    if (!lands) return this.store.write(reset.value.onFailure);
    this.real.apply(reset.value.writes);
    assert.is(this.real.guard(still(at(0))), at(wall));
    this.floor = wall;
    this.resets++;
    assert.ok(this.resets <= CLOCK_RESETS_MAX + this.licenses);
  }
}

guard('time goes back by resets only, and there are few', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 80, size: 'max' }), (steps) => {
      const life = new Life();
      for (const step of steps) life.step(step);
    }),
    { numRuns: 300 },
  );
});

guard.run();
