import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { QUEUE_MAX, type Waiter, WaitQueue } from '../../../../agent/core/seats/wait-queue.ts';

const queue = suite('wait queue');

type Step =
  | {
      readonly kind: 'add';
      readonly slot: number;
      readonly group: string;
      readonly priority: number;
      readonly reserved: readonly string[];
    }
  | { readonly kind: 'remove'; readonly slot: number }
  | { readonly kind: 'giveTurn'; readonly slot: number }
  | { readonly kind: 'yield'; readonly slot: number; readonly isYielding: boolean };

const slot = fc.nat(12);
const group = fc.constantFrom('cad', 'cad developer');
const priority = fc.nat(2);
const reserved = fc.subarray(['art', 'crew']);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('add'), slot, group, priority, reserved }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), slot }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('giveTurn'), slot }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('yield'), slot, isYielding: fc.boolean() }),
  },
);

interface Modelled {
  readonly waiter: Waiter;
  turn: string | undefined;
  isYielding: boolean;
}

/** The same as a plain list in the order of coming, searched from end to end. */
class ListModel {
  all: Modelled[] = [];

  find(slot: number): Modelled | undefined {
    return this.all.find(({ waiter }) => waiter.slot === slot);
  }

  inOrder(): readonly Modelled[] {
    return [2, 1, 0].flatMap((priority) =>
      this.all.filter(({ waiter }) => waiter.priority === priority),
    );
  }

  ahead(one: Modelled): number {
    if (one.turn !== undefined) return 0;
    const ordered = this.inOrder();
    const mates = ordered.filter(({ waiter }) => waiter.group === one.waiter.group);
    return mates.filter(
      (mate) => mate.turn !== undefined || ordered.indexOf(mate) < ordered.indexOf(one),
    ).length;
  }
}

const apply = (real: WaitQueue<string>, model: ListModel, move: Step, sequence: number): void => {
  const known = model.find(move.slot);
  switch (move.kind) {
    case 'add': {
      if (known !== undefined) return;
      const waiter = { ...move, sequence };
      assert.ok(real.add(waiter));
      model.all.push({ waiter, turn: undefined, isYielding: false });
      return;
    }
    case 'remove':
      real.remove(move.slot);
      model.all = model.all.filter((other) => other !== known);
      return;
    case 'giveTurn': {
      if (known === undefined || known.turn !== undefined) return;
      const claim = `seat ${sequence}`;
      real.giveTurn(move.slot, claim);
      known.turn = claim;
      return;
    }
    case 'yield':
      real.setYielding(move.slot, move.isYielding);
      if (known !== undefined) known.isYielding = move.isYielding;
  }
};

const compare = (real: WaitQueue<string>, model: ListModel): void => {
  assert.is(real.size, model.all.length);
  assert.equal(
    [...real.inOrder()],
    model.inOrder().map(({ waiter }) => waiter),
  );
  for (const one of model.all) {
    assert.is(real.get(one.waiter.slot), one.waiter);
    assert.is(real.ahead(one.waiter.slot), model.ahead(one));
    assert.is(real.turn(one.waiter.slot), one.turn);
  }
  for (const name of ['cad', 'cad developer']) {
    for (const newcomer of [0, 1, 2]) {
      const overtaken = model.all.filter(
        ({ waiter, turn, isYielding }) =>
          waiter.group === name && turn === undefined && !isYielding && waiter.priority >= newcomer,
      );
      assert.is(real.blocks(name, newcomer, []), overtaken.length > 0);
      const mates = overtaken.filter(({ waiter }) => waiter.reserved.includes('art'));
      assert.is(real.blocks(name, newcomer, ['art']), mates.length > 0);
    }
  }
};

queue('does what a plain list does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const real = new WaitQueue<string>();
      const model = new ListModel();
      steps.forEach((move, sequence) => {
        apply(real, model, move, sequence);
        compare(real, model);
      });
      for (const { waiter } of model.all) real.remove(waiter.slot);
      assert.is(real.size, 0);
      assert.not(real.blocks('cad', 0, []));
    }),
  );
});

const waiter = (slot: number, priority = 0): Waiter => ({
  slot,
  group: 'cad',
  priority,
  sequence: slot,
  reserved: [],
});

queue('a full queue takes nobody until somebody leaves', () => {
  const real = new WaitQueue<string>();
  for (let slot = 0; slot < QUEUE_MAX; slot++) assert.ok(real.add(waiter(slot)));
  assert.not(real.add(waiter(QUEUE_MAX)));
  assert.not(real.has(QUEUE_MAX));
  assert.is(real.ahead(QUEUE_MAX - 1), QUEUE_MAX - 1);
  real.remove(17);
  assert.ok(real.add(waiter(QUEUE_MAX)));
  assert.is(real.ahead(QUEUE_MAX), QUEUE_MAX - 1);
});

queue('whose turn it is blocks no newcomer and stays ahead of the others', () => {
  const real = new WaitQueue<string>();
  real.add(waiter(1));
  real.add(waiter(2, 5));
  assert.ok(real.blocks('cad', 5, []));
  assert.not(real.blocks('cad', 6, []));
  real.giveTurn(1, 'the seat at the window');
  assert.is(real.ahead(2), 1, 'even though its priority is higher');
  assert.is(real.ahead(1), 0);
  real.remove(1);
  real.giveTurn(2, 'the same seat');
  assert.not(real.blocks('cad', 0, []));
  assert.is(real.turn(2), 'the same seat');
});

queue('who leaves while the queue is walked through does not confuse the walk', () => {
  const real = new WaitQueue<string>();
  for (let slot = 0; slot < 9; slot++) real.add(waiter(slot));
  const met: number[] = [];
  for (const { slot } of real.inOrder()) {
    met.push(slot);
    real.remove(slot);
  }
  assert.equal(met, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

queue('waiting twice, a place or a turn for nobody, and a second turn are bugs', () => {
  const real = new WaitQueue<string>();
  real.add(waiter(1));
  assert.throws(() => real.add(waiter(1)), /twice/);
  assert.throws(() => real.ahead(2), /does not wait/);
  assert.throws(() => real.giveTurn(2, 'seat'), /nobody/);
  real.giveTurn(1, 'seat');
  assert.throws(() => real.giveTurn(1, 'seat'), /nobody/);
});

queue.run();
