import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  isInRange,
  parseAddress,
  parseAddressRange,
} from '../../../../agent/core/rules/address-range.ts';

const addresses = suite('address range');

const contains = (range: string, address: string): boolean => {
  const read = parseAddressRange(range);
  const parsed = parseAddress(address);
  assert.ok(read.ok && parsed !== undefined, `${range} ${address}`);
  return read.ok && parsed !== undefined && isInRange(parsed, read.value);
};

const sentence = (range: string): string => {
  const read = parseAddressRange(range);
  return read.ok ? 'no fault' : read.error;
};

addresses('reads both kinds', () => {
  assert.equal(parseAddress('10.1.2.3'), [0x0a010203]);
  assert.equal(parseAddress('255.255.255.255'), [0xffff_ffff]);
  assert.equal(parseAddress('::'), [0, 0, 0, 0]);
  assert.equal(parseAddress('::1'), [0, 0, 0, 1]);
  assert.equal(parseAddress('1::'), [0x10000, 0, 0, 0]);
  assert.equal(parseAddress('2001:DB8::8:0:1'), [0x20010db8, 0, 8, 1]);
  assert.equal(parseAddress('1:2:3:4:5:6:7:8'), [0x10002, 0x30004, 0x50006, 0x70008]);
  assert.equal(parseAddress('1:2:3:4:5:6:7::'), [0x10002, 0x30004, 0x50006, 0x70000]);
  assert.equal(parseAddress('64:ff9b::1.2.3.4'), [0x64ff9b, 0, 0, 0x01020304]);
});

addresses('an IPv4 address in IPv6 clothes is the IPv4 address', () => {
  assert.equal(parseAddress('::ffff:10.1.2.3'), [0x0a010203]);
  assert.equal(parseAddress('::FFFF:a01:203'), [0x0a010203]);
  assert.equal(parseAddress('0:0:0:0:0:ffff:10.1.2.3'), [0x0a010203]);
  assert.ok(contains('10.1.0.0/16', '::ffff:10.1.2.3'));
  assert.ok(contains('::ffff:10.1.0.0/112', '10.1.2.3'));
  assert.not.ok(contains('::ffff:10.1.0.0/112', '10.2.2.3'));
  assert.not.ok(contains('::/0', '10.1.2.3'), 'all of IPv6 is not IPv4');
});

addresses('refuses junk', () => {
  const junk = [
    ...['', ' ', '1', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01.2.3.4', '1.2.3.-4', '1.2.3.4 '],
    ...['1.2.3.4:80', '[::1]', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9'],
    ...['1:2:3:4:5:6:7:8::', '::1:2:3:4:5:6:7:8', '12345::', 'g::', 'fe80::1%eth0', '1.2.3.4::'],
    ...['::1.2.3.4:5', '::1.2.3', ':1:2:3:4:5:6:7', '1:2:3:4:5:6:7:', '1e1.2.3.4', '0x1.2.3.4'],
    ...['1:2:3:4:5:6:7:1.2.3.4', 'localhost', '١.٢.٣.٤', `::${'0'.repeat(200)}`],
  ];
  for (const text of junk) assert.is(parseAddress(text), undefined, text);
});

addresses('a block, a range and a single address', () => {
  assert.ok(contains('10.1.0.0/16', '10.1.255.255'));
  assert.not.ok(contains('10.1.0.0/16', '10.2.0.0'));
  assert.ok(contains('10.1.77.3/16', '10.1.0.0'), 'bits behind the block do not matter');
  assert.ok(contains('0.0.0.0/0', '255.1.2.3'));
  assert.not.ok(contains('0.0.0.0/0', '::1'));
  assert.ok(contains('10.1.2.3/32', '10.1.2.3'));
  assert.not.ok(contains('10.1.2.3/32', '10.1.2.2'));
  assert.ok(contains('10.1.0.5-10.1.0.9', '10.1.0.5'));
  assert.ok(contains('10.1.0.5-10.1.0.9', '10.1.0.9'));
  assert.not.ok(contains('10.1.0.5-10.1.0.9', '10.1.0.10'));
  assert.not.ok(contains('10.1.0.5-10.1.0.9', '10.1.0.4'));
  assert.ok(contains('10.1.0.5', '10.1.0.5'));
  assert.not.ok(contains('10.1.0.5', '10.1.0.6'));
  assert.ok(contains('fd00:1::/32', 'fd00:1:ffff::1'));
  assert.not.ok(contains('fd00:1::/32', 'fd00:2::1'));
  assert.ok(contains('fd00::/9', 'fd7f::'));
  assert.not.ok(contains('fd00::/9', 'fd80::'));
  assert.ok(contains('::1-::2:0', '::1:ffff'));
  assert.not.ok(contains('::1-::2:0', '::2:1'));
  assert.ok(contains('1::5-3::1', '2::9'), 'leading words come first');
});

addresses('says what is wrong with a range', () => {
  assert.match(sentence('10.1.2'), /^"10\.1\.2" is no address: write 10\.1\.2\.3, /);
  for (const junk of ['1.2.3.4-', '-', '/', '1.2.3.4/', '1.2.3.4/a', '1.2.3.4/-1', '1.2.3.4/8/8']) {
    assert.match(sentence(junk), /is no address/, junk);
  }
  assert.match(sentence('1.2.3.4-1.2.3.5-1.2.3.6'), /is no address/);
  assert.match(sentence('1.2.3.4/33'), /at most 32/);
  assert.match(sentence('::/129'), /at most 128/);
  assert.match(sentence('10.0.0.9-10.0.0.5'), /ends before it begins/);
  assert.match(sentence('10.0.0.9-::1'), /begins in IPv4 and ends in IPv6/);
});

addresses('a block holds exactly the addresses with its leading bits', () => {
  const word = fc.nat(0xffff_ffff);
  const toText = (value: number): string =>
    [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
  fc.assert(
    fc.property(word, word, fc.nat(32), fc.nat(32), (base, other, bits, same) => {
      // An address that shares at least `same` leading bits, so that both answers come up.
      const keep = same === 0 ? 0 : (0xffff_ffff << (32 - same)) >>> 0;
      const address = ((base & keep) | (other & ~keep)) >>> 0;
      const isIn = bits === 0 || base >>> (32 - bits) === address >>> (32 - bits);
      assert.is(contains(`${toText(base)}/${bits}`, toText(address)), isIn);
      const wide = `::${(base >>> 16).toString(16)}:${(base & 0xffff).toString(16)}`;
      const narrow = `::${(address >>> 16).toString(16)}:${(address & 0xffff).toString(16)}`;
      assert.is(contains(`${wide}/${96 + bits}`, narrow), isIn);
    }),
  );
});

addresses('never throws, whatever is written', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:.\-/%]{0,45}$/));
  fc.assert(
    fc.property(text, (written) => {
      parseAddress(written);
      parseAddressRange(written);
    }),
  );
});

addresses.run();
