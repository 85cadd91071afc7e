import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nextStageChange, type Stage, seatsAt } from '../../protocol/stages.ts';
import { epochSeconds } from '../../protocol/units.ts';
import { anyDate } from './arbitrary.ts';
import { anyStage } from './arbitrary-license.ts';

const stageOf = (from: number, until: number | null, seats: number): Stage => ({
  from: epochSeconds(from),
  until: until === null ? null : epochSeconds(until),
  seats,
});

const at = (stages: readonly Stage[], wall: number): number =>
  seatsAt({ seats: 10, stages }, epochSeconds(wall));

const next = (stages: readonly Stage[], wall: number): number | undefined =>
  nextStageChange(stages, epochSeconds(wall));

const stages = suite('stages');

stages('a stage counts from its first second on and before its last', () => {
  const march = [stageOf(100, 200, 15)];
  assert.equal(
    [99, 100, 199, 200].map((wall) => at(march, wall)),
    [10, 15, 15, 10],
  );
  assert.equal(
    [99, 100, 199, 200].map((wall) => next(march, wall)),
    [100, 200, 200, undefined],
  );
  const forever = [stageOf(100, null, 3)];
  assert.equal(
    [99, 100, 4_000_000_000].map((wall) => at(forever, wall)),
    [10, 3, 3],
  );
  assert.is(next(forever, 100), undefined);
});

stages('of two stages the later in the list counts', () => {
  const two = [stageOf(100, null, 5), stageOf(150, 160, 20)];
  assert.equal(
    [120, 150, 160].map((wall) => at(two, wall)),
    [5, 20, 5],
  );
  assert.equal(
    [120, 150, 160].map((wall) => at(two.toReversed(), wall)),
    [5, 5, 5],
  );
});

const anyStages = fc.array(anyStage, { maxLength: 6 });
/** Times near the stages' ends, and any. */
const anyTime = fc.oneof(fc.nat(45).map(epochSeconds), anyDate);

stages('the seats at a time are those of a naive model', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), anyStages, anyTime, (seats, list, wall) => {
      let expected = seats;
      for (const { from, until, seats: staged } of list) {
        if (from <= wall && wall < (until ?? Number.POSITIVE_INFINITY)) expected = staged;
      }
      assert.is(seatsAt({ seats, stages: list }, wall), expected);
    }),
    { numRuns: 2000 },
  );
});

stages('no seats change before the next change, and every change is announced', () => {
  fc.assert(
    fc.property(anyStages, fc.nat(45), fc.nat(45), (list, now, length) => {
      const announced = next(list, now) ?? Number.POSITIVE_INFINITY;
      assert.ok(announced > now);
      const later = now + length;
      if (later < announced) assert.is(at(list, later), at(list, now));
    }),
    { numRuns: 2000 },
  );
});

stages.run();
