/** What the C client takes from mDNS and DNS: the same as the client in TypeScript. */

import { MdnsResponder } from '../../agent/core/discovery/mdns-responder.ts';
import { bytesToHex, utf8ToBytes } from '../../protocol/bytes.ts';
import { buildDns } from '../../protocol/dns/build-dns.ts';
import { type DnsRecord, TYPE } from '../../protocol/dns/dns-message.ts';
import { buildServiceQuery, readServiceAnswer } from '../../protocol/dns/service.ts';
import { endpointToText } from '../../protocol/endpoint.ts';
import { isSiteAddress } from '../../protocol/ip-address.ts';
import { instant } from '../../protocol/units.ts';
import { readCorpus } from '../fuzz/corpus.ts';
import type { VectorCheck } from './c-vectors.ts';

/** The link by which the program hears mDNS. */
const ZONE = '4242';
const DOMAIN = 'site.example';
const NAME = `_usher._udp.${DOMAIN}`;

const presence = (agent: number, ...addresses: readonly string[]) => ({
  agentKey: new Uint8Array(32).fill(agent),
  port: 24_000 + agent,
  addresses,
});

const announced = (agent: number, ...addresses: readonly string[]): Uint8Array =>
  new MdnsResponder().announce('eth0', presence(agent, ...addresses), instant(0)) ??
  new Uint8Array();

const farewell = (): Uint8Array => new MdnsResponder().farewell(presence(7, '10.77.0.1'));

/** An answer of an agent with all kinds of addresses, as it is, cut, and with each byte changed once. */
const mdnsMessages = (): readonly Uint8Array[] => {
  const whole = announced(7, '10.77.0.1', 'fe80::1', 'fd00::7', '192.0.2.1', '2001:db8::1');
  const changed = Array.from(whole, (_, at) => {
    const other = whole.slice();
    other[at] = (other[at] ?? 0) ^ (at % 3 === 0 ? 0xff : 1 << (at % 8));
    return other;
  });
  const cut = Array.from(whole, (_, size) => whole.slice(0, size));
  return [whole, announced(8, '172.31.0.9'), farewell(), buildServiceQuery(), ...changed, ...cut];
};

export const nameMessages = (): readonly Uint8Array[] => [
  ...readCorpus('dns'),
  ...mdnsMessages().slice(0, 40),
  ...SRV_ANSWERS.map(({ bytes }) => bytes),
];

/** Servers may let nobody keep what they say; in mDNS a time of zero would take it back. */
const own = { ttl: 0, flush: false };
const srv = (target: string, priority: number, port = 24_711, name = NAME): DnsRecord => ({
  ...{ ...own, name, type: 'srv' as const },
  ...{ priority, weight: 0, port, target },
});
const at = (name: string, address: string): DnsRecord => ({
  ...{ ...own, name },
  ...{ type: address.includes(':') ? ('aaaa' as const) : ('a' as const), address },
});

const answer = (answers: readonly DnsRecord[], additionals: readonly DnsRecord[], name = NAME) =>
  buildDns({
    ...{ id: 0, isResponse: true, answers, additionals },
    questions: [{ name, type: TYPE.srv, unicast: false }],
  });

/** What a server of names may say, and where the client is to look for that. */
const SRV_ANSWERS: readonly { about: string; bytes: Uint8Array; places: readonly string[] }[] = [
  {
    about: 'one agent',
    bytes: answer([srv('a.site.example', 1)], [at('a.site.example', '198.51.100.7')]),
    places: ['198.51.100.7:24711'],
  },
  {
    about: 'the better priority first',
    bytes: answer(
      [srv('b.x', 20, 5), srv('a.x', 10, 4)],
      [at('b.x', '198.51.100.2'), at('a.x', '198.51.100.1'), at('a.x', '2001:db8::1')],
    ),
    places: ['198.51.100.1:4', '[2001:db8::1]:4', '198.51.100.2:5'],
  },
  {
    about: 'another name',
    bytes: answer([srv('a.x', 1)], [at('a.x', '10.0.0.1')], 'x'),
    places: [],
  },
  {
    about: 'a service of another name',
    bytes: answer([srv('a.x', 1, 24_711, 'other.example')], [at('a.x', '10.0.0.1')]),
    places: [],
  },
  { about: 'no port', bytes: answer([srv('a.x', 1, 0)], [at('a.x', '10.0.0.1')]), places: [] },
  { about: 'an address of nobody named', bytes: answer([], [at('a.x', '10.0.0.1')]), places: [] },
  {
    about: 'nine agents',
    bytes: answer(
      Array.from({ length: 9 }, (_, i) => srv(`h${i}.x`, i)),
      Array.from({ length: 9 }, (_, i) => at(`h${i}.x`, `10.0.0.${i}`)),
    ),
    places: Array.from({ length: 8 }, (_, i) => `10.0.0.${i}:24711`),
  },
];

export const nameChecks = (): readonly VectorCheck[] => {
  const way = { zone: ZONE, isNear: isSiteAddress };
  const asked = [...readCorpus('dns'), ...mdnsMessages()].filter(({ length }) => length > 0);
  return [
    ...asked.map((bytes, i) => ({
      about: `mDNS message ${i}`,
      ask: `mdns ${bytesToHex(bytes)}`,
      answer: readServiceAnswer(bytes, way).map(endpointToText).join(' '),
    })),
    ...SRV_ANSWERS.map(({ about, bytes, places }) => ({
      about: `DNS SRV: ${about}`,
      ask: `srv ${bytesToHex(utf8ToBytes(DOMAIN))} ${bytesToHex(bytes)}`,
      answer: places.join(' '),
    })),
  ];
};
