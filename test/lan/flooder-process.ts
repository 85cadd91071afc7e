/**
 * Somebody who sends as much as the socket takes: `node flooder-process.js KIND HOST SECONDS`.
 * Prints `flooding`, and in the end what was sent and what came back, as JSON.
 */

import { randomBytes, randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { buildDns } from '../../protocol/dns/build-dns.ts';
import { TYPE } from '../../protocol/dns/dns-message.ts';
import { buildServiceQuery, MDNS_PORT, MDNS_V4, SERVICE } from '../../protocol/dns/service.ts';
import { COOKIE_SIZE, KEY_SIZE, NONCE_SIZE } from '../../protocol/limits.ts';
import { type Offer, SPOKEN } from '../../protocol/offers.ts';
import { buildDiscover, buildHello, buildRequest, parseFrame } from '../../protocol/packet.ts';
import { BenchSession } from '../../scripts/bench/bench-session.ts';
import { makeMalformed } from '../stories/stranger.ts';

const PORT = 24_711;
/** Datagrams given to the socket before it is waited for. */
const BURST = 32;
/** Datagrams made beforehand, for making them is no part of the flood. */
const MADE = 2048;

const [kind = '', host = '', seconds = '5'] = process.argv.slice(2);
const socket = createSocket({
  type: host.includes(':') ? 'udp6' : 'udp4',
  sendBufferSize: 1 << 20,
});
socket.bind(0);
await once(socket, 'listening');

const discover = (): Uint8Array =>
  buildDiscover({ nonce: randomBytes(NONCE_SIZE), versions: SPOKEN, product: null });

const askOffer = async (from = socket): Promise<Offer> => {
  const heard = once(from, 'message', { signal: AbortSignal.timeout(2000) });
  from.send(discover(), PORT, host);
  const frame = parseFrame(new Uint8Array((await heard)[0] as Buffer));
  if (typeof frame === 'string' || frame.kind !== 'offer') throw new Error('no offer');
  return frame.offer;
};

const many = (make: () => Uint8Array, count = MADE): readonly Uint8Array[] =>
  Array.from({ length: count }, make);

/** Clients' keys that somebody has seen on the wire; they stand in hex behind the seconds. */
const seenKeys = process.argv.slice(5).map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));

const stolen = (): Uint8Array => {
  const key = seenKeys[randomInt(Math.max(1, seenKeys.length))] ?? randomBytes(KEY_SIZE);
  return buildRequest(key, randomBytes(NONCE_SIZE), new Uint8Array(32), randomBytes(KEY_SIZE));
};

const longQuery = (): Uint8Array =>
  buildDns({
    id: randomInt(0x1_0000),
    isResponse: false,
    questions: [{ name: SERVICE, type: TYPE.ptr, unicast: true }],
    answers: [{ name: 'x.local', type: 'txt', ttl: 1, flush: false, bytes: randomBytes(500) }],
    additionals: [],
  });

const MAKERS: Readonly<Record<string, () => Promise<readonly Uint8Array[]>>> = {
  noise: async () => many(() => randomBytes(randomInt(1472))),
  malformed: async () => many(() => makeMalformed(discover())),
  /** Questions to the agent's mDNS from a port that is not its own, bare and with much behind them. */
  mdns: async () => many(() => buildServiceQuery(), 64).concat(many(longQuery, 64)),
  /** Longer than a datagram of ours may be, and in pieces on the wire. */
  fragments: async () => many(() => randomBytes(randomInt(1473, 40_000)), 256),
  discover: async () => many(discover),
  /** Whole hellos that are in order, but for their cookie: it is genuine, and of another port. */
  cookies: async () => {
    const other = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const offer = await askOffer(other);
    other.close();
    const to = { address: host, port: PORT };
    return many(() => new BenchSession(offer, to, 1).acquire('acme'));
  },
  /** Cookies that nobody made. */
  guesses: async () =>
    many(() =>
      buildHello(
        randomBytes(COOKIE_SIZE),
        randomBytes(KEY_SIZE),
        randomBytes(NONCE_SIZE),
        new Uint8Array(416),
        randomBytes(KEY_SIZE),
      ),
    ),
  stolen: async () => many(stolen),
  /** Sessions that ask for what there is not, each under a key of its own. */
  sessions: async () => {
    const offer = await askOffer();
    const to = { address: host, port: PORT };
    let number = 0;
    return many(() => new BenchSession(offer, to, ++number).acquire('no such product'), 8192);
  },
  /** A whole honest conversation, over and over. */
  replay: async () => {
    const offer = await askOffer();
    const session = new BenchSession(offer, { address: host, port: PORT }, 1);
    const recorded = [session.acquire('acme'), session.renew(), session.renew(), session.release()];
    return [...recorded, ...recorded];
  },
};

const datagrams = await (MAKERS[kind] ?? MAKERS['noise'])?.();
if (datagrams === undefined) throw new Error('nothing to send');
console.log('flooding');
const heard = { datagrams: 0, bytes: 0 };
socket.on('message', (bytes: Buffer) => {
  heard.datagrams++;
  heard.bytes += bytes.length;
});
const sent = { datagrams: 0, bytes: 0 };
const to = kind === 'mdns' ? { address: MDNS_V4, port: MDNS_PORT } : { address: host, port: PORT };
const end = performance.now() + Number(seconds) * 1000;
const sendOne = (bytes: Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    socket.send(bytes, to.port, to.address, () => resolve());
  });
while (performance.now() < end) {
  const burst: Promise<void>[] = [];
  for (let i = 0; i < BURST; i++) {
    const bytes = datagrams[sent.datagrams % datagrams.length] ?? new Uint8Array();
    burst.push(sendOne(bytes));
    sent.datagrams++;
    sent.bytes += bytes.length;
  }
  await Promise.all(burst);
  // Lets in what was answered.
  if (sent.datagrams % 1024 === 0) await new Promise((resolve) => setImmediate(resolve));
}
console.log(
  JSON.stringify({ sent, heard, perSecond: Math.round(sent.datagrams / Number(seconds)) }),
);
socket.close();
