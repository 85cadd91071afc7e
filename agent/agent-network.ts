/** The agent's place in the network: its socket, and what it tells the core when that has moved. */

import type { Endpoint } from '../protocol/endpoint.ts';
import type { Event } from './core/events.ts';
import { UdpGateway } from './edges/udp-gateway.ts';
import type { Settings } from './settings.ts';

export class AgentNetwork {
  #gateway: UdpGateway | undefined;
  #feed: (event: Event) => void = () => {};
  #told = '';

  /** Begins to hear, and to `feed` what it hears. Rejects where the port is taken. */
  async open({ port, interfaces }: Settings, feed: (event: Event) => void): Promise<UdpGateway> {
    this.#feed = feed;
    this.#gateway = await UdpGateway.open({
      port,
      interfaces,
      onDatagram: (bytes, from) => feed({ kind: 'datagram', from, bytes }),
    });
    this.notice();
    return this.#gateway;
  }

  /** Only while somebody asks for seats: a cable that is plugged in wakes nobody up. */
  notice(): void {
    if (this.#gateway === undefined) return;
    const { port, addresses } = this.#gateway;
    if (addresses.join() === this.#told) return;
    this.#told = addresses.join();
    this.#feed({ kind: 'network-changed', port, addresses });
  }

  send(to: Endpoint, bytes: Uint8Array): void {
    this.#gateway?.send(to, bytes);
  }

  askAround(bytes: Uint8Array): void {
    this.#gateway?.askAround(bytes);
  }
}
