import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeBeliefs, judgeMoves, type Mark } from './beliefs.ts';

const mark = (at: number, client: string, kind: Mark['kind'], lease = client, why = ''): Mark => ({
  at,
  client,
  kind,
  lease,
  why,
});

test('as many as there are seats may believe, one after the other', () => {
  const marks = [
    mark(1, 'a', 'begins'),
    mark(2, 'b', 'begins'),
    mark(3, 'c', 'begins'),
    mark(3, 'a', 'ceases', 'a', 'done'),
  ];
  const { faults, most, seats, fullAt, held, lost } = judgeBeliefs(marks, 2);
  assert.equal([faults, most, seats, fullAt, held, lost], [[], 2, 3, 3, 2, 0]);
});

test('one believer too many is a fault, and so are two in one lease', () => {
  const many = judgeBeliefs([mark(1, 'a', 'begins'), mark(2, 'b', 'begins')], 1);
  assert.equal(many.faults, ['2: 2 believe, b last']);
  const twice = judgeBeliefs([mark(1, 'a', 'begins', 'x'), mark(2, 'b', 'begins', 'x')], 5);
  assert.equal(twice.faults, ['2: b and a have x']);
});

test('what was lost counts until it is had again, and silences until something is heard', () => {
  const marks = [
    mark(0, 'a', 'begins'),
    mark(4, 'a', 'hears-nothing'),
    mark(5, 'a', 'hears-nothing'),
    mark(7, 'a', 'hears'),
    mark(10, 'a', 'ceases', 'a', 'not-renewed'),
    mark(15, 'a', 'begins', 'b'),
    mark(20, 'a', 'ceases', 'b', 'done'),
  ];
  const { held, without, lost, silences } = judgeBeliefs(marks, 1);
  assert.equal([held, without, lost, silences], [15, 5, 1, [3]]);
});

test('who never has a seat again that he lost was without to the end', () => {
  const marks = [
    mark(0, 'a', 'begins'),
    mark(10, 'a', 'ceases', 'a', 'not-renewed'),
    mark(5, 'b', 'begins'),
    mark(30, 'b', 'ceases', 'b', 'done'),
  ];
  const { held, without, lost } = judgeBeliefs(marks, 2);
  assert.equal([held, without, lost], [35, 20, 1]);
});

test('a seat has moved when another agent is heard before it is lost', () => {
  const marks = [
    mark(0, 'a', 'begins', 'x', 'box1'),
    mark(0, 'b', 'begins', 'y', 'box1'),
    mark(0, 'c', 'begins', 'z', 'box2'),
    mark(12, 'a', 'hears-nothing', 'x'),
    mark(13, 'a', 'hears', 'x2', 'box2'),
    mark(14, 'b', 'hears', 'y', 'box1'),
    mark(15, 'c', 'hears', 'z2', 'box3'),
    mark(32, 'b', 'ceases', 'y', 'not-renewed'),
  ];
  const deaths = [
    { at: 10, agent: 'box1' },
    { at: 30, agent: 'box1' },
  ];
  assert.equal(judgeMoves(marks, deaths), [{ from: 10, to: 13 }]);
});

test.run();
