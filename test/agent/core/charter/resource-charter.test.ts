import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Effect } from '../../../../agent/core/effects.ts';
import type { CoreOperation, Outcome } from '../../../../agent/core/operations.ts';
import { plainPool } from '../../../plain-license.ts';
import { acquire, armored, makeLicense, RigClient } from '../agent-rig.ts';
import { wordOf } from '../seats/seat-rig.ts';
import { SiteMember, SiteRig } from '../site/site-rig.ts';
import { answerIn, codeOf, settled, writesIn } from './user-rig.ts';

const shared = suite('the resources of a site');

const TERMS = { resource: '*', pools: [plainPool(2)] };

const ask = (member: SiteMember, operation: CoreOperation): Outcome => {
  const outcome = answerIn(settled(member, member.operate(operation)));
  assert.ok(outcome);
  return outcome;
};

const add = (member: SiteMember, ...names: readonly string[]): Outcome =>
  ask(member, { kind: 'resource-add', names, customer: null });

const activate = (member: SiteMember, name: string, license = ''): Outcome =>
  ask(member, { kind: 'resource-activate', name, license, customer: null });

const remove = (member: SiteMember, name: string): Outcome =>
  ask(member, { kind: 'resource-remove', name });

/** Each with how many licenses are activated for it. */
const listOf = (member: SiteMember): string => {
  const outcome = ask(member, { kind: 'resource-list' });
  const all = outcome.kind === 'resource-list' ? outcome.resources : [];
  return all.map(({ name, licenses }) => `${name}:${licenses.length}`).join(' ');
};

const found = (): readonly [SiteRig, SiteMember, SiteMember] => {
  const rig = new SiteRig(2, TERMS);
  rig.pass(2000);
  return [rig, rig.member(0), rig.member(1)];
};

let clients = 0;

const work = (rig: SiteRig, member: SiteMember, resource: string): string => {
  const client = new RigClient(member, ++clients);
  const effects = [...client.ask(acquire(1, null, { resource }))];
  const read = (some: readonly Effect[]): string => wordOf(client.read(settled(member, some)));
  const word = read(effects);
  return word === 'nothing' ? wordOf(client.read(rig.pass(2000))) : word;
};

shared('what is registered, activated and removed on one member is so on all', () => {
  const [rig, one, other] = found();
  assert.is(add(one, 'Plant-7', 'plant-8').kind, 'resource-add');
  rig.pass(1000);
  assert.is(activate(other, 'PLANT-7').kind, 'resource-activate');
  rig.pass(1000);
  assert.equal([listOf(one), listOf(other)], ['Plant-7:1 plant-8:0', 'Plant-7:1 plant-8:0']);
  assert.is(codeOf(activate(one, 'plant-8')), 'other-resource');
  assert.is(remove(one, 'plant-7').kind, 'resource-remove');
  assert.is(activate(one, 'plant-8').kind, 'resource-activate');
  rig.pass(1000);
  assert.equal([listOf(one), listOf(other)], ['plant-8:1', 'plant-8:1']);
});

shared('a license of choice lends at every member, together no more than there are', () => {
  const [rig, one, other] = found();
  assert.is(work(rig, one, 'plant-7'), 'no-resource');
  add(one, 'plant-7', 'plant-8');
  activate(one, 'plant-7');
  rig.pass(1000);
  assert.is(work(rig, other, 'plant-7'), 'granted');
  assert.is(work(rig, one, 'PLANT-7'), 'granted');
  assert.is(work(rig, other, 'plant-7'), 'no-seat');
  remove(other, 'plant-7');
  activate(other, 'plant-8');
  rig.pass(1000);
  assert.is(work(rig, one, 'plant-7'), 'no-resource');
  assert.is(work(rig, one, 'plant-8'), 'no-seat', 'who has one goes on');
});

shared('of two at once the second activation is refused, as with one agent', () => {
  const [rig, one, other] = found();
  add(one, 'plant-7', 'plant-8');
  rig.pass(1000);
  activate(one, 'plant-7');
  assert.is(codeOf(activate(other, 'plant-8')), 'other-resource');
});

