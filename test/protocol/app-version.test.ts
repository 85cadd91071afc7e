import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareVersions, coversVersion, parseVersion } from '../../protocol/app-version.ts';
import { anyVersion } from './arbitrary-license.ts';

const versions = suite('application versions');

versions('a version is its numbers; what follows a hyphen or a plus does not count', () => {
  const read: readonly (readonly [string, readonly number[]])[] = [
    ['12', [12]],
    ['12.3.1', [12, 3, 1]],
    ['v12.0', [12, 0]],
    ['V1', [1]],
    ['12.3-beta.2', [12, 3]],
    ['12.3+build.7', [12, 3]],
    ['12.3-rc+7', [12, 3]],
    ['007', [7]],
    ['999999999.1.2.3.4.5', [999_999_999, 1, 2, 3, 4, 5]],
  ];
  for (const [text, numbers] of read) assert.equal(parseVersion(text), numbers, text);
});

versions('what is no version has no numbers', () => {
  const junk = ['', 'v', 'latest', '12.', '.12', '12..3', '12,3', '12 ', ' 12', '-1', '+1', '1e3'];
  const more = ['vv12', '12.x', '0x10', '1000000000', '1.2.3.4.5.6.7', '１２', '12\n'];
  for (const text of [...junk, ...more]) assert.is(parseVersion(text), undefined, text);
});

const anyNumbers = fc.array(fc.oneof(fc.nat(2), fc.nat(999_999_999)), {
  minLength: 1,
  maxLength: 6,
});

versions('the order is total', () => {
  fc.assert(
    fc.property(anyNumbers, anyNumbers, anyNumbers, (a, b, c) => {
      const [ab, bc, ac] = [compareVersions(a, b), compareVersions(b, c), compareVersions(a, c)];
      assert.is(Math.sign(ab) + Math.sign(compareVersions(b, a)), 0, 'one of two is older');
      if (ab <= 0 && bc <= 0) assert.ok(ac <= 0, 'transitive');
      if (ab === 0) assert.is(Math.sign(ac), Math.sign(bc), 'equals are alike');
      assert.is(compareVersions(a, [...a, 0]), 0);
      assert.ok(compareVersions(a, [...a, 1]) < 0);
    }),
    { numRuns: 2000 },
  );
});

versions('every version that a license may name is read', () => {
  fc.assert(fc.property(anyVersion, (text) => assert.ok(parseVersion(text))));
});

type Case = readonly [
  oldest: string | null,
  newest: string | null,
  version: string,
  covered: boolean,
];

const CASES: readonly Case[] = [
  [null, '12', '12', true],
  [null, '12', '12.9', true],
  [null, '12', '12.9.9-beta', true],
  [null, '12', '13', false],
  [null, '12', '13.0-alpha', false],
  [null, '12', '2', true],
  [null, '12.3', '12.3.7', true],
  [null, '12.3', '12.4', false],
  [null, '12.3', '12', true],
  [null, '12.0', '12', true],
  [null, '12.0', '12.1', false],
  ['10', null, '9.9.9', false],
  ['10', null, '10', true],
  ['10', null, '10.0.1', true],
  ['10.2', null, '10.1.9', false],
  ['10.0', null, '10', true],
  ['10.2', null, '10', false],
  ['10', '12', '11.5', true],
  ['12.3', '12', '12.9', true],
  ['12.3', '12', '12.2', false],
  ['12', '12', 'v12.1', true],
  ['12-beta', null, '12', true],
  ['10', null, 'junk', false],
  [null, '12', 'junk', false],
  [null, '12', '', false],
  [null, null, 'junk', true],
  [null, null, '1', true],
];

for (const [oldest, newest, version, covered] of CASES)
  versions(`${oldest ?? ''}..${newest ?? ''} ${covered ? 'covers' : 'bars'} "${version}"`, () => {
    assert.is(coversVersion({ oldest, newest }, version), covered);
  });

versions('whatever text an application sends, none throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), anyVersion, (text, bound) => {
      coversVersion({ oldest: bound, newest: null }, text);
      coversVersion({ oldest: null, newest: bound }, text);
    }),
  );
});

versions.run();
