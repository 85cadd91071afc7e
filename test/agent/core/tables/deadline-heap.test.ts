import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DeadlineHeap } from '../../../../agent/core/tables/deadline-heap.ts';
import { instant } from '../../../../protocol/units.ts';

const heap = suite('deadline heap');

type Step =
  | { readonly kind: 'set'; readonly slot: number; readonly deadline: number }
  | { readonly kind: 'remove'; readonly slot: number }
  | { readonly kind: 'takeDue'; readonly now: number; readonly most: number };

const slot = fc.nat(40);
// Few different times, so that equal deadlines are common.
const time = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('set'), slot, deadline: time }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), slot }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('takeDue'), now: time, most: fc.nat(6) }) },
);

/** The same as a plain table, sorted whenever somebody asks. */
class SortedModel {
  readonly deadlines = new Map<number, number>();

  next(): number | undefined {
    return [...this.deadlines.values()].sort((left, right) => left - right)[0];
  }

  due(now: number, most: number): readonly number[] {
    const due = [...this.deadlines.values()].filter((deadline) => deadline <= now);
    return due.sort((left, right) => left - right).slice(0, most);
  }
}

const apply = (real: DeadlineHeap, model: SortedModel, move: Step): void => {
  switch (move.kind) {
    case 'set':
      real.set(move.slot, instant(move.deadline));
      model.deadlines.set(move.slot, move.deadline);
      return;
    case 'remove':
      real.remove(move.slot);
      model.deadlines.delete(move.slot);
      return;
    case 'takeDue': {
      const wanted = model.due(move.now, move.most);
      const taken = real.takeDue(instant(move.now), move.most);
      const deadlines = taken.map((one) => model.deadlines.get(one));
      assert.equal(deadlines, wanted, 'earliest first, whichever of equal ones');
      for (const one of taken) model.deadlines.delete(one);
    }
  }
};

heap('does what a sorted table does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const real = new DeadlineHeap();
      const model = new SortedModel();
      for (const move of steps) {
        apply(real, model, move);
        assert.is(real.size, model.deadlines.size);
        const [next, earliest] = [real.next(), model.next()];
        assert.is(next === undefined, earliest === undefined);
        assert.ok((next ?? 0) <= (earliest ?? 0), 'nobody is called too late');
      }
      for (const [one, deadline] of model.deadlines) {
        assert.ok(real.has(one));
        assert.is(real.deadline(one), deadline);
      }
    }),
  );
});

heap('a deadline that moves leaves nothing behind', () => {
  const real = new DeadlineHeap();
  for (let time = 0; time < 1000; time++) real.set(7, instant(time));
  assert.is(real.size, 1);
  assert.equal(real.takeDue(instant(998), 9), []);
  assert.is(real.next(), 999, 'who has looked once knows when to look again');
  assert.equal(real.takeDue(instant(999), 9), [7]);
  assert.is(real.next(), undefined);
});

heap('many that have moved on are looked at in several calls, and none is taken too soon', () => {
  const real = new DeadlineHeap();
  const count = 10_000;
  for (let slot = 0; slot < count; slot++) real.set(slot, instant(1));
  for (let slot = 0; slot < count; slot++) real.set(slot, instant(slot === 77 ? 5 : 9));
  const taken: number[] = [];
  let calls = 0;
  for (; (real.next() ?? 9) <= 5; calls++) taken.push(...real.takeDue(instant(5), count));
  assert.equal(taken, [77]);
  assert.ok(calls > 1, `${calls} calls`);
  assert.is(real.size, count - 1);
});

heap('removing what has no deadline changes nothing', () => {
  const real = new DeadlineHeap();
  real.set(1, instant(5));
  real.remove(2);
  real.remove(5000);
  assert.is(real.size, 1);
});

heap.run();
