/** The client's socket: sends to agents it knows, and asks around where agents may be. */

import { type Endpoint, endpointToText, isV6 } from '../endpoint.ts';
import { listIpv4Addresses } from './interfaces.ts';
import { type DatagramListener, UdpSocket } from './udp-socket.ts';

export interface SeekerOptions {
  /** The port on which agents listen. */
  readonly port: number;
  /** Broadcast on these interfaces only; `null` for all, none when empty. */
  readonly interfaces: readonly string[] | null;
  /** Agents' endpoints that are known from elsewhere. */
  readonly endpoints: readonly Endpoint[];
  readonly onDatagram: DatagramListener;
}

/** Where routers and directed broadcasts do not help: everybody on the link (RFC 919). */
const LIMITED_BROADCAST = '255.255.255.255';

export class SeekerSocket implements AsyncDisposable {
  readonly #options: SeekerOptions;
  readonly #endpoints: Endpoint[] = [];
  readonly #v4: UdpSocket;
  #v6: UdpSocket | undefined;
  #holds = true;

  private constructor(options: SeekerOptions, v4: UdpSocket) {
    this.#options = options;
    this.#v4 = v4;
  }

  static async open(options: SeekerOptions): Promise<SeekerSocket> {
    const { onDatagram } = options;
    const v4 = await UdpSocket.open({ address: '0.0.0.0', port: 0, onDatagram });
    const seeker = new SeekerSocket(options, v4);
    await seeker.learn(options.endpoints);
    return seeker;
  }

  /** Takes in agents' endpoints that became known since. */
  async learn(endpoints: readonly Endpoint[]): Promise<void> {
    const known = new Set(this.#endpoints.map(endpointToText));
    this.#endpoints.push(...endpoints.filter((one) => !known.has(endpointToText(one))));
    if (this.#v6 !== undefined || !endpoints.some(({ address }) => isV6(address))) return;
    const { onDatagram } = this.#options;
    this.#v6 = await UdpSocket.open({ address: '::', port: 0, onDatagram }).catch(() => undefined);
    this.#v6?.hold(this.#holds);
  }

  send(to: Endpoint, bytes: Uint8Array): void {
    (isV6(to.address) ? this.#v6 : this.#v4)?.send(to, bytes);
  }

  /**
   * Sends to every place where an agent may be. Interfaces are looked up each time: cables and
   * networks come and go. The limited broadcast leaves by one interface only, hence the directed.
   */
  askAround(bytes: Uint8Array): void {
    const { port, interfaces } = this.#options;
    for (const endpoint of this.#endpoints) this.send(endpoint, bytes);
    const own = listIpv4Addresses(interfaces);
    const targets = new Set(own.map(({ broadcast }) => broadcast));
    // An agent on this very computer is found even where broadcasts do not come back.
    if (own.some(({ address }) => address === '127.0.0.1')) targets.add('127.0.0.1');
    if (interfaces === null) targets.add(LIMITED_BROADCAST);
    for (const address of targets) this.send({ address, port }, bytes);
  }

  /** Whether the open socket keeps the process from ending. */
  hold(on: boolean): void {
    this.#holds = on;
    for (const socket of [this.#v4, this.#v6]) socket?.hold(on);
  }

  async close(): Promise<void> {
    await Promise.all([this.#v4.close(), this.#v6?.close()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
