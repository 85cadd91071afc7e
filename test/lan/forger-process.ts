/**
 * Answers every discover at once, with offers of agents that there are not, and one in the name of the
 * genuine agent, whose address stands behind the program's name.
 */

import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { COOKIE_SIZE, EPOCH_SIZE, KEY_SIZE, NONCE_SIZE } from '../../protocol/limits.ts';
import { SPOKEN } from '../../protocol/offers.ts';
import { buildDiscover, buildOffer, parseFrame } from '../../protocol/packet.ts';

const OFFERS = 80;
const PORT = 24_711;

/** The genuine agent's key, as it tells everybody. */
const askKey = async (address: string): Promise<Uint8Array> => {
  const asker = createSocket('udp4');
  const nonce = randomBytes(NONCE_SIZE);
  asker.send(buildDiscover({ nonce, versions: SPOKEN, product: null }), PORT, address);
  const [bytes] = (await once(asker, 'message')) as [Buffer];
  asker.close();
  const frame = parseFrame(new Uint8Array(bytes));
  if (typeof frame === 'string' || frame.kind !== 'offer') throw new Error('no offer');
  return frame.offer.agentKey;
};

const genuine = await askKey(process.argv[2] ?? '');

const forge = (nonce: Uint8Array, agentKey: Uint8Array): Uint8Array =>
  buildOffer({
    nonce,
    versions: SPOKEN,
    agentKey,
    epoch: randomBytes(EPOCH_SIZE),
    cookie: randomBytes(COOKIE_SIZE),
    name: 'forged',
    version: '1.0.0',
    products: [{ product: 'acme', free: 1000, total: 1000 }],
    more: 0,
  }) ?? new Uint8Array();

const socket = createSocket('udp4');
socket.on('message', (bytes, from) => {
  const frame = parseFrame(new Uint8Array(bytes));
  if (typeof frame === 'string' || frame.kind !== 'discover') return;
  const { nonce } = frame.discover;
  for (let i = 0; i < OFFERS; i++) {
    const key = i === 0 ? genuine : randomBytes(KEY_SIZE);
    socket.send(forge(nonce, key), from.port, from.address);
  }
});
socket.bind(PORT, () => console.log('forging'));
