import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  HOST_KIND_NAMES,
  HOST_KINDS,
  joinHostValues,
  normaliseHostValue,
  normaliseMac,
  toHostComponents,
} from '../../protocol/host-component.ts';

const JUNK = [
  ...['', ' ', '\0\0', '-', '00000000', '0000-0000-0000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'],
  ...['To be filled by O.E.M.', 'To Be Filled By O.E.M. by More String', 'Default string', 'None'],
  ...['System Serial Number', 'N/A', 'Not Specified', 'xxxxxxxx', '0123456789', 'O.E.M.'],
  ...['03000200-0400-0500-0006-000700080009', 'naa.0000000000000000', '0x00000000'],
  ...['uninitialized\n', 'INVALID', 'X.X'],
];

test('what makers leave in place of a value is no value', () => {
  for (const junk of JUNK) assert.is(normaliseHostValue(junk), undefined, JSON.stringify(junk));
});

test('one value has one spelling', () => {
  assert.is(normaliseHostValue('  Dell   Inc.\t\n'), 'dell inc.');
  assert.is(normaliseHostValue('S3Z9\0\0NB0K'), 's3z9 nb0k');
  assert.is(normaliseHostValue('a1'.repeat(1000))?.length, 256);
});

test('an address is a port’s own when its maker gave it to that port', () => {
  assert.is(normaliseMac('F0-1F-AF-12-34-56'), 'f01faf123456');
  assert.is(normaliseMac('f0:1f:af:12:34:56\n'), 'f01faf123456');
  const foreign = {
    'locally administered': '02:42:ac:11:00:02',
    'of a group': '01:00:5e:00:00:01',
    'all zeros': '00:00:00:00:00:00',
    'all ones': 'ff:ff:ff:ff:ff:ff',
    'too short': 'f0:1f:af:12:34',
    'of another kind of network': '80:00:02:08:fe:80:00:00:00:00:00:00:f4:52:14:03:00:11:22:33',
  };
  for (const [why, mac] of Object.entries(foreign)) assert.is(normaliseMac(mac), undefined, why);
});

test('values become components, and junk none', () => {
  const found = toHostComponents({
    disk: ['Default string', 'S4EV1', undefined],
    mac: ['02:42:ac:11:00:02', 'f0:1f:af:12:34:56'],
  });
  assert.equal(found, [
    { kind: 'disk', value: 's4ev1' },
    { kind: 'mac', value: 'f01faf123456' },
  ]);
  assert.is(joinHostValues(['Dell Inc.', undefined, 'Default string', 'X1']), 'dell inc.');
  assert.is(joinHostValues(['Dell Inc.', 'OptiPlex']), 'dell inc., optiplex');
});

test('the numbers of the kinds are what stands in codes that were given out', () => {
  const codes = HOST_KIND_NAMES.map((kind) => [kind, HOST_KINDS[kind].code]);
  assert.equal(codes, [
    ['machine-id', 0],
    ['system', 1],
    ['board', 2],
    ['disk', 3],
    ['mac', 4],
    ['cpu', 5],
    ['board-serial', 6],
    ['tpm', 7],
  ]);
});

test.run();
