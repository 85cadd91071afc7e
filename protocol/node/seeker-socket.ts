/** The client's socket: sends to agents it knows, and asks around where agents may be. */

import { type Endpoint, endpointToText, isV6 } from '../endpoint.ts';
import type { FurtherSearch } from './further-search.ts';
import { listIpv4Addresses, listLinks } from './interfaces.ts';
import { LatestSearches } from './latest-searches.ts';
import { type DatagramListener, UdpSocket } from './udp-socket.ts';

export interface SeekerOptions {
  /** The port on which agents listen. */
  readonly port: number;
  /** Look on these interfaces only; `null` for all; nowhere but at known addresses when empty. */
  readonly interfaces: readonly string[] | null;
  /** Agents' endpoints that are known from elsewhere. */
  readonly endpoints: readonly Endpoint[];
  readonly onDatagram: DatagramListener;
}

/** How an agent was found. */
export type FoundBy = 'address' | 'broadcast' | 'multicast' | 'mdns' | 'srv';

/** Where routers and directed broadcasts do not help: everybody on the link (RFC 919). */
const LIMITED_BROADCAST = '255.255.255.255';
/** All nodes of a link (RFC 4291): a group that everybody is in, on interfaces still to come, too. */
export const ALL_NODES = 'ff02::1';
/** Addresses that were heard of and are asked as well; the oldest is forgotten for a newer. */
const RUMOURED_MAX = 16;

export class SeekerSocket implements AsyncDisposable {
  readonly #options: SeekerOptions;
  readonly #endpoints: Endpoint[] = [];
  readonly #rumoured = new Map<string, { endpoint: Endpoint; by: 'mdns' | 'srv' }>();
  /** Made when nobody has answered at once: who finds an agent, as nearly all do, need not load it. */
  #further: Promise<FurtherSearch> | undefined;
  #holds = true;
  readonly #v4: UdpSocket;
  readonly #v6: UdpSocket | undefined;
  readonly #searches = new LatestSearches();

  private constructor(options: SeekerOptions, v4: UdpSocket, v6: UdpSocket | undefined) {
    this.#options = options;
    this.#v4 = v4;
    this.#v6 = v6;
  }

  static async open(options: SeekerOptions): Promise<SeekerSocket> {
    const { onDatagram } = options;
    const v4 = await UdpSocket.open({ address: '0.0.0.0', port: 0, onDatagram });
    // Some computers have no IPv6.
    const v6 = await UdpSocket.open({ address: '::', port: 0, onDatagram }).catch(() => undefined);
    const seeker = new SeekerSocket(options, v4, v6);
    seeker.learn(options.endpoints);
    return seeker;
  }

  /** Takes in agents' endpoints that became known since, and asks them what was asked last. */
  learn(endpoints: readonly Endpoint[]): void {
    const known = new Set(this.#endpoints.map(endpointToText));
    const fresh = endpoints.filter((one) => !known.has(endpointToText(one)));
    this.#endpoints.push(...fresh);
    this.#askToo(fresh);
  }

  send(to: Endpoint, bytes: Uint8Array): void {
    (isV6(to.address) ? this.#v6 : this.#v4)?.send(to, bytes);
  }

  /**
   * Sends to every place where an agent may be: at first to those that cost little, and when the same
   * is asked again, so that nobody has answered, everywhere. Interfaces are looked up each time:
   * cables and networks come and go.
   */
  askAround(bytes: Uint8Array): void {
    const isAgain = this.#searches.note(bytes);
    for (const endpoint of this.#endpoints) this.send(endpoint, bytes);
    for (const { endpoint } of this.#rumoured.values()) this.send(endpoint, bytes);
    if (this.#options.interfaces?.length === 0) return;
    if (!isAgain) return this.#askEverybody(bytes, false);
    // Who hears the second question may answer by mDNS: that is listened to first.
    void this.#askFurther().then(() => this.#askEverybody(bytes, true));
  }

  /** How the agent was found whose answer comes from there. */
  foundBy(from: Endpoint): FoundBy {
    const text = endpointToText(from);
    if (this.#endpoints.some((one) => endpointToText(one) === text)) return 'address';
    return this.#rumoured.get(text)?.by ?? (isV6(from.address) ? 'multicast' : 'broadcast');
  }

  /** Whether the open socket keeps the process from ending. */
  hold(on: boolean): void {
    this.#holds = on;
    void this.#further?.then((further) => further.hold(on));
    for (const socket of [this.#v4, this.#v6]) socket?.hold(on);
  }

  async close(): Promise<void> {
    const further = this.#further?.then((one) => one.close());
    await Promise.all([this.#v4.close(), this.#v6?.close(), further]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #askFurther(): Promise<void> {
    this.#further ??= this.#openFurther();
    await (await this.#further).ask();
  }

  async #openFurther(): Promise<FurtherSearch> {
    const { FurtherSearch } = await import('./further-search.ts');
    const further = new FurtherSearch({
      interfaces: this.#options.interfaces,
      onFound: (endpoints, by) => this.#hearOf(endpoints, by),
    });
    further.hold(this.#holds);
    return further;
  }

  /** Where both protocols lead to an agent it is to be the one that administrators write rules for. */
  #askEverybody(bytes: Uint8Array, isAgain: boolean): void {
    const hasBroadcast = this.#broadcast(bytes);
    if (isAgain || !hasBroadcast) this.#multicast(bytes);
  }

  /** The limited broadcast leaves by one interface only, hence the directed. Whether any led out. */
  #broadcast(bytes: Uint8Array): boolean {
    const { port, interfaces } = this.#options;
    const own = listIpv4Addresses(interfaces);
    const targets = new Set(own.map(({ broadcast }) => broadcast));
    // An agent on this very computer is found even where broadcasts do not come back.
    if (own.some(({ address }) => address === '127.0.0.1')) targets.add('127.0.0.1');
    if (interfaces === null) targets.add(LIMITED_BROADCAST);
    for (const address of targets) this.send({ address, port }, bytes);
    return own.some(({ address }) => !address.startsWith('127.'));
  }

  #multicast(bytes: Uint8Array): void {
    const { port, interfaces } = this.#options;
    for (const { zone } of listLinks(interfaces)) {
      if (zone !== undefined) this.send({ address: `${ALL_NODES}%${zone}`, port }, bytes);
    }
  }

  #hearOf(endpoints: readonly Endpoint[], by: 'mdns' | 'srv'): void {
    const fresh: Endpoint[] = [];
    for (const endpoint of endpoints) {
      const text = endpointToText(endpoint);
      if (this.#rumoured.has(text)) continue;
      const [oldest] = this.#rumoured.keys();
      if (this.#rumoured.size >= RUMOURED_MAX && oldest !== undefined) {
        this.#rumoured.delete(oldest);
      }
      this.#rumoured.set(text, { endpoint, by });
      fresh.push(endpoint);
    }
    this.#askToo(fresh);
  }

  #askToo(endpoints: readonly Endpoint[]): void {
    if (endpoints.length === 0) return;
    for (const bytes of this.#searches.current()) {
      for (const endpoint of endpoints) this.send(endpoint, bytes);
    }
  }
}
