/** One address that load comes from: a socket, and the offer that the agent made to it. */

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { NONCE_SIZE } from '../../protocol/limits.ts';
import { systemEntropy } from '../../protocol/node/entropy.ts';
import { type Offer, SPOKEN } from '../../protocol/offers.ts';
import { buildDiscover, parseFrame } from '../../protocol/packet.ts';

const OFFER_WAIT_MS = 2000;
const AGAIN_MS = 100;
const BUFFER_BYTES = 4 * 1024 * 1024;

export class Lane {
  readonly #socket: Socket;
  /** What to do with a datagram; plain, so that counting costs nothing else. */
  onDatagram: (bytes: Uint8Array) => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** A socket bound to `address` and connected to `port` of loopback: the cheapest way to send. */
  static async open(port: number, address = '127.0.0.1'): Promise<Lane> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER_BYTES });
    socket.bind(0, address);
    await once(socket, 'listening');
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const lane = new Lane(socket);
    socket.on('message', (bytes: Uint8Array) => lane.onDatagram(bytes));
    socket.on('error', () => {});
    return lane;
  }

  send(bytes: Uint8Array): void {
    this.#socket.send(bytes);
  }

  /** Asks the agent for an offer to this very address. */
  async askOffer(): Promise<Offer> {
    const nonce = systemEntropy(NONCE_SIZE);
    const before = this.onDatagram;
    const answered = new Promise<Offer>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('No offer came.')), OFFER_WAIT_MS);
      this.onDatagram = (bytes) => {
        const frame = parseFrame(bytes);
        if (typeof frame === 'string' || frame.kind !== 'offer') return;
        clearTimeout(timer);
        resolve(frame.offer);
      };
    });
    const ask = (): void => this.send(buildDiscover({ nonce, versions: SPOKEN, product: null }));
    ask();
    // A member of a site offers when it has a share of a license that is new.
    const again = setInterval(ask, AGAIN_MS);
    try {
      return await answered;
    } finally {
      clearInterval(again);
      this.onDatagram = before;
    }
  }

  close(): void {
    this.#socket.close();
  }
}
