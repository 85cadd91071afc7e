/** The agent's place in the network: its sockets, and what it tells the core when that has moved. */

import type { Endpoint } from '../protocol/endpoint.ts';
import { DISCOVER_SIZE } from '../protocol/limits.ts';
import type { Clock } from '../protocol/node/clock.ts';
import { between, type Instant } from '../protocol/units.ts';
import { MdnsResponder } from './core/discovery/mdns-responder.ts';
import { RepeatedSearches } from './core/discovery/repeated-searches.ts';
import type { Event } from './core/events.ts';
import { MdnsDoor } from './edges/mdns-door.ts';
import { UdpGateway } from './edges/udp-gateway.ts';
import type { Settings } from './settings.ts';

export interface NetworkParts {
  readonly clock: Clock;
  /** By which the agent is named in mDNS. */
  readonly agentKey: Uint8Array;
}

/** Milliseconds between two looks for new interfaces while somebody searches. */
const LOOK_EVERY_MS = 5000;

export class AgentNetwork {
  readonly #parts: NetworkParts;
  readonly #searches = new RepeatedSearches();
  #gateway: UdpGateway | undefined;
  #mdns: MdnsDoor | undefined;
  #feed: (event: Event) => void = () => {};
  /** Nothing yet: a computer without a network is told, too. */
  #told: string | undefined;
  #lookedAt: Instant | undefined;

  constructor(parts: NetworkParts) {
    this.#parts = parts;
  }

  /** Begins to hear, and to `feed` what it hears. Rejects where the port is taken. */
  async open({ port, interfaces }: Settings, feed: (event: Event) => void): Promise<UdpGateway> {
    this.#feed = feed;
    const gateway = await UdpGateway.open({
      port,
      interfaces,
      onDatagram: (bytes, from) => {
        feed({ kind: 'datagram', from, bytes });
        if (bytes.length === DISCOVER_SIZE) this.#hearSearch(bytes, from);
      },
    });
    this.#gateway = gateway;
    this.#mdns = new MdnsDoor({
      ...this.#parts,
      interfaces,
      port: gateway.port,
      responder: new MdnsResponder(),
    });
    await this.#look();
    this.#mdns.announce();
    return gateway;
  }

  /** Only while somebody asks for seats: a cable that is plugged in wakes nobody up. */
  notice(): void {
    if (this.#gateway === undefined) return;
    const { port, addresses } = this.#gateway;
    const mdns = this.#mdns?.links ?? [];
    const news = [...addresses, '', ...mdns].join();
    if (news === this.#told) return;
    this.#told = news;
    this.#feed({ kind: 'network-changed', port, addresses, mdns });
  }

  send(to: Endpoint, bytes: Uint8Array): void {
    this.#gateway?.send(to, bytes);
  }

  askAround(bytes: Uint8Array): void {
    this.#gateway?.askAround(bytes);
  }

  async close(): Promise<void> {
    await this.#mdns?.close();
    const gateway = this.#gateway;
    // Whoever was about to tell of it, as after a look at the host, finds none.
    this.#gateway = undefined;
    await gateway?.close();
  }

  /**
   * Who asks again has heard no answer: its firewall may drop one that comes by broadcast's way, and let
   * mDNS in. No port but the agent's own needs to be open for that here.
   */
  #hearSearch(bytes: Uint8Array, { address }: Endpoint): void {
    const now = this.#parts.clock.now().mono;
    if (this.#searches.hear(bytes, now)) this.#mdns?.announceNear(address);
    if (this.#lookedAt !== undefined && between(this.#lookedAt, now) < LOOK_EVERY_MS) return;
    void this.#look();
  }

  /** Takes up interfaces that came since. */
  async #look(): Promise<void> {
    this.#lookedAt = this.#parts.clock.now().mono;
    this.#gateway?.rejoin();
    await this.#mdns?.look();
    this.notice();
  }
}
