/** Records of moves, when they are over. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BELIEF_MS, dyingOwner, show } from './adoption-rig.ts';
import { RegisterLine } from './register-bench.ts';
import type { SiteRig } from './site-rig.ts';

const struck = suite('records of moves');

struck('the register keeps nothing of a move that is long over', () => {
  const scene = dyingOwner(2);
  const { rig, others } = scene;
  const [other] = others;
  assert.ok(other);
  show(scene, other);
  const moves = () => [...rig.register.kept.keys()].filter((key) => key.startsWith('moved/'));
  assert.is(moves().length, 1);
  rig.pass(BELIEF_MS, others);
  assert.is(moves().length, 0);
});

const movesIn = ({ register }: SiteRig): readonly string[] =>
  [...register.kept.keys()].filter((key) => key.startsWith('moved/'));

struck('nor if it did not hear that at first', () => {
  const scene = dyingOwner(2);
  const { rig, others } = scene;
  const [other] = others;
  assert.ok(other);
  show(scene, other);
  rig.register.deafTo = ({ writes }) => writes.some(({ value }) => value === null);
  rig.pass(BELIEF_MS, others);
  assert.is(movesIn(rig).length, 1);
  rig.register.deafTo = () => false;
  rig.pass(1000, others);
  assert.is(movesIn(rig).length, 0);
});

struck('nor if who took it over has started anew meanwhile, and counts from then', () => {
  const lines: RegisterLine[] = [];
  const scene = dyingOwner(3, (register) => {
    const line = new RegisterLine(register);
    lines.push(line);
    return line;
  });
  const { rig, others } = scene;
  const [first] = others;
  assert.ok(first);
  show(scene, first);
  const line = lines[rig.members.indexOf(first)];
  assert.ok(line);
  line.deafTo = ({ writes }) => writes.some(({ value }) => value === null);
  rig.pass(BELIEF_MS, others);
  assert.is(movesIn(rig).length, 0);
});

struck('a lease has its seat where others are withheld that are not there any more', () => {
  const scene = dyingOwner(2);
  const { rig, others } = scene;
  const [other] = others;
  assert.ok(other);
  show(scene, other);
  const [key = ''] = movesIn(rig);
  const move = rig.register.kept.get(key)?.value;
  assert.ok(move);
  // Of another client's, long over: nobody has struck it.
  const late = dyingOwner(2);
  const stale = key.replace(/[0-9a-f]{64}/, '7'.repeat(64));
  late.rig.register.write(stale, move);
  late.rig.pass(500, late.others);
  const [heir] = late.others;
  assert.ok(heir);
  assert.is(show(late, heir)[1], 'granted');
});

struck.run();
