import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takenUp } from '../../../../agent/core/rules/taken-up.ts';
import { rulesOf, target } from './rules-rig.ts';

const taken = suite('reservations taken up');

const TARGET = target('p');

const takenOf = (lines: readonly string[], held: Readonly<Record<string, number>>) =>
  Object.fromEntries(takenUp(rulesOf(...lines).reservations(TARGET), Object.entries(held)));

const TWO = ['reserve 1 p for user ann', 'reserve 2 p for user a*'];

taken('a seat that fits two lines takes up one, the first that has room', () => {
  assert.equal(takenOf(TWO, { 'reserve/1+2': 1 }), { 'reserve/1': 1 });
  assert.equal(takenOf(TWO, { 'reserve/1+2': 2 }), { 'reserve/1': 1, 'reserve/2': 1 });
  const full = { 'reserve/1': 1, 'reserve/2': 2 };
  assert.equal(takenOf(TWO, { 'reserve/1+2': 9 }), full, 'no more than is kept');
});

taken('whoever fits one line only comes before those who have a choice', () => {
  assert.equal(takenOf(TWO, { 'reserve/1+2': 1, 'reserve/1': 1 }), {
    'reserve/1': 1,
    'reserve/2': 1,
  });
});

taken('a seat with a choice leaves its line to one that fits no other with room', () => {
  const lines = ['reserve 1 p for user a*', 'reserve 1 p for user ann', 'reserve 1 p for user al*'];
  const all = { 'reserve/1': 1, 'reserve/2': 1, 'reserve/3': 1 };
  assert.equal(takenOf(lines, { 'reserve/1+2': 2, 'reserve/1+3': 1 }), all);
  assert.equal(takenOf(lines, { 'reserve/1+3': 2, 'reserve/1+2': 1 }), all);
});

taken('a reservation of one class is taken up before those of any', () => {
  const lines = ['reserve 1 p for user ann', 'reserve 1 p/dev for user ann'];
  assert.equal(takenOf(lines, { 'reserve/1+2': 1 }), { 'reserve/2': 1 });
});

taken('limits and reservations of other products take up nothing', () => {
  assert.equal(takenOf([...TWO, 'reserve 1 q for user ann'], { 'limit/1': 3, 'reserve/3': 1 }), {});
});

const counts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

const fits = fc.array(
  fc.tuple(fc.subarray([1, 2, 3, 4], { minLength: 1 }), fc.integer({ min: 1, max: 3 })),
);

taken('each seat is counted once, and not at all only when its lines are full', () => {
  fc.assert(
    fc.property(counts, fits, (most, all) => {
      const rules = rulesOf(...most.map((count, i) => `reserve ${count} p for user u${i}`));
      const held = new Map(all.map(([lines, seats]) => [`reserve/${lines.join('+')}`, seats]));
      const found = takenUp(rules.reservations(TARGET), held);
      const sum = (numbers: readonly number[]) => numbers.reduce((one, more) => one + more, 0);
      const takenOn = (line: number) => found.get(`reserve/${line}`) ?? 0;
      for (const [i, count] of most.entries()) assert.ok(takenOn(i + 1) <= count);
      assert.ok(sum([...found.values()]) <= sum([...held.values()]));
      for (const [key, seats] of held) {
        const lines = key.slice('reserve/'.length).split('+').map(Number);
        const hasRoom = lines.some((line) => takenOn(line) < (most[line - 1] ?? 0));
        assert.ok(!hasRoom || sum(lines.map(takenOn)) >= seats, key);
      }
    }),
  );
});

taken.run();
