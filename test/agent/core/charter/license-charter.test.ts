import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import { noteToSentence } from '../../../../agent/core/notes.ts';
import type { CoreOperation, Outcome } from '../../../../agent/core/operations.ts';
import { COMMON_KEY } from '../../../../agent/core/store-key.ts';
import { armored, makeLicense } from '../agent-rig.ts';
import { SiteMember, SiteRig } from '../site/site-rig.ts';

const shared = suite('the licenses of a site');

/** The outcome, when what it writes is on the disk. */
const ask = (member: SiteMember, operation: CoreOperation): Outcome => {
  const effects = [...member.operate(operation)];
  // What the member changes by itself may come before.
  for (let last = effects; last.some(({ kind }) => kind === 'commit'); ) {
    last = [...member.settle(last)];
    effects.push(...last);
  }
  const answer = effects.find((effect) => effect.kind === 'answer');
  assert.ok(answer?.kind === 'answer');
  return answer.outcome;
};

const add = (member: SiteMember, number: number): Outcome =>
  ask(member, {
    kind: 'license-add',
    text: armored(makeLicense(number, { product: `p${number}` })),
  });

const productsOf = (member: SiteMember): readonly string[] => {
  const outcome = ask(member, { kind: 'license-list' });
  return outcome.kind === 'license-list'
    ? outcome.licenses.map(({ product }) => product).sort()
    : [];
};

const idOf = (member: SiteMember, product: string): string => {
  const outcome = ask(member, { kind: 'license-list' });
  const licenses = outcome.kind === 'license-list' ? outcome.licenses : [];
  return licenses.find((one) => one.product === product)?.id ?? '';
};

const remove = (member: SiteMember, product: string): Outcome =>
  ask(member, { kind: 'license-remove', id: idOf(member, product) });

const sentences = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.kind === 'note' ? noteToSentence(effect.note) : []));

const found = (): readonly [SiteRig, SiteMember, SiteMember] => {
  const rig = new SiteRig(2, { product: 'p1' });
  rig.pass(2000);
  return [rig, rig.member(0), rig.member(1)];
};

shared('what is added or removed on one member is so on all, and told', () => {
  const [rig, one, other] = found();
  assert.is(add(one, 2).kind, 'license-add');
  const told = sentences(rig.pass(2000));
  assert.equal(productsOf(other), ['p1', 'p2']);
  assert.ok(told.some((text) => /^License \S+ for p2 added\.$/.test(text)));
  assert.ok(told.includes("The site's licenses were taken up here, as changed by rig."));
  assert.is(remove(other, 'p2').kind, 'license-remove');
  rig.pass(2000);
  assert.equal([productsOf(one), productsOf(other)], [['p1'], ['p1']]);
  const removed = ask(one, { kind: 'license-removed' });
  assert.equal(
    removed.kind === 'license-removed' && removed.licenses.map(({ product }) => product),
    ['p2'],
  );
  assert.equal(sentences(rig.pass(5000)), [], 'and that is all');
});

shared('two at once do not collide, and a change of another wins over nothing', () => {
  const [rig, one, other] = found();
  add(one, 2);
  add(other, 3);
  remove(other, 'p1');
  rig.pass(3000);
  assert.equal(
    [productsOf(one), productsOf(other)],
    [
      ['p2', 'p3'],
      ['p2', 'p3'],
    ],
  );
});

shared('who was away takes up what was removed meanwhile, and brings along what it got', () => {
  const [rig, one, other] = found();
  add(one, 2);
  rig.pass(2000);
  other.isCut = true;
  remove(one, 'p2');
  rig.pass(4000);
  const cut = add(other, 4);
  assert.is(cut.kind === 'refused' && cut.code, 'no-register');
  assert.match(cut.kind === 'refused' ? cut.detail : '', /the licenses are as they were/);
  other.isCut = false;
  rig.pass(4000);
  assert.equal([productsOf(one), productsOf(other)], [['p1'], ['p1']]);
});

