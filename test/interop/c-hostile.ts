/** Forged answers to the C client: it holds to those that are sealed, and to nothing else. */

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { uvu } from 'uvu';
import * as assert from 'uvu/assert';
import { DATAGRAM_MAX } from '../../protocol/limits.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { buildOffer, buildReply, parseFrame, TAG_SIZE } from '../../protocol/packet.ts';
import { seconds } from '../../protocol/units.ts';
import type { CStory } from './c-client.ts';
import { type InteropSite, renewed } from './interop-site.ts';

/** Hears what a client says to the agent, passes everything on, and may say more. */
class Meddler {
  readonly #socket: Socket;
  readonly #site: InteropSite;
  /** By the client's address: the socket that stands for it towards the agent. */
  readonly #clients = new Map<number, Socket>();
  /** What it sends to the client beside each datagram. */
  beside: (heard: Uint8Array, fromAgent: boolean) => readonly Uint8Array[] = () => [];
  passes = true;
  said = 0;
  /** Where the agent is by now, when it has moved: at the old place only a discover is passed on. */
  #moved: Socket | undefined;

  constructor(socket: Socket, site: InteropSite) {
    this.#socket = socket;
    this.#site = site;
    socket.on('message', (bytes, { port }) => {
      const isDiscover = bytes[3] === 1;
      if (this.#moved === undefined || isDiscover) this.#fromClient(bytes, port);
    });
  }

  static async open(site: InteropSite): Promise<Meddler> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Meddler(socket, site);
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  /** From now on everything comes from another port, and nothing is heard at the old one. */
  async move(): Promise<void> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.on('message', (bytes, { port }) => this.#fromClient(bytes, port));
    this.#moved = socket;
  }

  #fromClient(bytes: Uint8Array, port: number): void {
    this.#meddle(bytes, port, false);
    if (this.passes) this.#clientAt(port).send(bytes, this.#site.port, '127.0.0.1');
  }

  #clientAt(port: number): Socket {
    const known = this.#clients.get(port);
    if (known !== undefined) return known;
    const made = createSocket('udp4');
    made.on('message', (bytes) => {
      this.#meddle(bytes, port, true);
      (this.#moved ?? this.#socket).send(bytes, port, '127.0.0.1');
      this.#meddle(bytes, port, true);
    });
    this.#clients.set(port, made);
    return made;
  }

  #meddle(bytes: Uint8Array, port: number, fromAgent: boolean): void {
    for (const more of this.beside(bytes, fromAgent)) {
      this.said++;
      this.#socket.send(more, port, '127.0.0.1');
    }
  }

  close(): void {
    this.#socket.close();
    this.#moved?.close();
    for (const client of this.#clients.values()) client.close();
  }
}

/** An offer of a made-up agent, or of the genuine one with another cookie and epoch. */
const forgeOffers = (bytes: Uint8Array): readonly Uint8Array[] => {
  const frame = parseFrame(bytes);
  if (typeof frame === 'string' || frame.kind !== 'offer') return [];
  const { offer } = frame;
  const forged = [
    { ...offer, cookie: systemEntropy(16), epoch: systemEntropy(8) },
    { ...offer, agentKey: systemEntropy(32), name: 'impostor' },
    { ...offer, agentKey: new Uint8Array(32), name: 'of small order' },
    { ...offer, nonce: systemEntropy(16), agentKey: systemEntropy(32), name: 'a recording' },
  ];
  return forged.flatMap((one) => buildOffer(one) ?? []);
};

/** Refusals under a made-up key, noise, and the agent's own word with a bit changed. */
export const forgeReplies = (bytes: Uint8Array, fromAgent: boolean): readonly Uint8Array[] => {
  const frame = parseFrame(bytes);
  if (typeof frame === 'string' || frame.kind === 'discover' || frame.kind === 'offer') return [];
  const changed = new Uint8Array(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  const noise = systemEntropy(1 + ((bytes[40] ?? 0) % 255) * 4);
  const tag = frame.kind === 'reply' ? frame.tag : frame.clientKey.slice(0, TAG_SIZE);
  const refused = { kind: 'refused', id: 0, code: 'disconnected', inUse: 0, seats: 0 } as const;
  const sealed = buildReply(tag, systemEntropy(16), refused, systemEntropy(32));
  // Twice the same is a replay, whichever way it went.
  const replayed = fromAgent ? [bytes] : [];
  return [changed, noise, sealed, new Uint8Array(DATAGRAM_MAX + 60).fill(0x55), ...replayed];
};

/** Works with a meddler between the clients and the agent. */
export const withMeddler = async (
  site: InteropSite,
  work: (meddler: Meddler) => Promise<void>,
): Promise<void> => {
  const meddler = await Meddler.open(site);
  try {
    await work(meddler);
  } finally {
    meddler.close();
  }
};

export const addHostileTests = (story: uvu.Test<CStory>): void => {
  story('forged offers, answers and replays are ignored', async ({ site, start }) => {
    await site.addLicense({ term: seconds(10) });
    await withMeddler(site, async (meddler) => {
      meddler.beside = (bytes, fromAgent) => [
        ...forgeOffers(bytes),
        ...forgeReplies(bytes, fromAgent),
      ];
      const by = ['--interfaces', '', '--agent', meddler.address];
      const client = start(...by, '--hold');
      await client.told('held');
      await renewed(site);
      client.release();
      assert.is(await client.code, 0, JSON.stringify(client.steps));
      assert.equal(client.names, ['held', 'acquired', 'released']);
      assert.ok(meddler.said > 10, `${meddler.said} forged datagrams`);
    });
  });
};
