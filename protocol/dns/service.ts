/** Usher's service in DNS: how an agent is announced by mDNS (RFC 6762, 6763), and found. */

import { bytesToBase32, concatBytes, utf8ToBytes } from '../bytes.ts';
import type { Endpoint } from '../endpoint.ts';
import { buildDns } from './build-dns.ts';
import { type DnsRecord, parseDns, TYPE } from './dns-message.ts';

/** Where mDNS is spoken on a link. */
export const MDNS_PORT = 5353;
export const MDNS_V4 = '224.0.0.251';
export const MDNS_V6 = 'ff02::fb';

export const SERVICE = '_usher._udp.local';
/** Where all services of a link are listed. */
export const SERVICE_LIST = '_services._dns-sd._udp.local';

/** Seconds: of records that may go stale with a network, and of the others (RFC 6762, section 10). */
const TTL_SHORT = 120;
const TTL_LONG = 4500;
/** Addresses of one family that an answer names, and endpoints that are taken from one. */
const ADDRESSES_MAX = 4;
const ENDPOINTS_MAX = 8;
/** Bytes of the agent key in its name: nobody else's begins so by chance. */
const NAME_BYTES = 5;

/** What an agent is on one network. */
export interface Presence {
  readonly agentKey: Uint8Array;
  readonly port: number;
  /** Its addresses there, without zones. */
  readonly addresses: readonly string[];
}

export interface ServiceRecords {
  readonly list: DnsRecord;
  readonly pointer: DnsRecord;
  /** Where it is: SRV and TXT. */
  readonly place: readonly DnsRecord[];
  readonly addresses: readonly DnsRecord[];
}

/** `usher-` and 8 characters of base32. */
const hostLabel = (agentKey: Uint8Array): string =>
  `usher-${bytesToBase32(agentKey.slice(0, NAME_BYTES))}`;

/** The records of an agent. Its names are of its key, so they are nobody else's and need no probing. */
export const serviceRecords = ({ agentKey, port, addresses }: Presence): ServiceRecords => {
  const label = hostLabel(agentKey);
  const [instance, host] = [`${label}.${SERVICE}`, `${label}.local`];
  const shared = { ttl: TTL_LONG, flush: false };
  const own = { ttl: TTL_SHORT, flush: true };
  const version = utf8ToBytes('v=1');
  return {
    list: { ...shared, name: SERVICE_LIST, type: 'ptr', target: SERVICE },
    pointer: { ...shared, name: SERVICE, type: 'ptr', target: instance },
    place: [
      { ...own, name: instance, type: 'srv', priority: 0, weight: 0, port, target: host },
      {
        ...own,
        name: instance,
        type: 'txt',
        ttl: TTL_LONG,
        bytes: concatBytes(Uint8Array.of(version.length), version),
      },
    ],
    addresses: ADDRESS_TYPES.flatMap(({ type, isOfType }) =>
      addresses
        .filter(isOfType)
        .slice(0, ADDRESSES_MAX)
        .map((address) => ({ ...own, name: host, type, address })),
    ),
  };
};

const ADDRESS_TYPES = [
  { type: 'a', isOfType: (address: string) => !address.includes(':') },
  { type: 'aaaa', isOfType: (address: string) => address.includes(':') },
] as const;

/** The question who is there. */
export const buildServiceQuery = (): Uint8Array =>
  buildDns({
    id: 0,
    isResponse: false,
    questions: [{ name: SERVICE, type: TYPE.ptr, unicast: false }],
    answers: [],
    additionals: [],
  });

/** By what an answer came. */
export interface AnswerWay {
  /** Of the link, if it is known: a link-local address means nothing without. */
  readonly zone: string | undefined;
  /** Whether an address is of this site. */
  readonly isNear: (address: string) => boolean;
}

/**
 * Where agents are by an answer. Anybody can make one, so only addresses of the site count, for nobody
 * else is to be troubled by what is sent there.
 */
export const readServiceAnswer = (bytes: Uint8Array, way: AnswerWay): readonly Endpoint[] => {
  const message = parseDns(bytes);
  if (message === undefined || !message.isResponse) return [];
  const { records } = message;
  const found = new Map<string, Endpoint>();
  for (const srv of records) {
    if (srv.type !== 'srv' || srv.ttl === 0 || srv.port === 0) continue;
    if (!srv.name.endsWith(`.${SERVICE}`)) continue;
    for (const one of records) {
      if ((one.type !== 'a' && one.type !== 'aaaa') || one.name !== srv.target) continue;
      const address = withZone(one.address, way);
      if (address === undefined || found.size >= ENDPOINTS_MAX) continue;
      found.set(`${address} ${srv.port}`, { address, port: srv.port });
    }
  }
  return [...found.values()];
};

const withZone = (address: string, { zone, isNear }: AnswerWay): string | undefined => {
  if (!isNear(address)) return undefined;
  if (!/^fe[89ab]/.test(address)) return address;
  return zone === undefined ? undefined : `${address}%${zone}`;
};
