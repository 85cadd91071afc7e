import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plainPool } from '../../../plain-license.ts';
import { SiteRig } from '../site/site-rig.ts';
import {
  answerIn,
  ask,
  assign,
  assigning,
  codeOf,
  found,
  isOfUsers,
  recall,
  sentences,
  settled,
  TERMS,
  usersOf,
  viewsOf,
} from './user-rig.ts';

const shared = suite('the named users of a site');

shared('who is assigned or recalled on one member is so on all, and who did it is told', () => {
  const [rig, one, other] = found();
  assert.ok(one && other);
  const effects = settled(
    one,
    one.step({ kind: 'operator', number: 7, operation: assigning('Ann', 'bob'), who: 'eve' }),
  );
  assert.is(codeOf(answerIn(effects)), 'user-assign');
  assert.is(usersOf(one), 'Ann bob');
  const told = sentences(rig.pass(1500));
  assert.is(usersOf(other), 'Ann bob');
  assert.equal(
    told.filter((text) => /named users/.test(text)),
    [
      "The site's named users were taken up here, as changed by eve on rig: 2 new or changed, 0 gone.",
    ],
  );
  assert.is(recall(other, 'ANN').kind, 'user-recall');
  assert.is(usersOf(other), 'bob');
  rig.pass(1500);
  assert.is(usersOf(one), 'bob');
  assert.equal(viewsOf(one), viewsOf(other));
  assert.equal(sentences(rig.pass(5000)), [], 'and that is all');
});

shared('of two at once the later one is planned anew, and both are done', () => {
  const [rig, one, other] = found();
  assert.ok(one && other);
  assign(one, 'ann');
  // The other has not read it yet.
  assert.is(answerIn(settled(other, other.operate(assigning('bob'))))?.kind, 'user-assign');
  rig.pass(1500);
  assert.equal([usersOf(one), usersOf(other)], ['ann bob', 'ann bob']);
  assert.is(recall(one, 'ann').kind, 'user-recall');
  const again = recall(other, 'ann');
  assert.equal(again.kind === 'user-recall' && [again.recalled, again.unknown], [[], ['ann']]);
});

shared('together no more are assigned than there are seats', () => {
  const rig = new SiteRig(2, { ...TERMS, pools: [plainPool(1)] });
  rig.pass(2000);
  const [one, other] = [rig.member(0), rig.member(1)];
  assert.is(assign(one, 'ann').kind, 'user-assign');
  assert.is(codeOf(assign(other, 'bob')), 'roster-full');
});

shared(
  'one that others are faster than again and again is refused in the end, and changes nothing',
  () => {
    const [rig, one, other] = found();
    assert.ok(one && other);
    assign(one, 'ann');
    rig.pass(1500);
    let tries = 0;
    rig.register.deafTo = (asked) => {
      if (!isOfUsers(asked)) return false;
      tries++;
      rig.register.write('shared/users', null);
      for (const { key, value } of before) rig.register.write(key, value);
      const revision = rig.register.kept.get('shared/users')?.revision ?? 0;
      for (const { key, value } of before) rig.register.kept.set(key, { value, revision });
      return false;
    };
    const before = [...rig.register.kept]
      .filter(([key]) => key.startsWith('shared/users'))
      .map(([key, { value }]) => ({ key, value }))
      .reverse();
    const outcome = ask(one, assigning('bob'));
    assert.equal([codeOf(outcome), tries], ['site-changed', 9]);
    rig.register.deafTo = () => false;
    rig.pass(1500);
    assert.equal([usersOf(one), usersOf(other)], ['ann', 'ann']);
  },
);

shared.run();
