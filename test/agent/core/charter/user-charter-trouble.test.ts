import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CHARTER_TEXT_MAX } from '../../../../agent/core/charter/charter-record.ts';
import { bytesToUtf8, utf8ToBytes } from '../../../../protocol/bytes.ts';
import { plainPool } from '../../../plain-license.ts';
import { SiteMember, SiteRig } from '../site/site-rig.ts';
import {
  answerIn,
  ask,
  assign,
  assigning,
  bringing,
  codeOf,
  found,
  isOfUsers,
  recall,
  recalling,
  settled,
  TERMS,
  usersOf,
  viewsOf,
  writesIn,
} from './user-rig.ts';

const shared = suite('the named users of a site, in trouble');

shared('without the register nobody is assigned or recalled, after a moment of waiting', () => {
  const [rig, one, other] = found();
  assert.ok(one && other);
  assign(one, 'ann');
  rig.pass(1500);
  other.isCut = true;
  rig.pass(4000);
  assert.is(answerIn(settled(other, other.operate(assigning('bob')))), undefined);
  const late = answerIn(rig.pass(3500, [other]));
  assert.is(codeOf(late), 'no-register');
  assert.match(late?.kind === 'refused' ? late.detail : '', /named users are as they were/);
  assert.is(usersOf(other), 'ann');
  assert.is(answerIn(settled(other, other.operate(recalling('ann')))), undefined);
  other.isCut = false;
  assert.is(codeOf(answerIn(rig.pass(2000, [other]))), 'user-recall');
  rig.pass(1000);
  assert.equal([usersOf(one), usersOf(other)], ['', '']);
});

shared('the first member brings its users along; those of a later one come behind', () => {
  const rig = new SiteRig(1, TERMS);
  const first = bringing(rig, 7, 'cem', 'ann');
  first.pass(1500);
  assert.is(usersOf(first), 'cem ann');
  const later = bringing(rig, 8, 'zoe', 'ANN', 'bob');
  later.now = first.now;
  later.pass(2000);
  assert.is(usersOf(later), 'cem ann zoe bob');
  first.pass(2000);
  assert.equal(viewsOf(first), viewsOf(later));
});

shared('who was recalled while a member was off is recalled there, too', () => {
  const [rig, one, other] = found();
  assert.ok(one && other);
  assign(one, 'ann', 'bob');
  const writes = writesIn(rig.pass(1500, [other]));
  recall(one, 'ann');
  assign(one, 'cem');
  const again = new SiteMember(rig.register, 3, TERMS, 50);
  const entries = writes.flatMap(({ key, value }) =>
    value !== null && /^(user\/|charter-users)/.test(key) ? ([[key, value]] as const) : [],
  );
  again.step({ kind: 'restored', entries });
  again.now = one.now;
  assert.is(usersOf(again), 'ann bob');
  again.pass(1500);
  assert.is(usersOf(again), 'bob cem');
  rig.pass(1000);
  assert.is(usersOf(one), 'bob cem');
});

shared('a register that was made anew takes nobody away', () => {
  const [rig, one] = found();
  assert.ok(one);
  assign(one, 'ann');
  rig.register.kept.clear();
  rig.pass(3000);
  assert.is(usersOf(one), 'ann');
  // They join when nobody can believe any more in what was lent by the one before.
  rig.pass(80_000);
  assert.is(usersOf(rig.member(1)), 'ann');
});

shared('an answer of the register that is lost is told, and what came of it shows', () => {
  const [rig, one] = found();
  assert.ok(one);
  rig.register.deafTo = (asked) => {
    const isLost = isOfUsers(asked);
    if (isLost) rig.register.transact(asked);
    return isLost;
  };
  const outcome = ask(one, assigning('ann'));
  assert.match(outcome.kind === 'refused' ? outcome.detail : '', /whether the named users are/);
  rig.register.deafTo = () => false;
  rig.pass(1500);
  assert.equal(rig.members.map(usersOf), ['ann', 'ann']);
});

shared('what cannot be written here is done on the others, and here when it can be', () => {
  const [rig, one] = found();
  assert.ok(one);
  const asked = one.operate(assigning('ann'));
  const outcome = answerIn(one.fail(asked));
  assert.is(codeOf(outcome), 'store-failing');
  assert.match(outcome?.kind === 'refused' ? outcome.detail : '', /the other members have/);
  rig.pass(1500, [rig.member(1)]);
  assert.is(usersOf(rig.member(1)), 'ann');
  rig.pass(20_000);
  assert.is(usersOf(one), 'ann');
});

shared('more than the register keeps is refused, and changes nothing', () => {
  const rig = new SiteRig(2, { ...TERMS, pools: [plainPool(100_000)] });
  rig.pass(2000);
  const one = rig.member(0);
  const most = CHARTER_TEXT_MAX / 128;
  const crowd = Array.from({ length: most }, (_, i) => `${i}`.padStart(128, 'x'));
  assert.is(codeOf(assign(one, ...crowd)), 'site-too-much');
  assert.is(usersOf(one), '');
  const fewer = crowd.slice(0, most - 300);
  assert.is(assign(one, ...fewer).kind, 'user-assign');
  rig.pass(2500);
  assert.is(viewsOf(rig.member(1)).length, fewer.length, 'in several steps');
  assert.equal(viewsOf(rig.member(1)), viewsOf(one));
});

shared('what a later version has written is not touched', () => {
  const [rig, one] = found();
  assert.ok(one);
  assign(one, 'ann');
  const head = rig.register.kept.get('shared/users');
  assert.ok(head);
  const text = utf8ToBytes('users 2\n');
  const piece = rig.register.kept.get('shared/users/0');
  assert.match(bytesToUtf8(piece?.value ?? text) ?? '', /^users 1\n=\tacme-cad\tgeneric\n/);
  rig.register.write(
    'shared/users/0',
    piece?.value.map((byte) => (byte === 49 ? 50 : byte)) ?? text,
  );
  const changed = rig.register.kept.get('shared/users/0');
  rig.register.kept.set('shared/users', { value: head.value, revision: changed?.revision ?? 0 });
  rig.pass(1500);
  assert.is(answerIn(settled(one, one.operate(assigning('bob')))), undefined);
  const refused = answerIn(rig.pass(3500, [one]));
  assert.match(refused?.kind === 'refused' ? refused.detail : '', /cannot be read by this version/);
  assert.is(usersOf(one), 'ann');
});

shared('who is about to leave assigns and recalls for himself alone', () => {
  const [rig, one, other] = found();
  assert.ok(one && other);
  assign(one, 'ann');
  rig.pass(1500);
  assert.equal(ask(other, { kind: 'site-leave' }), { kind: 'site-leave' });
  assert.is(recall(other, 'ann').kind, 'user-recall');
  rig.pass(2000);
  assert.equal([usersOf(one), usersOf(other)], ['ann', '']);
});

shared.run();
