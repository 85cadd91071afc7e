import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Rules } from '../../../../agent/core/rules/rules.ts';
import { withheldSeats } from '../../../../agent/core/rules/withheld-seats.ts';
import {
  CLASSES,
  groupLines,
  Model,
  moves,
  seats,
  suffices,
  USERS,
  wishes,
  wishOf,
} from './lending-model.ts';
import { asker, rulesOf } from './rules-rig.ts';

const withheld = suite('withheld seats');

type Free = Readonly<Record<string, number>>;

const kept = (rules: Rules, user: string, className: string, free: Free, held: Free = {}): number =>
  withheldSeats(
    rules,
    asker(user),
    { product: 'p', class: className },
    {
      kept: rules.reservations({ product: 'p' }),
      free: (one) => free[one] ?? 0,
      taken: (key) => held[key] ?? 0,
    },
  ).seats;

withheld('what is not taken up yet is kept from others and not from those it is for', () => {
  const rules = rulesOf('reserve 2 p for user ann');
  assert.is(kept(rules, 'bob', 'generic', { generic: 5 }), 2);
  assert.is(kept(rules, 'bob', 'generic', { generic: 5 }, { 'reserve/1': 1 }), 1);
  assert.is(kept(rules, 'bob', 'generic', { generic: 5 }, { 'reserve/1': 7 }), 0);
  assert.is(kept(rules, 'bob', 'generic', { generic: 1 }), 1, 'never more than there are');
  assert.is(kept(rules, 'ann', 'generic', { generic: 5 }), 0);
  assert.is(kept(rules, 'bob', 'dev', { dev: 3, generic: 1 }), 2, 'of whatever class is asked for');
  assert.is(kept(rulesOf('reserve 2 q for user ann'), 'bob', 'dev', { dev: 3 }), 0);
});

withheld('a class keeps its own seats first, and generic ones for the rest', () => {
  const rules = rulesOf('reserve 2 p/dev for user ann');
  assert.is(kept(rules, 'bob', 'dev', { dev: 3, generic: 2 }), 2);
  assert.is(kept(rules, 'bob', 'exec', { dev: 2, exec: 1, generic: 2 }), 0);
  assert.is(kept(rules, 'bob', 'exec', { dev: 1, exec: 1, generic: 2 }), 1);
  assert.is(kept(rules, 'bob', 'generic', { dev: 0, generic: 2 }), 2);
  assert.is(kept(rules, 'ann', 'dev', { dev: 1, generic: 1 }), 0);
  assert.is(kept(rules, 'ann', 'exec', { exec: 0, generic: 2 }), 2, 'that is no seat of dev');
  const two = rulesOf('reserve 2 p/dev for user ann', 'reserve 2 p/dev for user eve');
  assert.is(kept(two, 'bob', 'exec', { dev: 3, generic: 2 }), 1);
  const generic = rulesOf('reserve 1 p/generic for user ann');
  assert.is(kept(generic, 'bob', 'dev', { dev: 2, generic: 2 }), 1);
  assert.is(kept(generic, 'bob', 'generic', { generic: 2 }), 1);
});

withheld(
  'where there are too few seats an earlier line comes first, and none blocks another',
  () => {
    const rules = rulesOf('reserve 3 p for user ann', 'reserve 3 p for user eve');
    assert.is(kept(rules, 'ann', 'generic', { generic: 4 }), 1, 'the last one is for eve');
    assert.is(kept(rules, 'ann', 'generic', { generic: 3 }), 0);
    assert.is(kept(rules, 'eve', 'generic', { generic: 4 }), 3);
    assert.is(kept(rules, 'eve', 'generic', { generic: 3 }), 3);
    assert.is(kept(rules, 'eve', 'generic', { generic: 1 }, { 'reserve/1': 3 }), 0);
    assert.is(kept(rules, 'ann', 'generic', { generic: 2 }, { 'reserve/1': 3 }), 2);
  },
);

withheld('limits hold, the excluded hold nothing, and no grant eats what is reserved', () => {
  let granted = 0;
  let refused = 0;
  fc.assert(
    fc.property(wishes, seats, moves, (all, free, steps) => {
      const model = new Model(all, free);
      const sufficed = (): boolean => CLASSES.every((one) => suffices(model, all, one));
      for (const step of steps) {
        const before = sufficed();
        if (typeof step === 'number') {
          model.release(step);
          continue;
        }
        if (model.acquire(step.user, step.asked)) granted++;
        else refused++;
        assert.ok(!before || sufficed(), 'a grant ate a reserved seat');
        for (const wish of all) {
          if (wish.kind === 'exclude') assert.is(model.held(wish), 0);
          if (wish.kind !== 'limit') continue;
          for (const user of wish.each ? USERS : [undefined]) {
            assert.ok(model.held(wish, user) <= wish.count, wish.line);
          }
        }
      }
    }),
    { numRuns: 1_500 },
  );
  assert.ok(granted > 1_000 && refused > 1_000, `${granted} granted, ${refused} refused`);
});

/** Each user has at most one reservation, so that none is taken up by a seat of another. */
const ownReservations = fc
  .array(fc.tuple(fc.nat(3), fc.constantFrom(...CLASSES)), { minLength: 1, maxLength: 4 })
  .map((all) =>
    all.map(([count, className], index) =>
      wishOf('reserve', count + 1, className, [USERS[index] ?? 'u0'], false),
    ),
  );

withheld('whoever has a reservation gets it in full, at any time and in any order', () => {
  let played = 0;
  const order = fc.array(fc.nat(100), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(ownReservations, seats, moves, order, (reserved, free, steps, picks) => {
      const model = new Model([...reserved, ...groupLines(reserved)], free);
      if (!suffices(model, reserved, 'generic')) return;
      played++;
      for (const step of steps) {
        if (typeof step === 'number') model.release(step);
        else model.acquire(step.user, step.asked);
        const future = model.copy();
        for (const pick of picks) {
          const open = reserved.filter((wish) => future.unmet(wish) > 0);
          const wish = open[pick % Math.max(1, open.length)];
          if (wish === undefined) break;
          const className = CLASSES.find((one) => wish.line.includes(`p/${one} `)) ?? 'generic';
          const user = USERS.find((one) => wish.fits(one, className)) ?? '';
          assert.ok(future.acquire(user, className), wish.line);
        }
      }
    }),
    { numRuns: 600 },
  );
  assert.ok(played > 50, `${played} played`);
});

withheld('with too few seats for all, the first line still gets every seat that is free', () => {
  fc.assert(
    fc.property(ownReservations, seats, fc.nat(5), (reserved, free, taken) => {
      const rules = rulesOf(...[...reserved, ...groupLines(reserved)].map(({ line }) => line));
      const first = reserved[0];
      const className = CLASSES.find((one) => first?.line.includes(`p/${one} `)) ?? 'generic';
      const all = free.generic + (className === 'generic' ? 0 : free[className]);
      const unmet = Math.max(0, (first?.count ?? 0) - taken);
      const less = kept(rules, 'u0', className, free, { 'reserve/1': taken });
      assert.ok(all - less >= Math.min(unmet, all));
    }),
  );
});

withheld.run();
