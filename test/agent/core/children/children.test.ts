import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChildView } from '../../../../agent/core/children/child-operations.ts';
import type { LicenseView } from '../../../../agent/core/operations.ts';
import { epochSeconds } from '../../../../protocol/units.ts';
import { plainPool } from '../../../plain-license.ts';
import type { DeskRig } from '../desk-rig.ts';
import { call, pass, startChild, startParent, wait, wishOf } from './family-rig.ts';

const children = suite('parent and child');

const create = (
  parent: DeskRig,
  account: string,
  seats: number,
  changes: Parameters<typeof wishOf>[1] = {},
): { readonly text: string; readonly child: ChildView } => {
  const license = parent.done({ kind: 'license-list' }).licenses[0]?.id ?? '';
  return parent.done({ kind: 'child-create', license, account, wish: wishOf(seats, changes) });
};

const licenseAt = (desk: DeskRig): LicenseView => {
  const [license] = desk.done({ kind: 'license-list' }).licenses;
  if (license === undefined) throw new Error('no license');
  return license;
};

const licensed = (desk: DeskRig): number => licenseAt(desk).pools[0]?.licensed ?? -1;

const change = (seats: number) => ({
  parent: null,
  longest: null,
  children: null,
  pools: [{ class: 'generic', seats, stages: [] }],
  expires: null,
});

const update = (parent: DeskRig, id: string, seats: number): ChildView =>
  parent.done({ kind: 'child-update', id, change: change(seats) }).child;

/** A parent of ten seats and a child of four that is active. */
const family = () => {
  const parent = startParent(10);
  const { text, child: view } = create(parent, 'Partner', 4);
  const child = startChild(text, 41);
  call(child, parent, 'license-activate');
  return { parent, child, view };
};

children('what is given to a child is not lent by its parent, from the moment it is wanted', () => {
  const parent = startParent(10);
  assert.is(licensed(parent), 10);
  const { text } = create(parent, 'Partner', 4);
  assert.is(licensed(parent), 6);
  const child = startChild(text, 41);
  assert.is(licenseAt(child).state, 'installed');
  assert.is(child.work({ user: 'early' }), 'not-activated');
  call(child, parent, 'license-activate');
  assert.is(licenseAt(child).state, 'active');
  assert.is(licenseAt(child).customer, 'Partner');
  const at = (desk: DeskRig) =>
    Array.from({ length: 11 }, (_, i) => desk.work({ user: `u${i}` })).filter(
      (word) => word === 'granted',
    ).length;
  assert.is(at(child), 4);
  assert.is(at(parent), 6);
});

children('a decrease counts when the child has taken it, and its seats are few enough', () => {
  const { parent, child, view } = family();
  const clients = Array.from({ length: 4 }, () => child.client());
  for (const [i, client] of clients.entries()) child.take(client, { user: `u${i}` });
  const updated = update(parent, view.id, 1);
  assert.is(updated.upToDate, false);
  assert.is(updated.pools[0]?.now, 1);
  assert.is(updated.pools[0]?.allotted, 4);
  assert.is(licensed(parent), 6);
  call(child, parent);
  assert.is(licensed(child), 1);
  assert.is(licensed(parent), 6, 'three of them are still in use');
  for (const client of clients.slice(0, 2)) child.release(client);
  call(child, parent);
  assert.is(licensed(parent), 6);
  const [, , third] = clients;
  pass(third === undefined ? [] : child.release(third), child, parent);
  assert.is(licensed(parent), 9, 'it says so by itself');
  assert.is(parent.done({ kind: 'child-list' }).children[0]?.upToDate, true);
});

children('a lost answer costs nothing, and is made up for', () => {
  const { parent, child, view } = family();
  update(parent, view.id, 1);
  call(child, parent, 'license-refresh', true);
  assert.is(licensed(child), 4);
  assert.is(licensed(parent), 6);
  update(parent, view.id, 6);
  assert.is(licensed(parent), 4);
  call(child, parent);
  assert.is(licensed(child), 6);
  assert.is(licensed(parent), 4);
});

