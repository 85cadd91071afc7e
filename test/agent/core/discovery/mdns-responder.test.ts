import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MdnsResponder } from '../../../../agent/core/discovery/mdns-responder.ts';
import { buildDns } from '../../../../protocol/dns/build-dns.ts';
import { type DnsRecord, parseDns, TYPE } from '../../../../protocol/dns/dns-message.ts';
import {
  buildServiceQuery,
  SERVICE,
  SERVICE_LIST,
  serviceRecords,
} from '../../../../protocol/dns/service.ts';
import { instant } from '../../../../protocol/units.ts';

const presence = {
  agentKey: new Uint8Array(32).fill(7),
  port: 24711,
  addresses: ['10.77.0.1', 'fe80::1'],
};
const { pointer, place, addresses } = serviceRecords(presence);
const [srv] = place;
const instance = srv?.name ?? '';

const query = (bytes: Uint8Array, more: { fromPort?: number; isNear?: boolean } = {}) => ({
  bytes,
  link: 'eth0',
  presence,
  fromPort: 5353,
  isNear: true,
  ...more,
});

const question = (name: string, type: number, known: readonly DnsRecord[] = [], id = 0) =>
  buildDns({
    id,
    isResponse: false,
    questions: [{ name, type, unicast: false }],
    answers: known,
    additionals: [],
  });

/** A record that only makes a question longer. */
const filler = (size: number): DnsRecord => ({
  ...{ name: 'filler.local', type: 'txt', ttl: 1, flush: false },
  bytes: new Uint8Array(size),
});

/** What a fresh responder answers: the types, answers before additionals. */
const typesFor = (bytes: Uint8Array): readonly string[] | undefined => {
  const answer = new MdnsResponder().answer(query(bytes), instant(0));
  return answer && parseDns(answer.bytes)?.records.map(({ type }) => type);
};

test('who asks for the service hears everything at once', () => {
  assert.equal(typesFor(buildServiceQuery()), ['ptr', 'srv', 'txt', 'a', 'aaaa']);
  assert.equal(typesFor(question(SERVICE.toUpperCase().toLowerCase(), TYPE.any))?.length, 5);
  assert.equal(typesFor(question(SERVICE_LIST, TYPE.ptr)), ['ptr']);
  assert.equal(typesFor(question(instance, TYPE.srv)), ['srv', 'a', 'aaaa']);
  assert.equal(typesFor(question(instance, TYPE.txt)), ['txt']);
  assert.equal(typesFor(question(addresses[0]?.name ?? '', TYPE.aaaa)), ['aaaa']);
});

test('names of others, other types, answers and what is out of form are passed over', () => {
  assert.is(typesFor(question('_other._udp.local', TYPE.ptr)), undefined);
  assert.is(typesFor(question('vm.local', TYPE.a)), undefined);
  assert.is(typesFor(question(SERVICE, TYPE.srv)), undefined);
  const responder = new MdnsResponder();
  const announced = responder.announce('eth1', presence, instant(0)) ?? new Uint8Array();
  assert.is(typesFor(announced), undefined);
  assert.is(typesFor(buildServiceQuery().subarray(0, 30)), undefined);
});

test('what the asker knows is not said again, until half of its time is over', () => {
  assert.is(typesFor(question(SERVICE, TYPE.ptr, [pointer])), undefined);
  const stale = { ...pointer, ttl: pointer.ttl / 2 - 1 };
  assert.is(typesFor(question(SERVICE, TYPE.ptr, [stale]))?.length, 5);
  const another = serviceRecords({ ...presence, agentKey: new Uint8Array(32).fill(8) }).pointer;
  assert.is(typesFor(question(SERVICE, TYPE.ptr, [another]))?.length, 5);
});

test('everybody on a link is told at most once a second, however it comes about', () => {
  const responder = new MdnsResponder();
  const ask = (at: number) => responder.answer(query(buildServiceQuery()), instant(at));
  assert.ok(ask(0)?.isShared);
  assert.is(ask(999), undefined);
  assert.is(responder.announce('eth0', presence, instant(999)), undefined);
  assert.ok(responder.announce('eth1', presence, instant(999)), 'another link');
  assert.ok(ask(1000));
});

test('a single asker must be on the link, and gets little and seldom', () => {
  const responder = new MdnsResponder();
  const bytes = question(SERVICE, TYPE.ptr, [filler(400)], 77);
  const ask = (at: number, isNear = true) =>
    responder.answer(query(bytes, { fromPort: 40_000, isNear }), instant(at));
  assert.is(ask(0, false), undefined);
  const answer = ask(0);
  assert.is(answer?.to, 'asker');
  const read = parseDns(answer?.bytes ?? new Uint8Array());
  assert.is(read?.id, 77);
  assert.is(read?.questions[0]?.name, SERVICE);
  assert.ok(read?.records.every(({ ttl, flush }) => ttl <= 10 && !flush));
  for (let i = 1; i < 10; i++) assert.ok(ask(i));
  assert.is(ask(10), undefined, 'ten a second, of all askers together');
  assert.ok(ask(1000));
});

test('a single asker is never told more than it said', () => {
  const answerTo = (bytes: Uint8Array) =>
    new MdnsResponder().answer(query(bytes, { fromPort: 40_000 }), instant(0));
  assert.is(answerTo(question(SERVICE, TYPE.ptr)), undefined, 'a bare question');
  let shortest = 0;
  for (let size = 0; size < 600; size++) {
    const bytes = question(SERVICE, TYPE.any, [filler(size)]);
    const answer = answerTo(bytes);
    if (answer === undefined) continue;
    assert.ok(answer.bytes.length <= bytes.length, `${answer.bytes.length} for ${bytes.length}`);
    shortest ||= parseDns(answer.bytes)?.records.length ?? 0;
  }
  assert.is(shortest, 1, 'first without what was not asked for');
});

test('a farewell takes back what was announced', () => {
  const records = parseDns(new MdnsResponder().farewell(presence))?.records ?? [];
  assert.equal(
    records.map(({ ttl }) => ttl),
    [0, 0, 0, 0, 0],
  );
});

test.run();
