import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isFresh, markSeen, REPLAY_WINDOW } from '../../protocol/replay-window.ts';

/** What the window is meant to be: every number heard, and how far back it looks. */
class Model {
  readonly #heard = new Set<number>();
  #highest = 0;

  hear(number: number): boolean {
    const fresh = !this.#heard.has(number) && number > this.#highest - REPLAY_WINDOW;
    if (fresh) {
      this.#heard.add(number);
      this.#highest = Math.max(this.#highest, number);
    }
    return fresh;
  }
}

class Window {
  #highest = 0;
  #bits = 0;

  hear(number: number): boolean {
    const fresh = isFresh(this.#highest, this.#bits, number);
    if (fresh) {
      this.#bits = markSeen(this.#highest, this.#bits, number);
      this.#highest = Math.max(this.#highest, number);
      assert.ok(this.#bits >= 0 && this.#bits <= 0xffff_ffff, 'the bits leave their column');
    }
    return fresh;
  }
}

const window = suite('replay window');

window('it takes what a set of all numbers heard would take', () => {
  const near = fc.integer({ min: -40, max: 40 });
  const step = fc.oneof(near, near, fc.constantFrom(31, 32, 33, -31, -32, -33, 1000));
  const start = fc.constantFrom(0, 100, 2 ** 31 - 5, 2 ** 32 - 5, Number.MAX_SAFE_INTEGER - 5000);
  fc.assert(
    fc.property(start, fc.array(step, { maxLength: 100 }), (first, steps) => {
      const [model, own] = [new Model(), new Window()];
      let number = first;
      for (const by of steps) {
        number = Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, number + by));
        assert.is(own.hear(number), model.hear(number), `number ${number}`);
      }
    }),
    { numRuns: 2000 },
  );
});

window('no number is taken twice', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { maxLength: 200 }), (numbers) => {
      const own = new Window();
      const taken = numbers.filter((number) => own.hear(number));
      assert.is(new Set(taken).size, taken.length);
    }),
  );
});

window('numbers in order are all taken', () => {
  const own = new Window();
  for (let number = 1; number <= 200; number++) assert.ok(own.hear(number));
});

window.run();
