/** The agent's place in the network: its socket, and what it tells the core when that has moved. */

import { randomBytes } from 'node:crypto';
import type { Endpoint } from '../protocol/endpoint.ts';
import type { Event } from './core/events.ts';
import { MdnsResponder } from './edges/mdns-responder.ts';
import { UdpGateway } from './edges/udp-gateway.ts';
import type { Settings } from './settings.ts';

export class AgentNetwork {
  #gateway: UdpGateway | undefined;
  #responder: MdnsResponder | undefined;
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
    if (interfaces === null) this.#answerServices(this.#gateway.port);
    this.notice();
    return this.#gateway;
  }

  /** Only while somebody asks for seats: a cable that is plugged in wakes nobody up. */
  notice(): void {
    if (this.#gateway === undefined) return;
    const { port, addresses } = this.#gateway;
    if (addresses.join() === this.#told) return;
    this.#told = addresses.join();
    void this.#responder?.moved();
    this.#feed({ kind: 'network-changed', port, addresses });
  }

  send(to: Endpoint, bytes: Uint8Array): void {
    this.#gateway?.send(to, bytes);
  }

  askAround(bytes: Uint8Array): void {
    this.#gateway?.askAround(bytes);
  }

  async close(): Promise<void> {
    await Promise.all([this.#gateway?.close(), this.#responder?.close()]);
  }

  #answerServices(port: number): void {
    const host = `usher-${randomBytes(6).toString('hex')}`;
    this.#responder = new MdnsResponder({ port, host, now: () => performance.now() });
  }
}