shared(
  'a member that takes licenses of other vendors alone has none of these, and takes none away',
  () => {
    const [rig, one, other] = found();
    const vendorKeys = [new Uint8Array(32).fill(9)];
    other.step({ kind: 'preferences', preferred: { name: 'rig', vendorKeys, refuseHosts: [] } });
    add(one, 2);
    const told = sentences(rig.pass(4000)).filter((text) => /is not taken/.test(text));
    assert.is(told.length, 1, 'once');
    assert.match(told[0] ?? '', /it takes none of this license's vendor\.$/);
    assert.equal([productsOf(one), productsOf(other)], [['p1', 'p2'], ['p1']]);
  },
);

shared('what is removed as soon as it has come stays removed', () => {
  const [rig, one, other] = found();
  add(one, 2);
  const there = (): boolean => productsOf(other).length === 2;
  for (let passed = 0; passed < 2000 && !there(); passed += 25) rig.pass(25);
  assert.is(remove(other, 'p2').kind, 'license-remove');
  rig.pass(3000);
  assert.equal([productsOf(one), productsOf(other)], [['p1'], ['p1']]);
});

shared('what is removed while the register is told of it stays removed', () => {
  const [rig, one, other] = found();
  add(one, 2);
  // It is written, and that it was is not heard.
  let isLost = false;
  rig.register.deafTo = (ask) => {
    if (!isLost && ask.writes.some(({ key }) => key === 'shared/licenses')) {
      isLost = true;
      rig.register.transact(ask);
    }
    return isLost;
  };
  for (let passed = 0; passed < 2000 && !isLost; passed += 50) rig.pass(50, [one]);
  rig.register.deafTo = () => false;
  assert.is(remove(one, 'p2').kind, 'license-remove');
  rig.pass(3000);
  assert.equal([productsOf(one), productsOf(other)], [['p1'], ['p1']]);
});

shared('over a restart it is known what was removed here, and what elsewhere', () => {
  const [rig, one, other] = found();
  add(one, 2);
  const writes = rig
    .pass(3000, [one, other])
    .flatMap((effect) => (effect.kind === 'commit' ? effect.writes : []));
  const common = writes.filter(({ key }) => key === 'charter-licenses').at(-1)?.value;
  assert.ok(common);
  // It comes back with p1 alone, as if p2 had been removed and nobody had been told.
  const again = new SiteMember(rig.register, 3, { product: 'p1' }, 50);
  again.step({ kind: 'restored', entries: [['charter-licenses', common]] });
  again.now = one.now;
  for (let i = 0; i < 20; i++) {
    for (const member of [one, again]) member.now += 250;
    again.wake();
    one.wake();
  }
  assert.equal([productsOf(one), productsOf(again)], [['p1'], ['p1']]);
});

shared('a register that was made anew takes no license away', () => {
  const [rig, one, other] = found();
  add(one, 2);
  rig.pass(2000);
  rig.register.kept.clear();
  rig.pass(4000);
  const both = ['p1', 'p2'];
  assert.equal([productsOf(one), productsOf(other)], [both, both]);
});

shared('who is about to leave removes licenses for himself alone', () => {
  const [rig, one, other] = found();
  assert.equal(ask(other, { kind: 'site-leave' }), { kind: 'site-leave' });
  assert.is(remove(other, 'p1').kind, 'license-remove');
  rig.pass(3000);
  assert.equal([productsOf(one), productsOf(other)], [['p1'], []]);
});

shared('who leaves has nothing in common with the site when it joins again', () => {
  const [rig, , other] = found();
  const effects = other.operate({ kind: 'site-leave' });
  const written = effects.flatMap((effect) => (effect.kind === 'commit' ? effect.writes : []));
  assert.equal(written, [{ key: COMMON_KEY, value: null }]);
  other.settle(effects);
  rig.pass(3000);
  assert.equal(productsOf(other), ['p1']);
});

shared.run();
