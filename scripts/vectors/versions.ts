/** Versions of applications, and ranges that cover them or do not. */

import type { Json, VectorFile } from './fixed.ts';

/** Oldest, newest, the version, and whether it is covered. */
type Row = readonly [string | null, string | null, string | null, boolean];

const ROWS: readonly Row[] = [
  [null, null, null, true],
  [null, null, 'nonsense', true],
  ['10', null, null, false],
  ['10', null, 'nonsense', false],
  ['10', null, '10', true],
  ['10', null, '9.99.999', false],
  ['10.0.0', null, '10', true],
  ['10.0.1', null, '10', false],
  [null, '12', '12.9', true],
  [null, '12', '13', false],
  [null, '12.3', '12.3.7', true],
  [null, '12.3', '12.4', false],
  [null, '12.3', '12', true],
  ['10', '12', 'v11.2', true],
  ['10', '12', 'V12.3-beta.2', true],
  ['10', '12', '12+build.13', true],
  ['10', '12', '1.2.3.4.5.6', false],
  ['1', '2', '1.2.3.4.5.6', true],
  ['1', '2', '1.2.3.4.5.6.7', false],
  ['1', '2', '1.999999999', true],
  ['1', '2', '1.1000000000', false],
  ['1', '2', '1.', false],
  ['1', '2', '.1', false],
  ['1', '2', '1..1', false],
  ['1', '2', 'v', false],
  ['1', '2', 'vv1', false],
  ['1', '2', '-1', false],
  ['1', '2', '1 ', false],
  ['v1', 'v2-x', '1.5', true],
];

const toJson = ([oldest, newest, version, covered]: Row): Json => ({
  oldest,
  newest,
  version,
  covered,
});

/** `versions.json`. */
export const versionVectors = (): VectorFile => ({
  about: 'Whether a range of versions covers one; null is no bound, or no version.',
  valid: ROWS.map(toJson),
  invalid: [],
});
