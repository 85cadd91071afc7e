/** What is written on the cards of dead members: that they are forgotten, and who tells of them. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from '../../../../agent/core/operations.ts';
import { deadKey } from '../../../../agent/core/site/site-keys.ts';
import { viewSite } from '../../../../agent/core/site/site-view.ts';
import { ANN, only, PRODUCT, RigClient } from '../agent-rig.ts';
import { take, wordOf } from '../seats/seat-rig.ts';
import { DEATH_MS, deadAt, forget, found, idOf, tell } from './dead-rig.ts';
import type { SiteRig } from './site-rig.ts';

const cards = suite('cards of the dead');

const refusalOf = (outcome: Outcome): readonly [string, string] => {
  assert.ok(outcome.kind === 'refused', outcome.kind);
  return [outcome.code, outcome.detail];
};

const standingsIn = ({ register }: SiteRig): readonly string[] => {
  const read = { compares: [], writes: [], reads: [{ prefix: '', since: 0 }] };
  return viewSite('site', '', register.transact(read), []).members.map(
    ({ name, standing }) => `${name} ${standing}`,
  );
};

cards('who is dead is forgotten by name, and is a member as before when it comes back', () => {
  const [rig, one, two, three] = found('box-1', 'box-2', 'box-3');
  assert.ok(one && two && three);
  const id = idOf(3);
  rig.pass(DEATH_MS, [one, two]);
  assert.equal(standingsIn(rig), ['box-1 member', 'box-2 member', 'box-3 dead']);
  assert.equal(deadAt(two), [{ id, name: 'box-3', told: 'nowhere' }]);
  const member = { id, name: 'box-3' };
  const done = { kind: 'site-forget', member, changed: true, allowances: [] };
  assert.equal(forget(one, 'box-3'), done);
  assert.equal(standingsIn(rig), ['box-1 member', 'box-2 member', 'box-3 forgotten']);
  assert.equal(deadAt(one), [], 'the one that was asked knows it at once');
  rig.pass(500, [one, two]);
  assert.equal(deadAt(two), []);
  for (const who of ['box-3', id.toUpperCase()]) {
    assert.equal(forget(two, who), { ...done, changed: false });
  }
  rig.pass(2000);
  assert.equal(standingsIn(rig), ['box-1 member', 'box-2 member', 'box-3 member']);
  rig.pass(DEATH_MS, [one, two]);
  assert.equal(standingsIn(rig), ['box-1 member', 'box-2 member', 'box-3 dead']);
});

cards('it is by the register that somebody is dead, and not by what was read before', () => {
  const [rig, one, two, three] = found('box-1', 'box-2', 'box-3');
  assert.ok(one && two && three);
  rig.pass(1500, [one, two]);
  for (let left = 8; left > 0 && standingsIn(rig).at(-1) === 'box-3 member'; left--) {
    rig.pass(250, [two]);
  }
  assert.is(standingsIn(rig).at(-1), 'box-3 dead');
  assert.is(forget(one, 'box-3').kind, 'site-forget');
});

cards('who lives, who is asked, and whom nobody knows is not forgotten', () => {
  const [, one, two] = found('box-1', 'box-2');
  assert.ok(one && two);
  for (const who of ['box-2', idOf(2)]) {
    const [code, detail] = refusalOf(forget(one, who));
    assert.is(code, 'living-member');
    assert.match(detail, /^box-2 lives\. .*`usher site leave`.*`usher service stop`/);
  }
  assert.match(refusalOf(forget(two, 'box-2'))[1], /^This agent is box-2 itself/);
  const [code, detail] = refusalOf(forget(one, 'box-9'));
  assert.is(code, 'no-member');
  assert.match(detail, /called box-9, .*`usher site status`/);
});

cards('of several dead that are called so one is named by its id', () => {
  const [rig, one, two, three] = found('box-1', 'box-2', 'box-2');
  assert.ok(one && two && three);
  rig.pass(DEATH_MS, [one]);
  const [code, detail] = refusalOf(forget(one, 'box-2'));
  assert.is(code, 'several-members');
  for (const number of [2, 3]) assert.match(detail, `\`usher site forget ${idOf(number)}\``);
  assert.is(forget(one, idOf(2)).kind, 'site-forget');
  const last = forget(one, 'box-2');
  assert.is(last.kind === 'site-forget' && last.member.id, idOf(3));
});

cards('a dead one is meant where another of its name lives', () => {
  const [rig, one, two, three] = found('box-1', 'box-2', 'box-2');
  assert.ok(one && two && three);
  rig.pass(DEATH_MS, [one, two]);
  const forgotten = forget(one, 'box-2');
  assert.is(forgotten.kind === 'site-forget' && forgotten.member.id, idOf(3));
  assert.is(refusalOf(forget(one, 'box-2'))[0], 'living-member');
});

cards('without the register nobody is forgotten', () => {
  const [rig, one, two] = found('box-1', 'box-2');
  assert.ok(one && two);
  rig.pass(DEATH_MS, [one]);
  one.isCut = true;
  const [code, detail] = refusalOf(forget(one, 'box-2'));
  assert.is(code, 'no-register');
  assert.match(detail, /^No answer\. Nobody was forgotten: see `usher site status`/);
  one.isCut = false;
  // The question is heard, and what is to be written is not.
  rig.register.deafTo = ({ writes }) => writes.some(({ key }) => key === deadKey(idOf(2)));
  const [, unsure] = refusalOf(forget(one, 'box-2'));
  assert.match(unsure, /Nobody knows whether box-2 is forgotten: see `usher site status`/);
  one.isCut = true;
  rig.pass(DEATH_MS, [one]);
  assert.match(refusalOf(forget(one, 'box-2'))[1], /^This agent is not heard by its site/);
  assert.is(deadAt(one), null);
});

cards('who has come back before it is written is not forgotten', () => {
  const [rig, one, two] = found('box-1', 'box-2');
  assert.ok(one && two);
  rig.pass(DEATH_MS, [one]);
  one.isLate = ({ writes }) => writes.some(({ key }) => key === deadKey(idOf(2)));
  assert.equal(one.operate({ kind: 'site-forget', member: 'box-2' }), []);
  rig.pass(1000, [two]);
  assert.equal(standingsIn(rig), ['box-1 member', 'box-2 member']);
  const late = only(one.answerLate(), 'answer').outcome;
  assert.is(refusalOf(late)[0], 'living-member');
  assert.equal(standingsIn(rig), ['box-1 member', 'box-2 member']);
});

cards('who was found dead himself has nobody forgotten', () => {
  const [rig, one, two] = found('box-1', 'box-2', 'box-3');
  assert.ok(one && two);
  rig.pass(DEATH_MS, [one, two]);
  one.isLate = () => true;
  one.operate({ kind: 'site-forget', member: 'box-3' });
  rig.pass(DEATH_MS, [two]);
  const late = only(one.answerLate(), 'answer').outcome;
  assert.match(refusalOf(late)[1], /^This agent is not heard by its site/);
  assert.is(standingsIn(rig).at(-1), 'box-3 dead');
});

cards('what was written on its card meanwhile stays, and it is forgotten', () => {
  const [rig, one, two, three] = found('box-1', 'box-2', 'box-3');
  assert.ok(one && two && three);
  const member = idOf(3);
  rig.pass(DEATH_MS, [one, two]);
  one.isLate = ({ writes }) => writes.some(({ key }) => key === deadKey(member));
  one.operate({ kind: 'site-forget', member });
  assert.equal(tell(two, member, 'death'), { kind: 'site-tell' });
  const late = only(one.answerLate(), 'answer').outcome;
  assert.is(late.kind === 'site-forget' && late.changed, true);
  assert.equal(deadAt(one), []);
});

cards('the seats of who is forgotten come back when those of any dead one do', () => {
  const [rig, ...members] = found('box-1', 'box-2');
  const [owner, other] = members.sort((one) => ([...one.agent.pools()][0]?.free === 1 ? -1 : 1));
  assert.ok(owner && other);
  const name = owner === rig.member(0) ? 'box-1' : 'box-2';
  assert.is(wordOf(take(owner, new RigClient(owner, 1), 1)), 'granted');
  rig.pass(500);
  const left = [other];
  rig.pass(2000 + 10_000 + 30_000, left);
  assert.is(forget(other, name).kind, 'site-forget');
  rig.pass(30_000, left);
  assert.is([...other.agent.pools()][0]?.free, 0);
  rig.pass(4500, left);
  assert.is([...other.agent.pools()][0]?.free, 1);
});

cards('what it had of an allowance is said to stay with it', () => {
  const [rig, one, two] = found('box-1', 'box-2');
  assert.ok(one && two);
  const client = new RigClient(two, 1);
  const drawId = new Uint8Array(16).fill(1);
  for (let id = 1; id < 5; id++) {
    const request = { kind: 'draw', id, product: PRODUCT, meter: 'runs', amount: 2 } as const;
    const effects = client.ask({ ...request, drawId, holder: ANN });
    if (effects.some(({ kind }) => kind === 'commit')) two.settle(effects);
    rig.pass(500);
  }
  rig.pass(DEATH_MS, [one]);
  const outcome = forget(one, 'box-2');
  assert.ok(outcome.kind === 'site-forget');
  // Two are drawn, and ten were at hand for more.
  assert.equal(
    outcome.allowances.map(({ meter, part }) => [meter, part]),
    [['runs', 12]],
  );
});

cards.run();
