/** A socket on this computer that hears what clients and agents send to it. */

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

export class Ear implements AsyncDisposable {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(): Promise<Ear> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new Ear(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** The next datagram. */
  async hears(): Promise<Uint8Array> {
    const [bytes] = (await once(this.#socket, 'message')) as [Uint8Array];
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}