shared('two licenses that change places are so on all', () => {
  const [rig, one, other] = found();
  ask(one, { kind: 'license-add', text: armored(makeLicense(2, TERMS)) });
  rig.pass(2000);
  const listed = ask(one, { kind: 'license-list' });
  const ids = listed.kind === 'license-list' ? listed.licenses.map(({ id }) => id) : [];
  const [first = '', second = ''] = ids;
  add(one, 'a', 'b');
  activate(one, 'a', first);
  activate(one, 'b', second);
  rig.pass(1000);
  other.isCut = true;
  rig.pass(1000);
  for (const name of ['a', 'b']) remove(one, name);
  add(one, 'a', 'b');
  activate(one, 'a', second);
  activate(one, 'b', first);
  other.isCut = false;
  rig.pass(3000);
  const views = (member: SiteMember) => {
    const outcome = ask(member, { kind: 'resource-list' });
    return outcome.kind === 'resource-list' ? outcome.resources : [];
  };
  const licenses = (member: SiteMember) => views(member).map((view) => view.licenses);
  assert.equal(licenses(other), [[second], [first]]);
  assert.equal(licenses(one), licenses(other));
});

shared('who waits for one thing keeps no seat of another from those who want that', () => {
  const rig = new SiteRig(2, { ...TERMS, pools: [plainPool(1)] });
  const [one, other] = [rig.member(0), rig.member(1)];
  ask(one, {
    kind: 'license-add',
    text: armored(makeLicense(2, { ...TERMS, pools: [plainPool(1)] })),
  });
  rig.pass(2000);
  const listed = ask(one, { kind: 'license-list' });
  const ids = listed.kind === 'license-list' ? listed.licenses.map(({ id }) => id) : [];
  const [first = '', second = ''] = ids;
  add(one, 'plant-7', 'plant-8');
  activate(one, 'plant-7', first);
  activate(one, 'plant-8', second);
  rig.pass(1000);
  const isKeeper = (member: SiteMember): boolean =>
    [...member.agent.pools()].some((pool) => pool.licenseId === second && pool.free === 1);
  const [keeper, comer] = isKeeper(one) ? [one, other] : [other, one];
  assert.ok(isKeeper(keeper));
  assert.is(work(rig, comer, 'plant-7'), 'granted');
  const waiter = new RigClient(keeper, ++clients);
  const request = acquire(1, null, { resource: 'plant-7' }, true);
  assert.is(wordOf(waiter.read(settled(keeper, waiter.ask(request)))), 'queued');
  rig.pass(2000);
  assert.is(work(rig, comer, 'plant-8'), 'granted');
});

shared('what was freed while a member was off is lent by it to nobody when it is back', () => {
  const [rig, one, other] = found();
  add(one, 'plant-7');
  activate(one, 'plant-7');
  rig.pass(1000);
  const client = new RigClient(other, ++clients);
  other.isCut = true;
  rig.pass(4000);
  remove(one, 'plant-7');
  other.isCut = false;
  for (const member of rig.members) member.now += 500;
  // It has read that, and its disk takes a while.
  const read = other.step({ kind: 'wake' });
  const asked = client.ask(acquire(1, null, { resource: 'plant-7' }));
  assert.ok(asked.some(({ kind }) => kind === 'commit'));
  assert.is(wordOf(client.read(settled(other, [...read, ...asked]))), 'no-resource');
});

shared('what a member brings along is added; a license of the site stays where it is', () => {
  const [rig, one] = found();
  add(one, 'plant-7');
  activate(one, 'plant-7');
  // By itself it had the same license for something else.
  const alone = new SiteRig(1, TERMS).member(0);
  alone.pass(1000);
  add(alone, 'own', 'Plant-7');
  const entries = writesIn(settled(alone, alone.operate(activation('own')))).flatMap(
    ({ key, value }) => (value !== null && key.startsWith('resource/') ? [[key, value]] : []),
  ) as [string, Uint8Array][];
  assert.is(entries.length, 1);
  const later = new SiteMember(rig.register, 9, TERMS);
  later.step({ kind: 'restored', entries });
  later.now = one.now;
  later.pass(2000);
  assert.is(listOf(later), 'own:0 plant-7:1');
  rig.pass(2000);
  assert.is(listOf(one), 'own:0 plant-7:1');
});

const activation = (name: string) =>
  ({ kind: 'resource-activate', name, license: '', customer: null }) as const;

shared('without the register nothing is changed', () => {
  const [rig, one, other] = found();
  add(one, 'plant-7');
  rig.pass(1000);
  other.isCut = true;
  rig.pass(4000);
  assert.is(
    answerIn(settled(other, other.operate({ kind: 'resource-remove', name: 'plant-7' }))),
    undefined,
  );
  const late = answerIn(rig.pass(3500, [other]));
  assert.is(codeOf(late), 'no-register');
  assert.is(listOf(other), 'plant-7:0');
});

shared.run();
