import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { planDeath } from '../../../../agent/core/site/site-plan.ts';
import type { EndpointView, SiteView } from '../../../../agent/core/site/site-view.ts';
import type { LicenseId } from '../../../../protocol/ids.ts';

const endpoint = (url: string, member: string | null): EndpointView => ({
  ...{ url, member, version: null, behind: null, size: null, trouble: null },
  standing: member === null ? 'unreachable' : 'follower',
  cluster: member === null ? null : '1',
});

const siteWith = (...register: readonly EndpointView[]): SiteView => ({
  name: 'office',
  here: null,
  members: ['a', 'b'].map((name) => ({
    ...{ id: name, name, version: '1', addresses: [], port: 1, longest: 10 },
    standing: 'member' as const,
    isThis: name === 'a',
  })),
  blocks: [],
  register,
  trouble: null,
});

/** Whether etcd would go on; then how many members are left, are needed, and were asked by nobody. */
const etcdWithout = (here: string, voters: readonly string[] | null, site: SiteView) => {
  const box = { lent: () => 0, endpoints: new Set([here]), voters };
  const { goesOn, etcdLeft, etcdNeeded, etcdUnnamed } = planDeath(site, box);
  return [goesOn, etcdLeft, etcdNeeded, etcdUnnamed];
};

const THREE = ['1', '2', '3'];

test('a member of etcd counts once, by whatever addresses it is named', () => {
  const twice = siteWith(endpoint('a', '1'), endpoint('b', '2'), endpoint('b6', '2'));
  assert.equal(etcdWithout('a', null, twice), [false, 1, 2, 0]);
  const own = siteWith(endpoint('a', '1'), endpoint('a6', '1'), endpoint('b', '2'));
  assert.equal(etcdWithout('a', ['1', '2'], own), [false, 1, 2, 0], 'its other address dies, too');
});

test('how many are needed is said by etcd itself, where it tells', () => {
  const one = siteWith(endpoint('a', '1'));
  assert.equal(etcdWithout('a', null, one), [false, 0, 1, 0]);
  assert.equal(etcdWithout('a', THREE, one), [false, 0, 2, 2]);
  assert.equal(etcdWithout('none', ['1'], one), [true, 1, 1, 0]);
  const all = siteWith(endpoint('a', '1'), endpoint('b', '2'), endpoint('c', '3'));
  assert.equal(etcdWithout('a', THREE, all), [true, 2, 2, 0]);
  assert.equal(etcdWithout('a', null, all), [true, 2, 2, 0]);
  const silent = siteWith(endpoint('a', '1'), endpoint('b', '2'), endpoint('c', null));
  assert.equal(etcdWithout('a', THREE, silent), [false, 1, 2, 0]);
  assert.equal(etcdWithout('a', null, silent), [false, 1, 2, 0]);
});

test('a learner has no voice', () => {
  const learning = siteWith(endpoint('a', '1'), endpoint('b', '2'), endpoint('c', '9'));
  assert.equal(etcdWithout('a', ['1', '2', '3'], learning), [false, 1, 2, 1]);
});

test('the seats of this box are told, and how long they are out', () => {
  const shares = [
    { member: 'a', seats: 4, wanted: 0, since: 0 },
    { member: 'b', seats: 6, wanted: 0, since: 0 },
  ];
  const block = { license: 'l1' as LicenseId, class: 'generic', shares };
  const box = { lent: () => 9, endpoints: new Set<string>(), voters: null };
  const { blocks, others } = planDeath({ ...siteWith(), blocks: [block] }, box);
  assert.equal(blocks, [{ license: 'l1', class: 'generic', seats: 4, lent: 4 }]);
  assert.equal(others, ['b']);
});

test.run();
