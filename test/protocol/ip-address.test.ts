import { isIP } from 'node:net';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addressToBytes,
  bytesToAddress,
  isInNetwork,
  isSiteAddress,
} from '../../protocol/ip-address.ts';

const anyAddress = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  // Many zeros, so that runs of them are met.
  fc
    .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
    .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 255]))),
);

test('an address reads as it was written, in a form that sockets take', () => {
  fc.assert(
    fc.property(anyAddress, (bytes) => {
      const text = bytesToAddress(bytes);
      assert.is(isIP(text), bytes.length === 4 ? 4 : 6, text);
      assert.equal(addressToBytes(text), bytes);
    }),
  );
});

test('an IPv6 address is written as short as it can be', () => {
  const written = (text: string): string =>
    bytesToAddress(addressToBytes(text) ?? new Uint8Array());
  assert.is(written('FE80:0:0:0:0:0:0:1'), 'fe80::1');
  assert.is(written('::'), '::');
  assert.is(written('1:0:0:2:0:0:0:3'), '1:0:0:2::3');
  assert.is(written('1:0:2:3:4:5:6:7'), '1:0:2:3:4:5:6:7');
});

test('what is no address has no bytes', () => {
  const texts = ['', '1.2.3', '1.2.3.256', '1.2.3.4.5', '1:2:3', '1::2::3', '1:2:3:4:5:6:7:8:9'];
  for (const text of [...texts, 'fe80::1%eth0', '12345::', 'host', ':::']) {
    assert.is(addressToBytes(text), undefined, text);
  }
});

test('a network holds its own addresses, of its own family', () => {
  assert.ok(isInNetwork('10.77.0.9', '10.77.0.1', '255.255.255.0'));
  assert.not.ok(isInNetwork('10.77.1.9', '10.77.0.1', '255.255.255.0'));
  assert.ok(isInNetwork('fe80::2', 'fe80::1', 'ffff:ffff:ffff:ffff::'));
  assert.not.ok(isInNetwork('fe80:1::2', 'fe80::1', 'ffff:ffff:ffff:ffff::'));
  assert.not.ok(isInNetwork('fe80::2', '10.77.0.1', '255.255.255.0'));
});

test('addresses of a site are told from those of the world, and of nobody', () => {
  for (const one of [
    '10.1.2.3',
    '172.31.0.1',
    '192.168.9.9',
    '169.254.1.1',
    'fe80::1',
    'fd00::1',
  ]) {
    assert.ok(isSiteAddress(one), one);
  }
  const others = [
    '8.8.8.8',
    '172.32.0.1',
    '127.0.0.1',
    '0.0.0.0',
    '224.0.0.251',
    '255.255.255.255',
  ];
  for (const one of [...others, '2001:db8::1', '::1', '::', 'ff02::1', 'host']) {
    assert.not.ok(isSiteAddress(one), one);
  }
});

test.run();
