/**
 * An honest client that renews all the while and measures: `node honest-process.js HOST SECONDS`.
 * Prints `holding` and its client key when it has a seat, then how long its renewals took, as JSON.
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { NONCE_SIZE } from '../../protocol/limits.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { SPOKEN } from '../../protocol/offers.ts';
import { buildDiscover, parseFrame } from '../../protocol/packet.ts';
import { BenchSession } from '../../scripts/bench/bench-session.ts';

const PORT = 24_711;
const EVERY_MS = 20;
/** A renewal that takes longer is lost. */
const LOST_MS = 1000;

const [host = '', seconds = '5'] = process.argv.slice(2);
const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
socket.bind(0);
await once(socket, 'listening');

const answer = async (bytes: Uint8Array): Promise<Uint8Array> => {
  for (let tries = 0; tries < 20; tries++) {
    const heard = once(socket, 'message', { signal: AbortSignal.timeout(500) });
    socket.send(bytes, PORT, host);
    try {
      return new Uint8Array((await heard)[0] as Buffer);
    } catch {
      // Lost on the way: once more.
    }
  }
  throw new Error('The agent does not answer.');
};

const nonce = systemEntropy(NONCE_SIZE);
const offered = parseFrame(await answer(buildDiscover({ nonce, versions: SPOKEN, product: null })));
if (typeof offered === 'string' || offered.kind !== 'offer') throw new Error('no offer');
const session = new BenchSession(offered.offer, { address: host, port: PORT }, 1);
const granted = session.open(await answer(session.acquire('acme')));
if (granted?.kind !== 'granted') throw new Error(`no seat: ${JSON.stringify(granted)}`);
console.log(`holding ${session.clientKey}`);

const took: number[] = [];
const sentAt = new Map<number, number>();
socket.on('message', (bytes: Buffer) => {
  const reply = session.open(new Uint8Array(bytes));
  const sent = sentAt.get(reply?.id ?? -1);
  if (reply?.kind !== 'renewed' || sent === undefined) return;
  sentAt.delete(reply.id);
  took.push(performance.now() - sent);
});
const end = performance.now() + Number(seconds) * 1000;
// The first request had the id 1.
for (let id = 2; performance.now() < end; id++) {
  sentAt.set(id, performance.now());
  socket.send(session.renew(), PORT, host);
  await sleep(EVERY_MS);
}
await sleep(LOST_MS);
took.push(...[...sentAt.values()].map(() => LOST_MS));
took.sort((one, other) => one - other);
const at = (part: number): number => Number((took[Math.floor(part * took.length)] ?? 0).toFixed(2));
console.log(
  JSON.stringify({ renewals: took.length, lost: sentAt.size, p50: at(0.5), p99: at(0.99) }),
);
socket.close();