children(
  'the seats of a child that is not heard of come back when its last promise has ended',
  () => {
    const { parent, child, view } = family();
    parent.done({ kind: 'child-suspend', id: view.id });
    assert.is(licensed(parent), 6);
    const day = 86_400;
    wait(15 * day, parent, child);
    assert.is(licenseAt(child).state, 'expiring', 'it counts down');
    assert.is(child.work({ user: 'late' }), 'granted');
    assert.is(licensed(parent), 6);
    wait(day - 200, parent, child);
    assert.is(child.work({ user: 'last' }), 'granted');
    assert.is(licensed(parent), 6);
    wait(300, child, parent);
    assert.is(child.work({ user: 'none' }), 'activation-ended');
    assert.is(licensed(parent), 6, 'its sessions may go on for a term');
    wait(500, child, parent);
    assert.is(licensed(parent), 10);
  },
);

children('a child that is suspended lends no more, and again when it is resumed', () => {
  const { parent, child, view } = family();
  parent.done({ kind: 'child-suspend', id: view.id });
  assert.is(child.work({ user: 'a' }), 'granted');
  call(child, parent);
  assert.is(child.work({ user: 'b' }), 'license-suspended');
  assert.is(licenseAt(child).state, 'suspended');
  assert.match(licenseAt(child).reason, /^The parent that gave the license has suspended it/);
  assert.is(licensed(parent), 6, 'one is in use');
  wait(100, child, parent);
  call(child, parent);
  assert.is(licensed(parent), 10);
  parent.done({ kind: 'child-resume', id: view.id });
  assert.is(licensed(parent), 6);
  call(child, parent);
  assert.is(licenseAt(child).state, 'active');
  assert.is(child.work({ user: 'c' }), 'granted');
});

children('a child that is removed lends no more, and is forgotten when it has said so', () => {
  const { parent, child, view } = family();
  parent.done({ kind: 'child-remove', id: view.id });
  call(child, parent);
  assert.is(licenseAt(child).state, 'revoked');
  assert.match(licenseAt(child).reason, /^The parent that gave the license has removed it/);
  assert.is(licensed(parent), 10);
  call(child, parent);
  assert.equal(parent.done({ kind: 'child-list' }).children, []);
});

children('nobody else is given what is active on one agent', () => {
  const { parent, child } = family();
  const [found] = child.done({ kind: 'license-list' }).licenses;
  const text = child.done({ kind: 'license-export', id: found?.id ?? '' }).text;
  const thief = startChild(text, 66);
  assert.is(licenseAt(thief).state, 'installed');
  call(thief, parent, 'license-activate');
  assert.is(licenseAt(thief).state, 'installed');
  assert.is(thief.work({ user: 'x' }), 'not-activated');
});

children('more than there is, is not given: what is in use counts', () => {
  const parent = startParent(3);
  const license = licenseAt(parent).id;
  const refused = (seats: number) =>
    parent.refused({ kind: 'child-create', license, account: 'P', wish: wishOf(seats) })[0];
  assert.is(refused(4), 'too-few-seats');
  parent.work({ user: 'a' });
  assert.is(refused(3), 'too-few-seats');
  create(parent, 'P', 2);
  assert.is(licensed(parent), 1);
  assert.is(refused(1), 'exists');
});

children('more than there will be at a later stage, is not given either', () => {
  const parent = startParent(4);
  create(parent, 'First', 3);
  const license = licenseAt(parent).id;
  const from = epochSeconds(parent.rig.wall + 50_000);
  const stages = [{ from, until: null, seats: 3 }];
  const wish = wishOf(1, { pools: [{ class: 'generic', seats: 1, stages }] });
  const [code, why] = parent.refused({ kind: 'child-create', license, account: 'Later', wish });
  assert.is(code, 'too-few-seats');
  assert.match(why, /^2 seats of class generic too many, beginning 2027-01-15\.$/);
});

