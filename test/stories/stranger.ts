/** Somebody on the network who sends whatever could harm an agent, and listens for answers. */

import { randomBytes, randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { DATAGRAM_MAX, NONCE_SIZE } from '../../protocol/limits.ts';
import { SPOKEN } from '../../protocol/offers.ts';
import { buildDiscover } from '../../protocol/packet.ts';

/** Datagrams sent before the agent gets time to hear them. */
const BURST = 64;
const LONGEST_SENT = 2048;

export class Stranger implements AsyncDisposable {
  readonly answers: Uint8Array[] = [];
  readonly #socket: Socket;
  readonly #port: number;

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    this.#port = port;
    socket.on('message', (bytes) => this.answers.push(bytes));
  }

  static async open(port: number): Promise<Stranger> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Stranger(socket, port);
  }

  /** Sends so many datagrams, each made anew; `pause` comes after each burst. */
  async send(count: number, pause: () => Promise<unknown>): Promise<void> {
    for (let sent = 0; sent < count; sent += BURST) {
      const burst = Array.from({ length: Math.min(BURST, count - sent) }, () => this.#make());
      await Promise.all(burst.map((bytes) => this.#sendOne(bytes)));
      await pause();
    }
  }

  #sendOne(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.send(bytes, this.#port, '127.0.0.1', () => resolve());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #make(): Uint8Array {
    return makeMalformed(this.answers.at(-1));
  }
}

/** A datagram that is out of order, or an honest question. `heard`: what the agent has said. */
export const makeMalformed = (heard: Uint8Array | undefined): Uint8Array =>
  (KINDS[randomInt(KINDS.length)] ?? noise)(heard);

type Maker = (heard: Uint8Array | undefined) => Uint8Array;

const noise: Maker = () => randomBytes(randomInt(LONGEST_SENT));

const discover: Maker = () =>
  buildDiscover({ nonce: randomBytes(NONCE_SIZE), versions: SPOKEN, product: null });

/** A frame of ours in its head only. */
const headed =
  (version: number, type: number, size: () => number): Maker =>
  () =>
    Buffer.concat([Buffer.from([0x55, 0x53, version, type]), randomBytes(size())]);

const anySize = (): number => randomInt(DATAGRAM_MAX - 4);

/** One byte of an honest question changed. */
const changed: Maker = (heard) => {
  const bytes = Uint8Array.from(discover(heard));
  const at = randomInt(40);
  bytes[at] = randomInt(256);
  return bytes;
};

const cut: Maker = (heard) => {
  const bytes = discover(heard);
  return bytes.subarray(0, randomInt(bytes.length));
};

/** What the agent itself said, sent back to it. */
const echoed: Maker = (heard) => heard ?? noise(heard);

/** Where an honest question stands: containers within containers, and none that ends. */
const nested: Maker = (heard) => {
  const bytes = Uint8Array.from(discover(heard));
  bytes.fill([0x91, 0xdd, 0xdf, 0xc6, 0xd4][randomInt(5)] ?? 0x91, 4, 4 + randomInt(1100));
  return bytes;
};

const KINDS: readonly Maker[] = [
  noise,
  discover,
  changed,
  cut,
  echoed,
  nested,
  headed(1, 3, anySize),
  headed(1, 4, anySize),
  headed(1, 4, () => 4 + 32 + 24 + 64),
  headed(1, 5, anySize),
  headed(0, 1, () => DATAGRAM_MAX - 4),
  headed(0, 2, anySize),
  headed(9, 3, anySize),
];
