import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesToHex } from '../../../protocol/bytes.ts';
import { buildDns } from '../../../protocol/dns/build-dns.ts';
import { type DnsRecord, parseDns } from '../../../protocol/dns/dns-message.ts';
import {
  buildServiceQuery,
  readServiceAnswer,
  SERVICE,
  serviceRecords,
} from '../../../protocol/dns/service.ts';
import { isSiteAddress } from '../../../protocol/ip-address.ts';

const presence = {
  agentKey: new Uint8Array(32).fill(7),
  port: 24711,
  addresses: ['10.77.0.1', 'fe80::1', 'fd00::9'],
};

const answerOf = (records: readonly DnsRecord[]): Uint8Array =>
  buildDns({ id: 0, isResponse: true, questions: [], answers: records, additionals: [] });

const all = (one = presence): readonly DnsRecord[] => {
  const { pointer, place, addresses } = serviceRecords(one);
  return [pointer, ...place, ...addresses];
};

const near = { zone: 'eth0', isNear: isSiteAddress };

test('the question is 35 bytes that never change', () => {
  assert.is(
    bytesToHex(buildServiceQuery()),
    '000000000001000000000000065f7573686572045f756470056c6f63616c00000c0001',
  );
});

test('an agent is found at each address that it names', () => {
  const found = readServiceAnswer(answerOf(all()), near);
  assert.equal(found, [
    { address: '10.77.0.1', port: 24711 },
    { address: 'fe80::1%eth0', port: 24711 },
    { address: 'fd00::9', port: 24711 },
  ]);
  const elsewhere = readServiceAnswer(answerOf(all()), { ...near, zone: undefined });
  assert.is(elsewhere.length, 2, 'a link-local address of no known link is none');
});

test('nobody who is no agent, has gone, or is of no site is found', () => {
  const found = (records: readonly DnsRecord[]) => readServiceAnswer(answerOf(records), near);
  assert.equal(found(all().map((one) => ({ ...one, ttl: 0 }))), []);
  assert.equal(found(all({ ...presence, addresses: ['8.8.8.8', '2001:db8::1', '127.0.0.1'] })), []);
  assert.equal(found(all({ ...presence, port: 0 })), []);
  const others = all().map((one) => ({ ...one, name: one.name.replace('_usher', '_other') }));
  assert.equal(found(others), []);
  assert.equal(readServiceAnswer(buildServiceQuery(), near), []);
  const { pointer, place, addresses } = serviceRecords(presence);
  const records = [pointer, ...place, ...addresses];
  const query = { id: 0, isResponse: false, questions: [], answers: records, additionals: [] };
  assert.equal(readServiceAnswer(buildDns(query), near), [], 'known answers of a question');
});

test('no answer names more than 8 places', () => {
  const srv = all().find(({ type }) => type === 'srv');
  assert.ok(srv);
  const many = Array.from({ length: 20 }, (_, i) => ({ ...srv, port: 1000 + i }) as DnsRecord);
  assert.is(readServiceAnswer(answerOf([...all(), ...many]), near).length, 8);
});

test('whatever comes in, only addresses near by come out', () => {
  fc.assert(
    fc.property(fc.nat(400), fc.nat(255), fc.nat(400), fc.nat(255), (a, b, c, d) => {
      const bytes = answerOf(all());
      bytes[a % bytes.length] = b;
      bytes[c % bytes.length] = d;
      for (const { address, port } of readServiceAnswer(bytes, near)) {
        assert.ok(isSiteAddress(address.replace('%eth0', '')), address);
        assert.ok(port > 0);
      }
    }),
  );
});

test('an agent with many addresses still has an answer that fits a datagram', () => {
  const addresses = [
    ...Array.from({ length: 100 }, (_, i) => `10.0.0.${i}`),
    ...Array.from({ length: 100 }, (_, i) => `fd00::${i}`),
  ];
  const bytes = answerOf(all({ ...presence, addresses }));
  assert.ok(bytes.length < 600, `${bytes.length}`);
  assert.is(parseDns(bytes)?.records[0]?.name, SERVICE);
});

test.run();