children('a stage of a child is kept free before it begins, and after it has ended', () => {
  const parent = startParent(10);
  const from = epochSeconds(parent.rig.wall + 10_000);
  const until = epochSeconds(parent.rig.wall + 20_000);
  const stages = [{ from, until, seats: 7 }];
  create(parent, 'P', 2, { pools: [{ class: 'generic', seats: 2, stages }] });
  assert.is(licensed(parent), 8);
  wait(9000, parent);
  assert.is(licensed(parent), 8);
  wait(700, parent);
  assert.is(licensed(parent), 3, 'a term before');
  wait(10_000, parent);
  assert.is(licensed(parent), 3);
  wait(700, parent);
  assert.is(licensed(parent), 8);
});

children('a restart of either changes nothing', () => {
  const { parent, child, view } = family();
  update(parent, view.id, 1);
  const [later, again] = [parent.restart(), child.restart()];
  assert.is(licensed(later), 6);
  assert.is(licensed(again), 4);
  call(again, later);
  assert.is(licensed(again), 1);
  assert.is(licensed(later), 9);
});

children('children of children, to the fourth generation', () => {
  let parent = startParent(10);
  const chain = [parent];
  for (let depth = 3; depth >= 0; depth--) {
    const grand = depth === 0 ? null : { most: 3, depth };
    const { text } = create(parent, `G${depth}`, 2 + depth, { children: grand });
    const child = startChild(text, 50 + depth);
    call(child, parent, 'license-activate');
    assert.is(licenseAt(child).state, 'active', `generation ${4 - depth}`);
    chain.push(child);
    parent = child;
  }
  assert.equal(chain.map(licensed), [5, 1, 1, 1, 2]);
  const license = licenseAt(parent).id;
  const operation = { kind: 'child-create', license, account: 'X', wish: wishOf(1) } as const;
  assert.is(parent.refused(operation)[0], 'children-forbidden');
});

children('a child that never calls lives by its dates', () => {
  const parent = startParent(5);
  const expires = epochSeconds(parent.rig.wall + 1000);
  const license = licenseAt(parent).id;
  const wish = wishOf(2, { silent: true });
  const operation = { kind: 'child-create', license, account: 'Off', wish } as const;
  assert.is(parent.refused(operation)[0], 'child-terms');
  const { child } = create(parent, 'Off', 2, { silent: true, expires });
  assert.is(child.parent, null);
  parent.done({ kind: 'child-suspend', id: child.id });
  assert.is(licensed(parent), 5, 'it was active nowhere');
  parent.done({ kind: 'child-resume', id: child.id });
  assert.is(licensed(parent), 3);
  wait(1000 + 700, parent);
  assert.is(licensed(parent), 5);
});

children('what the vendor did not allow is refused in words', () => {
  const parent = startParent(5, { children: null });
  const license = licenseAt(parent).id;
  const refused = (wish: Parameters<typeof wishOf>[1], seats = 1) =>
    parent.refused({ kind: 'child-create', license, account: 'P', wish: wishOf(seats, wish) })[0];
  assert.is(refused({}), 'children-forbidden');
  const other = startParent(5, { children: { most: 1, depth: 1 }, pools: [plainPool(5)] });
  const wishes = [
    { children: { most: 1, depth: 1 } },
    { pools: [{ class: 'developer', seats: 1, stages: [] }] },
    { parent: null },
    { hostCode: 'nonsense' },
  ];
  for (const wish of wishes) {
    const operation = {
      kind: 'child-create',
      license,
      account: 'P',
      wish: wishOf(1, wish),
    } as const;
    assert.is(other.refused(operation)[0], 'child-terms', JSON.stringify(wish));
  }
  create(other, 'P', 1);
  const more = { kind: 'child-create', license, account: 'Q', wish: wishOf(1) } as const;
  assert.is(other.refused(more)[0], 'children-forbidden');
});

children.run();
