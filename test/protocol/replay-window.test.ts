import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isFresh, markSeen, REPLAY_WINDOW } from '../../protocol/replay-window.ts';

const window = suite('replay window');

/** Everything seen, and the rule in words: not seen, and not too far behind. */
class NaiveWindow {
  readonly #seen = new Set<number>();
  #highest = 0;

  isFresh(number: number): boolean {
    return !this.#seen.has(number) && number > this.#highest - REPLAY_WINDOW;
  }

  markSeen(number: number): void {
    this.#seen.add(number);
    this.#highest = Math.max(this.#highest, number);
  }
}

const check = (numbers: readonly number[]): void => {
  const naive = new NaiveWindow();
  let highest = 0;
  let bits = 0;
  for (const number of numbers) {
    const fresh = isFresh(highest, bits, number);
    assert.is(fresh, naive.isFresh(number), `${number} after ${numbers}`);
    if (!fresh) continue;
    naive.markSeen(number);
    bits = markSeen(highest, bits, number);
    highest = Math.max(highest, number);
  }
};

window('knows what a set of everything knows', () => {
  const near = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 200 });
  fc.assert(fc.property(near, check));
});

window('jumps of any size, up to the last number, leave no old bit behind', () => {
  const anywhere = fc.oneof(
    fc.integer({ min: 1, max: 40 }),
    fc
      .constantFrom(2 ** 31, 2 ** 32, 2 ** 32 + 31, 2 ** 32 + 32)
      .chain((base) => fc.integer({ min: base - 40, max: base + 40 })),
    fc.integer({ min: Number.MAX_SAFE_INTEGER - 40, max: Number.MAX_SAFE_INTEGER }),
  );
  fc.assert(fc.property(fc.array(anywhere, { maxLength: 100 }), check));
});

window('the same number is new once', () => {
  check([1, 1, 33, 1, 2, 2, 33, 34, 2, 3]);
});

window.run();
