import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hexToBytes } from '../../../protocol/bytes.ts';
import { buildDns } from '../../../protocol/dns/build-dns.ts';
import {
  DNS_MAX,
  type DnsMessage,
  type DnsRecord,
  looksLikeQuery,
  parseDns,
} from '../../../protocol/dns/dns-message.ts';
import { bytesToAddress } from '../../../protocol/ip-address.ts';

/** Records that are equal to those read. */
const plain = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record<T>(model).map((one) => ({ ...one }));

const label = fc.stringMatching(/^[a-z\d_-]{1,12}$/);
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'));
const uint16 = fc.nat(0xffff);
const head = { name, ttl: fc.nat(0xffff_ffff), flush: fc.boolean() };
const address = (size: number) =>
  fc.uint8Array({ minLength: size, maxLength: size }).map(bytesToAddress);

const record: fc.Arbitrary<DnsRecord> = fc.oneof(
  plain({ ...head, type: fc.constant('ptr' as const), target: name }),
  plain({
    ...head,
    type: fc.constant('srv' as const),
    priority: uint16,
    weight: uint16,
    port: uint16,
    target: name,
  }),
  plain({
    ...head,
    type: fc.constant('txt' as const),
    bytes: fc.uint8Array({ maxLength: 40 }),
  }),
  plain({ ...head, type: fc.constant('a' as const), address: address(4) }),
  plain({ ...head, type: fc.constant('aaaa' as const), address: address(16) }),
);
const question = plain({ name, type: uint16, unicast: fc.boolean() });

const written = plain({
  id: uint16,
  isResponse: fc.boolean(),
  questions: fc.array(question, { maxLength: 4 }),
  answers: fc.array(record, { maxLength: 6 }),
  additionals: fc.array(record, { maxLength: 6 }),
});

/** The bytes of hexadecimal text with spaces. */
const hex = (text: string): Uint8Array =>
  hexToBytes(text.replaceAll(/\s/g, '')) ?? new Uint8Array();

const HEAD = '0000 0000 0001 0000 0000 0000';

test('a message reads as it was written', () => {
  fc.assert(
    fc.property(written, ({ answers, additionals, ...rest }) => {
      const read = parseDns(buildDns({ ...rest, answers, additionals }));
      assert.equal(read, { ...rest, records: [...answers, ...additionals] } as DnsMessage);
    }),
  );
});

test('whatever comes in, reading ends, and without a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      parseDns(bytes);
      looksLikeQuery(bytes);
    }),
  );
  const mutated = fc.tuple(written, fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 4 }));
  fc.assert(
    fc.property(mutated, ([draft, changes]) => {
      const bytes = buildDns(draft);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      parseDns(bytes);
    }),
  );
});

test('a cut message is none', () => {
  fc.assert(
    fc.property(written, fc.double({ min: 0, max: 0.999, noNaN: true }), (draft, share) => {
      const bytes = buildDns(draft);
      assert.is(parseDns(bytes.subarray(0, Math.floor(bytes.length * share))), undefined);
    }),
  );
});

test('names are followed backwards, and no further than they may be long', () => {
  const [plain] = parseDns(hex(`${HEAD} 06 5f7573686572 00 000c 0001`))?.questions ?? [];
  assert.is(plain?.name, '_usher');
  const two = '0000 0000 0002 0000 0000 0000 06 5f7573686572 00 000c 0001 01 61 c00c 000c 8001';
  assert.equal(parseDns(hex(two))?.questions[1], { name: 'a._usher', type: 12, unicast: true });
  assert.is(parseDns(hex(`${HEAD} c00c 000c 0001`)), undefined, 'to itself');
  assert.is(parseDns(hex(`${HEAD} c0ff 000c 0001`)), undefined, 'forwards');
  const long = `${HEAD} ${'01 61 '.repeat(128)} 00 000c 0001`;
  assert.is(parseDns(hex(long)), undefined, 'longer than a name may be');
});

test('a name of many pointers ends', () => {
  // In the data of a TXT record, byte 23 of the message: each link points to the one before.
  const linked = (count: number): Uint8Array => {
    const links = Array.from(
      { length: count },
      (_, i) => `0162 c0${hexOf(i < 1 ? 23 : 22 + i * 4)}`,
    );
    const data = `0161 00 ${links.join(' ')}`;
    const last = hexOf(22 + count * 4);
    const txt = `00 0010 0001 00000001 00${hexOf(3 + 4 * count)} ${data}`;
    return hex(`0000 8400 0000 0002 0000 0000 ${txt} c0${last} 0001 0001 00000001 0004 0a000001`);
  };
  assert.is(parseDns(linked(3))?.records[1]?.name, 'b.b.b.a');
  assert.ok(parseDns(linked(15)));
  assert.is(parseDns(linked(20)), undefined);
});

const hexOf = (byte: number): string => byte.toString(16).padStart(2, '0');

test('no two names have one text, whatever bytes they are of', () => {
  const one = parseDns(hex(`${HEAD} 03 612e62 00 000c 0001`))?.questions[0]?.name;
  const two = parseDns(hex(`${HEAD} 01 61 01 62 00 000c 0001`))?.questions[0]?.name;
  assert.is(one, 'a\\046b');
  assert.is(two, 'a.b');
  const large = parseDns(hex(`${HEAD} 03 415c42 00 000c 0001`))?.questions[0]?.name;
  assert.is(large, 'a\\092b', 'small letters, and no backslash as it is');
});

test('what is no business of ours is passed over, and too much is refused', () => {
  const other = '0000 8400 0000 0002 0000 0000 01 61 00 0021 0003 00000001 0000';
  const known = '01 61 00 0001 0001 00000001 0004 0a000001';
  assert.equal(
    parseDns(hex(`${other} ${known}`))?.records.map(({ type }) => type),
    ['a'],
    'another class',
  );
  assert.is(parseDns(hex(`0000 0800 0000 0000 0000 0000`)), undefined, 'another opcode');
  assert.is(parseDns(new Uint8Array(DNS_MAX + 1)), undefined, 'longer than mDNS allows');
  assert.is(parseDns(hex('0000 0000 0021 0000 0000 0000')), undefined, '33 questions');
  assert.is(parseDns(hex('0000 0000 0000 0041 0041 0000')), undefined, '130 records');
  const lying = '0000 8400 0000 0001 0000 0000 01 61 00 000c 0001 00000001 0001 01 62 00';
  assert.is(parseDns(hex(lying)), undefined, 'a name that goes on behind its record');
});

test('most of what is no query is told by its head alone', () => {
  assert.ok(looksLikeQuery(hex(`${HEAD} 00 000c 0001`)));
  assert.not.ok(looksLikeQuery(hex('0000 8400 0000 0001 0000 0000 00')));
  assert.not.ok(looksLikeQuery(hex('0000 0000')));
});

test.run();
