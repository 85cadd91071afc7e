/** What a parent promises when there are fewer seats: of its own license, or for its children's children. */

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type {
  ChildChange,
  ChildView,
  ChildWish,
} from '../../../../agent/core/children/child-operations.ts';
import { licenseId } from '../../../../protocol/ids.ts';
import type { License } from '../../../../protocol/license.ts';
import type { Stage } from '../../../../protocol/stages.ts';
import { epochSeconds, seconds } from '../../../../protocol/units.ts';
import { ACTIVATION_TERMS, plainPool } from '../../../plain-license.ts';
import { armored, makeLicense } from '../agent-rig.ts';
import type { DeskRig } from '../desk-rig.ts';
import { activate, call, startChild, startParent, wait, wishOf } from './family-rig.ts';

const test = suite('seats of children');

const create = (
  parent: DeskRig,
  account: string,
  seats: number,
  wish: Partial<ChildWish> = {},
): string => {
  const license = parent.done({ kind: 'license-list' }).licenses.at(-1)?.id ?? '';
  return parent.done({ kind: 'child-create', license, account, wish: wishOf(seats, wish) }).text;
};

/** A child of this parent's that is active. */
const startActive = (
  parent: DeskRig,
  account: string,
  seats: number,
  wish: Partial<ChildWish> = {},
): DeskRig => {
  const child = startChild(create(parent, account, seats, wish), 40 + account.length + seats);
  call(child, parent, 'license-activate');
  assert.is(licensed(child), seats);
  return child;
};

/** Has the vendor replace the parent's license by one with so many seats. */
const replaceLicense = (parent: DeskRig, number: number, seats: number): void => {
  const terms: Partial<License> = {
    pools: [plainPool(seats)],
    activation: ACTIVATION_TERMS,
    children: { most: 10, depth: 4 },
    supersedes: [licenseId(new Uint8Array(16).fill(number - 1))],
  };
  const license = makeLicense(number, terms);
  parent.done({ kind: 'license-add', text: armored(license) });
  activate(parent, license);
};

const licensed = (desk: DeskRig): number =>
  desk.done({ kind: 'license-list' }).licenses.at(-1)?.pools[0]?.licensed ?? -1;

const update = (parent: DeskRig, id: string, change: Partial<ChildChange>): ChildView => {
  const none = { parent: null, longest: null, children: null, pools: [], expires: null };
  return parent.done({ kind: 'child-update', id, change: { ...none, ...change } }).child;
};

const staged = (seats: number, stages: readonly Stage[] = []) => [
  { class: 'generic', seats, stages },
];

/** None from so many seconds on. */
const noneIn = (desk: DeskRig, delay: number): readonly Stage[] => [
  { from: epochSeconds(desk.rig.wall + delay), until: null, seats: 0 },
];

test('a stage with fewer seats is taken only when the children have taken it, too', () => {
  const parent = startParent(10);
  const child = startActive(parent, 'P', 4, { children: { most: 2, depth: 1 } });
  const grand = startActive(child, 'Grand', 3);
  update(parent, 'P', { pools: staged(4, noneIn(parent, 10_000)) });
  call(child, parent);
  assert.is(licensed(child), 1);
  wait(20_000, parent, child, grand);
  assert.is(grand.work({ user: 'a' }), 'granted', 'it knows nothing of the stage');
  assert.is(licensed(parent), 6, 'so its seats are not lent a second time');
  call(grand, child);
  assert.is(licensed(grand), 0, 'it is told what its parent has');
  wait(1000, parent, child, grand);
  call(grand, child);
  call(child, parent);
  assert.is(licensed(parent), 10);
});

test('an earlier end, and a suspension, are taken only when the children have taken them', () => {
  const suspend = (parent: DeskRig): void => {
    parent.done({ kind: 'child-suspend', id: 'P' });
  };
  const end = (parent: DeskRig): void => {
    update(parent, 'P', { expires: epochSeconds(parent.rig.wall + 5000) });
  };
  for (const change of [suspend, end]) {
    const parent = startParent(10);
    const child = startActive(parent, 'P', 4, { children: { most: 2, depth: 1 } });
    const grand = startActive(child, 'Grand', 3);
    change(parent);
    call(child, parent);
    wait(10_000, parent, child, grand);
    assert.is(grand.work({ user: 'a' }), 'granted');
    assert.is(licensed(parent), 6);
    call(grand, child);
    assert.is.not(grand.work({ user: 'b' }), 'granted');
    wait(1000, parent, child, grand);
    call(grand, child);
    call(child, parent);
    assert.is(licensed(parent), 10);
  }
});

test('sessions that were longer once are waited for', () => {
  const parent = startParent(10, { term: seconds(7200) });
  const child = startActive(parent, 'P', 4);
  assert.is(child.work({ user: 'a' }), 'granted');
  update(parent, 'P', { longest: 10, pools: staged(4, noneIn(parent, 100)) });
  call(child, parent);
  call(child, parent);
  wait(3600, parent, child);
  assert.is(licensed(parent), 6, 'one may go on for an hour yet');
  wait(5000, parent, child);
  assert.is(licensed(parent), 10);
});

test("a vendor's decrease shrinks the children, the last ones first, and an increase gives back", () => {
  const parent = startParent(10);
  const first = startActive(parent, 'First', 4);
  wait(5, parent, first);
  const second = startActive(parent, 'Second', 5);
  replaceLicense(parent, 2, 6);
  assert.is(licensed(parent), 0, 'nine are promised');
  for (const child of [first, second]) call(child, parent);
  assert.equal([first, second].map(licensed), [4, 2]);
  call(second, parent);
  wait(1000, parent, first, second);
  const views = parent.done({ kind: 'child-list' }).children;
  assert.equal(
    views.map(({ pools: [pool], upToDate }) => [pool?.wanted, pool?.now, upToDate]),
    [
      [4, 4, true],
      [5, 2, true],
    ],
  );
  replaceLicense(parent, 3, 12);
  for (const child of [first, second]) call(child, parent);
  assert.equal([first, second].map(licensed), [4, 5]);
  assert.is(licensed(parent), 3);
});

test('a class that the vendor has taken away is none of a child any more', () => {
  const pools = [plainPool(3), plainPool(3, 'developer')];
  const parent = startParent(0, { pools });
  const child = startActive(parent, 'P', 2, {
    pools: [
      { class: 'generic', seats: 2, stages: [] },
      { class: 'developer', seats: 2, stages: [] },
    ],
  });
  replaceLicense(parent, 2, 3);
  call(child, parent);
  const [license] = child.done({ kind: 'license-list' }).licenses;
  assert.equal(
    license?.pools.map((pool) => [pool.class, pool.licensed]),
    [['generic', 2]],
  );
});

test('seats that are promised to one child are not promised to another', () => {
  const parent = startParent(6);
  const first = startActive(parent, 'First', 4);
  wait(5, parent, first);
  const second = startActive(parent, 'Second', 2);
  replaceLicense(parent, 2, 4);
  call(second, parent);
  call(second, parent);
  assert.is(licensed(second), 0);
  update(parent, 'First', { pools: staged(1) });
  call(second, parent);
  assert.is(licensed(second), 0, 'the first one has not heard that it has fewer');
  call(first, parent);
  call(first, parent);
  call(second, parent);
  assert.equal([first, second].map(licensed), [1, 2]);
});

test.run();
