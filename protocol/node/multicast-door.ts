/** Multicast DNS on every interface: one socket for each family, which other programs share. */

import { DATAGRAM_MAX } from '../limits.ts';
import { listMulticastInterfaces, type MulticastInterface } from './interfaces.ts';
import { type DatagramListener, UdpSocket } from './udp-socket.ts';

/** RFC 6762, section 3. */
export const MDNS_PORT = 5353;
const GROUPS = [
  { family: 4, address: '0.0.0.0', group: '224.0.0.251' },
  { family: 6, address: '::', group: 'ff02::fb' },
] as const;

export class MulticastDoor implements AsyncDisposable {
  readonly #sockets: ReadonlyMap<4 | 6, UdpSocket>;

  private constructor(sockets: ReadonlyMap<4 | 6, UdpSocket>) {
    this.#sockets = sockets;
    this.join();
  }

  /** Opens what the system lets it; where it lets nothing, nothing is heard. */
  static async open(onDatagram: DatagramListener): Promise<MulticastDoor> {
    const sockets = new Map<4 | 6, UdpSocket>();
    for (const { family, address, group } of GROUPS) {
      const options = { address, port: MDNS_PORT, group, onDatagram };
      const socket = await UdpSocket.open(options).catch(() => undefined);
      socket?.hold(false);
      if (socket !== undefined) sockets.set(family, socket);
    }
    return new MulticastDoor(sockets);
  }

  /** Joins on interfaces that have come since. */
  join(): void {
    for (const { family, via } of listMulticastInterfaces()) this.#sockets.get(family)?.join(via);
  }

  /** Sends on each interface that there is now what `make` makes for it. */
  send(make: (at: MulticastInterface) => Uint8Array | undefined): void {
    for (const one of listMulticastInterfaces()) {
      const bytes = make(one);
      if (bytes === undefined || bytes.length > DATAGRAM_MAX) continue;
      this.#sockets.get(one.family)?.sendToGroup(one.via, MDNS_PORT, bytes);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sockets.values()].map((socket) => socket.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
