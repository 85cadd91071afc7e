/** Who tells of a death, and of its end: by the register, one each. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { answerIn, DEATH_MS, deadAt, forget, found, idOf, tell } from './dead-rig.ts';
import type { SiteMember } from './site-rig.ts';

const cards = suite('deaths that are told');

/** Of each of them, where it knows the ends to be told of deaths that are over. */
const endsAt = (...members: readonly SiteMember[]): readonly (readonly string[])[] =>
  members.map((member) => {
    const outcome = answerIn(member.operate({ kind: 'site-dead' }));
    assert.ok(outcome.kind === 'site-dead');
    return outcome.over.map(({ name, end }) => `${name} ${end}`);
  });

cards('a death is told by the first that asks for it, and anew when it has died anew', () => {
  const [rig, one, two, three] = found('box-1', 'box-2', 'box-3');
  assert.ok(one && two && three);
  const member = idOf(3);
  rig.pass(DEATH_MS, [one, two]);
  for (const asking of [two, one]) tell(asking, member, 'death');
  rig.pass(500, [one, two]);
  const told = [one, two].map((asked) => deadAt(asked)?.map((dead) => dead.told));
  assert.equal(told, [['elsewhere'], ['here']]);
  rig.pass(2000);
  assert.equal(deadAt(one), []);
  rig.pass(DEATH_MS, [one, two]);
  assert.equal(deadAt(one), [{ id: member, name: 'box-3', told: 'nowhere' }]);
});

cards('the end of a death that was told is told by the first that asks for it', () => {
  const [rig, one, two, three, four] = found('box-1', 'box-2', 'box-3', 'box-4');
  assert.ok(one && two && three && four);
  const member = idOf(4);
  rig.pass(DEATH_MS, [one, two, three]);
  tell(three, member, 'death');
  rig.pass(DEATH_MS, [one, two]);
  tell(one, member, 'end');
  assert.equal(endsAt(one, two), [[], []], 'it is dead yet');
  // The one that has told it is gone, and stays so.
  rig.pass(1000, [one, two, four]);
  assert.equal(endsAt(one, two), [['box-4 nowhere'], ['box-4 nowhere']]);
  two.isLate = ({ writes }) => writes.length > 0;
  two.operate({ kind: 'site-tell', member, what: 'end' });
  tell(one, member, 'end');
  two.answerLate();
  rig.pass(500, [one, two, four]);
  assert.equal(endsAt(one, two), [['box-4 here'], ['box-4 elsewhere']]);
  // It comes back after all, and knows that the end was told.
  rig.pass(2000);
  tell(three, member, 'end');
  assert.equal(endsAt(three), [['box-4 elsewhere']]);
});

cards('who is forgotten is told of no more, and so is a death of before', () => {
  const [rig, one, two, three] = found('box-1', 'box-2', 'box-3');
  assert.ok(one && two && three);
  const member = idOf(3);
  rig.pass(DEATH_MS, [one, two]);
  tell(one, member, 'death');
  forget(two, 'box-3');
  rig.pass(500, [one, two]);
  assert.equal(endsAt(one, two), [['box-3 nowhere'], ['box-3 nowhere']]);
  tell(one, member, 'end');
  rig.pass(2000);
  rig.pass(DEATH_MS, [one, two]);
  assert.equal(endsAt(one, two), [['box-3 here'], ['box-3 elsewhere']]);
  tell(two, member, 'death');
  assert.equal(deadAt(two), [{ id: member, name: 'box-3', told: 'here' }]);
  assert.equal(endsAt(two), [[]]);
});

cards('who is forgotten is not told of in the first place', () => {
  const [rig, one, two] = found('box-1', 'box-2');
  assert.ok(one && two);
  rig.pass(DEATH_MS, [one]);
  forget(one, 'box-2');
  tell(one, idOf(2), 'death');
  rig.pass(2000);
  assert.equal(endsAt(one, two), [[], []]);
});

cards.run();
